package twemlab.event.readiness;

import twemlab.event.Transport;
import twemlab.event.base.EventBase;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Errno;
import twemlab.event.mbuf.Mbuf;
import twemlab.event.stream.ReadBuffer;
import twemlab.event.stream.ReadinessEntry;
import twemlab.event.stream.StreamChannel;
import twemlab.event.stream.TransportContext;

/// A connection under readiness; C counterpart `conn_recv` and `conn_sendv` (nc_connection.c). It
/// reads or writes when its [ReadySocket] was reported ready, until the socket has no more, the
/// budget of the turn is used up, or the handler has enough.
public final class ReadinessChannel extends StreamChannel implements ReadinessEntry {
  /// A queue this long is written before the batch ends.
  private static final int FLUSH_BYTES = 64 << 10;

  private static final int FLUSH_RANGES = 128;

  private final ReadySocket socket;
  private final ReadBuffer reads;

  /// Bytes may be waiting in the kernel: set by an event, cleared by a read that drained.
  private boolean readable;

  /// The end of the stream is behind the bytes, so that a short read does not mean drained.
  private boolean endAhead;

  /// Both directions were reported gone.
  private boolean hungUp;

  /// The kernel takes no more; an event will say when it does.
  private boolean blocked;

  /// Bytes that the handler did not take: a range with a reference.
  private Mbuf held;

  private int heldFrom;
  private int heldTo;

  /// @param handler of a connecting channel; an accepted one gets it from the acceptor
  public ReadinessChannel(
      TransportContext context, ReadBuffer reads, ReadySocket socket, Handler handler) {
    super(context, handler);
    this.socket = socket;
    this.reads = reads;
  }

  /// Begins life as an accepted connection.
  public void accepted(Transport.Acceptor acceptor) {
    state = State.OPEN;
    if (socket.watch(this) < 0) {
      counts.acceptsSkipped++;
    } else {
      offer(acceptor);
    }
  }

  /// Begins life as a connecting one.
  public void connect(Address address) {
    int result = socket.connect(address, this);
    if (result != Errno.EINPROGRESS.result()) {
      decided(result < 0 ? Errno.of(result) : null);
    }
  }

  public ReadySocket socket() {
    return socket;
  }

  /// Nothing to do: it has been watched since it began to connect.
  @Override
  public void opened() {}

  @Override
  public void deliverOwed() {
    if (paused && failure != null) {
      fail(failure);
    } else if (paused && hungUp) {
      hangUp();
    }
  }

  @Override
  public void onReady(int events) {
    if ((events & EventBase.ERROR) != 0 && failure == null && failed(socket.error())) {
      return;
    }
    if ((events & EventBase.READ) != 0) {
      // Noted even while connecting: kqueue reports the two directions apart, and each edge once.
      readable = true;
      endAhead |= (events & EventBase.END) != 0;
    }
    if (state == State.CONNECTING && !finishConnect(events)) {
      return;
    }
    if ((events & EventBase.HANGUP) != 0) {
      hungUp = true;
      if (hangUp()) {
        return;
      }
    }
    if (readable) {
      receive();
    }
    if ((events & EventBase.WRITE) != 0 && blocked && isLive()) {
      blocked = false;
      socket.askWrite(false);
      markDirty();
    }
  }

  /// Handles a hang-up that no read will reach: a level-triggered base would repeat it for ever.
  ///
  /// @return whether the connection is over
  private boolean hangUp() {
    if (!paused && !endSeen && state != State.DRAINING) {
      // What came before it is read first.
      return false;
    }
    if (shutdownDone) {
      // No failure: both sides have finished, and what the peer sent can still be read.
      if (paused) {
        socket.unwatch();
      }
      return false;
    }
    fail(Errno.ECONNRESET);
    return true;
  }

  /// Whether an error of the socket ended the connection.
  private boolean failed(int error) {
    if (error == 0) {
      return false;
    }
    fail(Errno.of(error));
    return true;
  }

  /// Whether the connection is made.
  private boolean finishConnect(int events) {
    if (!isConnectedAtOnce()) {
      if ((events & (EventBase.WRITE | EventBase.HANGUP)) == 0) {
        return false;
      }
      int result = socket.finishConnect();
      if (result == Errno.EINPROGRESS.result() || failed(result)) {
        return false;
      }
      socket.askWrite(false);
    }
    connected();
    return state == State.OPEN;
  }

  // Receiving.

  @Override
  public void resume() {
    if (state == State.OPEN && held != null && !paused) {
      Mbuf mbuf = held;
      held = null;
      deliver(mbuf, heldFrom, heldTo);
      mbuf.release();
    }
    receive();
  }

  private void receive() {
    if (state == State.DRAINING) {
      discard();
      return;
    }
    if (onRearmList) {
      // Its turn is still to come: no channel is served twice in one.
      return;
    }
    int budget = budget();
    while (readable && isReceiving() && !endSeen) {
      if (budget <= 0) {
        counts.budgetStops++;
        rearm();
        return;
      }
      budget -= readOnce();
    }
    if (isReceiving()) {
      finishReceiving();
    }
  }

  private boolean isReceiving() {
    return state == State.OPEN && !paused && held == null && rest != Rest.READ;
  }

  /// Does what had to wait for the last byte.
  private void finishReceiving() {
    if (failure != null) {
      fail(failure);
    } else if (endSeen && shutdownDone) {
      // Both sides have finished: nothing can happen any more until the handler closes.
      socket.unwatch();
    } else if (endSeen && hungUp) {
      fail(Errno.ECONNRESET);
    } else if (rest == Rest.READING && !endSeen) {
      tellRestRead();
    }
  }

  /// One read and what follows from it.
  ///
  /// @return the bytes read
  // tag::read-once[]
  private int readOnce() {
    Mbuf mbuf = server ? reads.get() : reads.getFair();
    int from = mbuf.last();
    int room = server ? mbuf.room() : Math.min(mbuf.room(), reads.fairRead());
    int result = socket.read(mbuf, room);
    if (result > 0) {
      mbuf.advance(result);
      counts.bytesRead += result;
      // Rule E17: a short read means that the socket is empty, unless the end is behind it.
      readable = result == room || endAhead;
      if (rest == Rest.READING) {
        // The last reading goes on until nothing is there, or the end.
        readable = readOfRest(result);
      }
      deliver(mbuf, from, from + result);
      return result;
    }
    if (result == Errno.EINTR.result()) {
      return 0;
    }
    readable = false;
    if (result == 0) {
      endSeen = true;
      socket.askRead(false);
      if (failure == null) {
        tellEnd();
      }
    } else if (result != Errno.EAGAIN.result() && failure == null) {
      fail(Errno.of(result));
    }
    return 0;
  }

  // end::read-once[]

  private void deliver(Mbuf mbuf, int from, int to) {
    int taken = lend(mbuf, from, to);
    if (taken < to && state == State.OPEN) {
      mbuf.retain();
      held = mbuf;
      heldFrom = taken;
      heldTo = to;
      if (!paused) {
        rearm();
      }
    }
  }

  @Override
  public void releaseHeld() {
    if (held != null) {
      held.release();
      held = null;
    }
  }

  @Override
  public void pauseReading() {
    if (!paused && open()) {
      paused = true;
      socket.askRead(false);
      if (hungUp || failure != null) {
        context.work().later(this);
      }
    }
  }

  @Override
  public void resumeReading() {
    if (paused && open()) {
      paused = false;
      if (descriptor() >= 0 && !endSeen) {
        hear();
      }
      boolean restOwed = rest == Rest.READING;
      if (held != null || readable || hungUp || failure != null || restOwed) {
        rearm();
      }
    }
  }

  @Override
  public void startReadingRest() {
    readable = true;
    rearm();
  }

  private void hear() {
    if (socket.watched()) {
      socket.askRead(true);
      return;
    }
    // A hang-up during the pause had ended the reports.
    int result = socket.watchAgain();
    if (result < 0) {
      failure = Errno.of(result);
    }
    readable = true;
  }

  // Sending.

  @Override
  public void queued() {
    if (!blocked) {
      markDirty();
      if (queue.bytes() >= FLUSH_BYTES || queue.count() >= FLUSH_RANGES) {
        context.work().flushSoon();
      }
    }
  }

  @Override
  public void write() {
    while (queue.bytes() > 0 && !blocked && isLive()) {
      if (sendBudget() <= 0) {
        sendLater();
        break;
      }
      writeOnce();
    }
    if (failure != null) {
      return;
    }
    tellWritable();
    if (isLive() && queue.bytes() == 0 && isFinishing()) {
      finishSending();
    }
  }

  // tag::write-once[]
  private void writeOnce() {
    int offered = socket.offered(queue, sendBudget());
    int result = socket.write(queue, offered);
    if (result >= 0) {
      spend(result);
      queue.accepted(result);
      acceptedBytes += result;
      counts.bytesWritten += result;
      if (result < offered) {
        block();
      }
    } else if (result == Errno.EAGAIN.result()) {
      block();
    } else if (result != Errno.EINTR.result()) {
      failSending(Errno.of(result));
    }
  }

  // end::write-once[]

  private void block() {
    counts.shortSends++;
    blocked = true;
    socket.askWrite(true);
    queue.compact(0);
  }

  @Override
  public boolean isBlocked() {
    return blocked;
  }

  @Override
  public int fixedRanges() {
    return 0;
  }

  /// The peer takes nothing more, but what it said before may still be there: it is delivered
  /// first.
  private void failSending(Errno errno) {
    failure = errno;
    queue.clear();
    if (state == State.DRAINING || paused) {
      fail(errno);
    } else {
      readable = true;
      receive();
    }
  }

  // Ending.

  private void finishSending() {
    if (!shutdownDone) {
      shutdownDone = true;
      socket.shutdownWrite();
    }
    if (state == State.OPEN) {
      if (endSeen) {
        socket.unwatch();
      }
      return;
    }
    if (endSeen) {
      closeNow();
      return;
    }
    drain.sent();
    socket.askRead(true);
    discard();
  }

  @Override
  public void startDraining() {
    pauseReading();
    draining();
    if (!blocked) {
      markDirty();
    }
  }

  private void discard() {
    while (state == State.DRAINING && shutdownDone) {
      Mbuf mbuf = reads.get();
      int result = socket.read(mbuf, mbuf.room());
      if (result == Errno.EAGAIN.result()) {
        return;
      }
      drain.discarded(Math.max(result, 0));
      if (result != Errno.EINTR.result() && (result <= 0 || drain.exceeded())) {
        closeNow();
      }
    }
  }

  @Override
  public void letGo() {
    queue.clear();
    socket.close();
  }

  @Override
  public int descriptor() {
    return socket.descriptor();
  }
}
