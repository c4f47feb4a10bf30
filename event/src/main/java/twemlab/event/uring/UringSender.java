package twemlab.event.uring;

import twemlab.event.TransportCounts;
import twemlab.event.kernel.Errno;
import twemlab.event.stream.SendQueue;

/// The sends of one connection under io_uring: one at a time.
///
/// A send is first *tried*: it must end within the call that submits it (MSG_DONTWAIT), and is told
/// only if it fails or falls short (CQE_SKIP_SUCCESS), or if something is to follow it: that call
/// also waits, and nobody else might end the wait. When all completions of that call were looked
/// at, silence means that all was sent. What did not fit goes again without these flags; until that
/// completes, its mbufs stay held and the socket gets no other send.
///
/// ```text
///          ┌──────────── silence ───────────┐
/// IDLE ─► TRYING ── short, or EAGAIN ─► SENDING ── completed ─► IDLE
/// ```
final class UringSender {
  private enum State {
    IDLE,
    TRYING,
    SENDING
  }

  private final UringSubmissions submissions;
  private final UringChannel channel;
  private final SendQueue queue;
  private final TransportCounts counts;
  private State state = State.IDLE;

  /// Bytes of the send that is tried or under way.
  private long inFlight;

  /// The ranges that they lie in.
  private int rangesInFlight;

  /// Whether the try says nothing if all was sent.
  private boolean silent;

  /// Silent tries that spoke, and of which [UringSubmissions] does not know that yet.
  private int toldTries;

  UringSender(UringSubmissions submissions, UringChannel channel) {
    this.submissions = submissions;
    this.channel = channel;
    this.queue = channel.queue;
    this.counts = channel.counts;
  }

  /// Whether the kernel has nothing to send.
  boolean isIdle() {
    return state == State.IDLE;
  }

  /// Whether the kernel waits for room.
  boolean isSending() {
    return state == State.SENDING;
  }

  /// The ranges at the queue's head that the kernel may be reading.
  int rangesInFlight() {
    return isIdle() ? 0 : rangesInFlight;
  }

  /// Tries to send what is queued.
  ///
  /// @param most bytes, at least 1
  void start(int most) {
    state = State.TRYING;
    submit(true, most);
  }

  private void submit(boolean tried, int most) {
    inFlight = submissions.sendable(queue, most);
    channel.spend((int) inFlight);
    rangesInFlight = Math.min(queue.count(), UringSubmissions.IOVEC_LIMIT);
    channel.acceptedBytes += inFlight;
    counts.bytesWritten += inFlight;
    silent = tried && !channel.somethingFollows(inFlight);
    // A draining close wants to know whether the peer takes anything at all.
    boolean whole = tried || channel.open();
    submissions.send(
        this, channel.descriptor(), channel.handle(), queue, (int) inFlight, tried, silent, whole);
  }

  /// A silent try said nothing, or was heard already.
  void settle() {
    if (toldTries > 0) {
      toldTries--;
    } else if (state == State.TRYING) {
      state = State.IDLE;
      queue.accepted(inFlight);
      inFlight = 0;
      channel.afterSending();
    }
  }

  /// A tried send has completed, short or refused.
  void tried(int result) {
    if (state != State.TRYING) {
      throw new IllegalStateException("a try that nobody made");
    }
    if (silent) {
      toldTries++;
    }
    int done = result == Errno.EAGAIN.result() ? 0 : result;
    if (done < inFlight) {
      counts.shortSends++;
    }
    sent(done);
  }

  /// A send has completed: the rest of it is submitted again, and waits this time.
  void sent(int result) {
    state = State.IDLE;
    int done = Math.max(result, 0);
    long unsent = inFlight - done;
    inFlight = 0;
    channel.acceptedBytes -= unsent;
    counts.bytesWritten -= unsent;
    if (result < 0 && Errno.of(result) != Errno.EINTR) {
      channel.sendFailed(Errno.of(result));
      return;
    }
    queue.accepted(done);
    if (unsent > 0 && channel.isLive() && channel.failure == null) {
      state = State.SENDING;
      submit(false, (int) unsent);
    } else {
      channel.afterSending();
    }
  }

  /// Takes a send back that waits for room.
  void cancel() {
    if (state == State.SENDING) {
      submissions.cancel(channel.handle(), UringSubmissions.SEND);
    }
  }

  /// The ring is gone, and with it the send.
  void abandon() {
    state = State.IDLE;
  }
}
