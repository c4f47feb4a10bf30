package twemlab.event.uring;

import static twemlab.event.kernel.Platform.POLLERR;
import static twemlab.event.kernel.Platform.POLLHUP;
import static twemlab.event.kernel.Platform.POLLOUT;
import static twemlab.event.kernel.UringCalls.CQE_MORE;

import java.lang.foreign.MemorySegment;
import twemlab.event.Transport;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.Platform;
import twemlab.event.kernel.SocketCalls;
import twemlab.event.mbuf.Mbuf;
import twemlab.event.stream.ConnectSocket;
import twemlab.event.stream.SendQueue;
import twemlab.event.stream.StreamChannel;

/// A connection under io_uring: one multishot receive that brings bytes in buffers of the kernel's
/// choice, the sends of a [UringSender], and a poll for the hang-up that nothing else would report.
///
/// Closed, it keeps its slot, and what the kernel may still read, until the last completion.
final class UringChannel extends StreamChannel implements UringEntry {
  /// Ranges held back before the receive is cancelled.
  private static final int HELD_LIMIT = 4;

  private final UringTransport transport;
  private final SocketCalls sockets;
  private final UringRequest receive;

  /// The poll that reports a hang-up while nothing is received.
  private final UringRequest hangUp;

  private final UringRequest connect;
  private final UringSender sender;
  private int fd = -1;
  private long handle;
  private boolean listed;

  /// The receive ended because the buffers ran out, and begins again with the next turn.
  private boolean starved;

  /// Bytes that came during a pause, beyond a budget, or that the handler did not take.
  private SendQueue held;

  private int budget;
  private long budgetTurn = -1;

  /// The end was reported to the handler.
  private boolean endTold;

  /// The end was a reset; the send that is under way will fail, and then the connection does.
  private boolean resetSeen;

  /// @param handler of a connecting channel; an accepted one gets it from the acceptor
  UringChannel(UringTransport transport, Handler handler) {
    super(transport.context(), handler);
    this.transport = transport;
    this.sockets = transport.sockets();
    UringSubmissions submissions = transport.submissions();
    this.receive = new UringRequest(submissions, UringSubmissions.RECEIVE);
    this.hangUp = new UringRequest(submissions, UringSubmissions.HANG_UP);
    this.connect = new UringRequest(submissions, UringSubmissions.CONNECT);
    this.sender = new UringSender(submissions, this);
  }

  /// Begins life as an accepted connection.
  void accepted(int descriptor, Transport.Acceptor acceptor) {
    list(descriptor);
    state = State.OPEN;
    offer(acceptor);
    receive();
  }

  private void list(int descriptor) {
    fd = descriptor;
    handle = transport.add(this);
    listed = true;
  }

  long handle() {
    return handle;
  }

  /// Begins life as a connecting one.
  void connect(Address address) {
    var begun =
        ConnectSocket.open(context.kernel(), transport.addressPlace(), address, Integer.MAX_VALUE);
    if (begun.failure() != null) {
      if (begun.descriptor() >= 0) {
        sockets.close(begun.descriptor());
      }
      decided(begun.failure());
      return;
    }
    list(begun.descriptor());
    if (begun.connected()) {
      decided(null);
    } else {
      connect.arm();
      transport.submissions().poll(fd, POLLOUT, handle, UringSubmissions.CONNECT);
    }
  }

  @Override
  public void opened() {
    receive();
  }

  @Override
  public void deliverOwed() {
    if (failure != null && (paused || !receive.armed())) {
      fail(failure);
    }
  }

  @Override
  public void complete(int operation, int result, int flags) {
    boolean more = (flags & CQE_MORE) != 0;
    switch (operation) {
      case UringSubmissions.RECEIVE -> received(result, UringSubmissions.bufferId(flags), more);
      case UringSubmissions.TRY_SEND -> sender.tried(result);
      case UringSubmissions.SEND -> sender.sent(result);
      case UringSubmissions.CONNECT -> connectCompleted(result);
      case UringSubmissions.HANG_UP -> hungUp(result);
      default -> throw new IllegalStateException("operation " + operation);
    }
    if (state == State.CLOSED) {
      freeWhenDone();
    }
  }

  private void connectCompleted(int result) {
    connect.completed(false);
    if (state != State.CONNECTING) {
      return;
    }
    Errno errno = result < 0 ? Errno.of(result) : socketError();
    if (errno != null) {
      fail(errno);
    } else {
      connected();
    }
  }

  private Errno socketError() {
    Platform platform = context.kernel().platform();
    int error = sockets.getsockopt(fd, platform.solSocket(), platform.soError());
    return error == 0 ? null : Errno.of(error);
  }

  // Receiving.

  private void receive() {
    if (state == State.OPEN && rest != Rest.NOT_ASKED) {
      if (mayReadRest()) {
        rearm();
      }
      return;
    }
    boolean wanted = state == State.DRAINING || (state == State.OPEN && !paused && !isHolding());
    if (wanted && !receive.armed() && !starved && !endSeen && failure == null) {
      receive.arm();
      transport.receive(fd, handle, server);
    }
  }

  /// The request that is armed is taken back, because it says nothing when there is nothing: the
  /// rest is read by calls.
  @Override
  public void startReadingRest() {
    receive.cancel(handle);
    receive();
  }

  private boolean mayReadRest() {
    return rest == Rest.READING
        && state == State.OPEN
        && !receive.armed()
        && !starved
        && !paused
        && !isHolding()
        && !endSeen
        && failure == null;
  }

  private void readRestNow() {
    while (mayReadRest() && withinBudget()) {
      Mbuf mbuf = transport.reads().get();
      int from = mbuf.last();
      int result = sockets.read(fd, mbuf.segment(), mbuf.base() + from, mbuf.room());
      if (result > 0) {
        mbuf.advance(result);
        restReceived(mbuf, from, from + result);
      } else if (result == 0) {
        endSeen = true;
      } else if (result == Errno.EAGAIN.result()) {
        tellRestRead();
      } else if (result != Errno.EINTR.result()) {
        fail(Errno.of(result));
      }
    }
  }

  private void restReceived(Mbuf mbuf, int from, int to) {
    counts.bytesRead += to - from;
    budget -= to - from;
    boolean more = readOfRest(to - from);
    int taken = lend(mbuf, from, to);
    if (taken < to && state == State.OPEN) {
      mbuf.retain();
      hold(mbuf, taken, to);
    } else if (!more && state == State.OPEN) {
      tellRestRead();
    }
  }

  /// There are buffers again.
  void receiveAgain() {
    starved = false;
    if (state == State.CLOSED) {
      freeWhenDone();
    } else if (failure != null && state == State.OPEN && !isHolding()) {
      fail(failure);
    } else {
      receive();
    }
  }

  private void received(int result, int buffer, boolean more) {
    receive.completed(more);
    if (buffer >= 0) {
      UringBuffers buffers = transport.buffers(server);
      Mbuf mbuf = buffers.filled(buffer, Math.max(result, 0));
      if (result > 0) {
        counts.bytesRead += result;
        take(mbuf, result);
      }
      buffers.giveBack(buffer);
    }
    if (state == State.CLOSED) {
      return;
    }
    if (result == 0) {
      endSeen = true;
      resetSeen = failure == null && sender.isSending() && isReset();
    } else if (result < 0) {
      receiveFailed(Errno.of(result));
    }
    afterReceiving();
  }

  /// Whether what looks like an end is a reset: a send that has sent a part of its bytes takes the
  /// socket's error and returns its short count instead. Such a socket has no peer (TCP_CLOSE).
  private boolean isReset() {
    return sockets.getpeername(fd, transport.addressPlace(), 0) == Errno.ENOTCONN.result();
  }

  private void receiveFailed(Errno errno) {
    switch (errno) {
      case EINTR, EAGAIN, ECANCELED -> {}
      case ENOBUFS -> {
        if (!starved) {
          starved = true;
          transport.starved(this, server);
        }
      }
      default -> {
        if (failure == null) {
          failure = errno;
        }
        // After a reset nothing that came before is of use.
        fail(failure);
      }
    }
  }

  private void take(Mbuf mbuf, int bytes) {
    if (state == State.DRAINING) {
      drain.discarded(bytes);
    } else if (state == State.OPEN) {
      if (paused || isHolding() || !withinBudget()) {
        mbuf.retain();
        hold(mbuf, 0, bytes);
      } else {
        budget -= bytes;
        int taken = lend(mbuf, 0, bytes);
        if (taken < bytes && state == State.OPEN) {
          mbuf.retain();
          hold(mbuf, taken, bytes);
        }
      }
    }
  }

  private boolean withinBudget() {
    if (budgetTurn != transport.turn()) {
      budgetTurn = transport.turn();
      budget = budget();
    }
    return budget > 0;
  }

  private boolean isHolding() {
    return held != null && held.count() > 0;
  }

  private void hold(Mbuf mbuf, int from, int to) {
    if (held == null) {
      held = new SendQueue();
    }
    keep(mbuf, from, to);
    if (!paused && !withinBudget()) {
      counts.budgetStops++;
    }
    if (held.count() >= HELD_LIMIT) {
      receive.cancel(handle);
    }
    if (!paused) {
      rearm();
    }
  }

  /// Keeps the bytes where they are, or a copy if that is less.
  private void keep(Mbuf mbuf, int from, int to) {
    Mbuf target = transport.leftovers(to - from);
    if (target == null) {
      held.add(mbuf, from, to);
      return;
    }
    int start = target.last();
    MemorySegment.copy(
        mbuf.segment(), mbuf.base() + from, target.segment(), target.base() + start, to - from);
    target.advance(to - from);
    target.retain();
    held.add(target, start, start + to - from);
    mbuf.release();
  }

  @Override
  public void releaseHeld() {
    if (held != null) {
      held.clear();
    }
  }

  @Override
  public void resume() {
    while (state == State.OPEN && !paused && isHolding() && withinBudget()) {
      Mbuf mbuf = held.firstMbuf();
      int from = held.firstFrom();
      int to = held.firstTo();
      // The handler may close, and that empties the queue.
      mbuf.retain();
      budget -= to - from;
      int taken = lend(mbuf, from, to);
      if (isHolding()) {
        held.accepted(taken - from);
      }
      mbuf.release();
      if (taken < to) {
        break;
      }
    }
    if (state == State.OPEN && !paused && isHolding()) {
      rearm();
    }
    readRestNow();
    afterReceiving();
  }

  /// Does what had to wait for the last byte, or has more brought.
  private void afterReceiving() {
    if (state == State.DRAINING) {
      if (shutdownDone && (endSeen || drain.exceeded())) {
        closeNow();
      } else {
        receive();
      }
      return;
    }
    if (state != State.OPEN || paused || isHolding()) {
      return;
    }
    if (endSeen && !endTold && !resetSeen && failure == null) {
      endTold = true;
      tellEnd();
      watchForHangUp();
    }
    if (state == State.OPEN && failure != null && !receive.armed()) {
      fail(failure);
    }
    receive();
  }

  // Pausing.

  @Override
  public void pauseReading() {
    if (!paused && open()) {
      paused = true;
      if (state == State.OPEN) {
        receive.cancel(handle);
        watchForHangUp();
      }
      if (failure != null) {
        context.work().later(this);
      }
    }
  }

  @Override
  public void resumeReading() {
    if (paused && open()) {
      paused = false;
      if (!endTold) {
        hangUp.cancel(handle);
      }
      rearm();
    }
  }

  /// Under a pause or after the end of the stream nothing else would report that the peer is gone.
  private void watchForHangUp() {
    if (state == State.OPEN && (paused || endTold) && !shutdownDone && !hangUp.armed()) {
      hangUp.arm();
      transport.submissions().poll(fd, 0, handle, UringSubmissions.HANG_UP);
    }
  }

  private void hungUp(int result) {
    hangUp.completed(false);
    if (state != State.OPEN || shutdownDone || (!paused && !endTold)) {
      return;
    }
    if (result < 0) {
      // Ended by a resume that another pause has followed.
      watchForHangUp();
      return;
    }
    Errno errno = (result & POLLERR) != 0 ? socketError() : null;
    if (errno != null) {
      fail(errno);
    } else if ((result & POLLHUP) != 0) {
      fail(Errno.ECONNRESET);
    }
  }

  // Sending.

  @Override
  public void queued() {
    if (sender.isIdle()) {
      markDirty();
    }
  }

  @Override
  public boolean isBlocked() {
    return sender.isSending();
  }

  @Override
  public int fixedRanges() {
    return sender.rangesInFlight();
  }

  @Override
  public void write() {
    if (!isLive() || failure != null || !sender.isIdle()) {
      return;
    }
    if (queue.bytes() > 0 && sendBudget() <= 0) {
      sendLater();
    } else if (queue.bytes() > 0) {
      sender.start(sendBudget());
    } else if (isFinishing()) {
      finishSending();
    }
  }

  /// The sender is idle again.
  void afterSending() {
    if (state == State.CLOSED) {
      freeWhenDone();
      return;
    }
    if (failure != null) {
      return;
    }
    if (resetSeen) {
      sendFailed(Errno.ECONNRESET);
      return;
    }
    tellWritable();
    if (isLive() && (queue.bytes() > 0 || isFinishing())) {
      markDirty();
    }
  }

  /// The peer takes nothing more; what it said before comes with the receive that is under way.
  void sendFailed(Errno errno) {
    if (!isLive()) {
      return;
    }
    if (failure == null) {
      failure = resetSeen ? Errno.ECONNRESET : errno;
    }
    queue.clear();
    if (state == State.DRAINING || paused || (!receive.armed() && !isHolding())) {
      fail(failure);
    }
  }

  // Ending.

  private void finishSending() {
    if (!shutdownDone) {
      shutdownDone = true;
      // It fails only on a connection that is reset, which the receive reports.
      sockets.shutdown(fd, Platform.SHUT_WR);
      if (state == State.DRAINING) {
        drain.sent();
      }
    }
    if (state == State.DRAINING) {
      afterReceiving();
    }
  }

  @Override
  public void startDraining() {
    draining();
    markDirty();
    receive();
  }

  @Override
  public void letGo() {
    if (sender.isIdle()) {
      queue.clear();
    }
    if (!listed) {
      return;
    }
    receive.cancel(handle);
    hangUp.cancel(handle);
    connect.cancel(handle);
    sender.cancel();
    transport.submissions().closeDescriptor(fd);
    transport.closedOne();
    fd = -1;
    freeWhenDone();
  }

  /// Frees the slot when the kernel holds nothing of this channel any more.
  private void freeWhenDone() {
    boolean waiting = receive.armed() || hangUp.armed() || connect.armed() || starved;
    if (!waiting && sender.isIdle() && listed) {
      listed = false;
      queue.clear();
      transport.free(handle);
    }
  }

  /// The ring is gone, and with it every request.
  void abandon() {
    receive.completed(false);
    hangUp.completed(false);
    connect.completed(false);
    sender.abandon();
    starved = false;
    freeWhenDone();
  }

  @Override
  public int descriptor() {
    return fd;
  }
}
