package twemlab.event.uring;

import static twemlab.event.kernel.Platform.POLLERR;
import static twemlab.event.kernel.Platform.POLLHUP;
import static twemlab.event.kernel.Platform.POLLOUT;
import static twemlab.event.kernel.UringCalls.CQE_MORE;

import twemlab.event.Transport;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.Platform;
import twemlab.event.kernel.SocketCalls;
import twemlab.event.stream.ConnectSocket;
import twemlab.event.stream.StreamChannel;

/// A connection under io_uring: one multishot receive that brings bytes in buffers of the kernel's
/// choice, the sends of a [UringSender], and a poll for the hang-up that nothing else would report.
///
/// Closed, it keeps its slot, and what the kernel may still read, until the last completion.
final class UringChannel extends StreamChannel implements UringEntry {
  private final UringTransport transport;
  private final SocketCalls sockets;
  private final UringReceiver receiver;

  /// The poll that reports a hang-up while nothing is received.
  private final UringRequest hangUp;

  private final UringRequest connect;
  private final UringSender sender;
  private int fd = -1;
  private long handle;
  private boolean listed;

  /// The end was reported to the handler.
  private boolean endTold;

  /// @param handler of a connecting channel; an accepted one gets it from the acceptor
  UringChannel(UringTransport transport, Handler handler) {
    super(transport.context(), handler);
    this.transport = transport;
    this.sockets = transport.sockets();
    UringSubmissions submissions = transport.submissions();
    this.receiver = new UringReceiver(transport, this);
    this.hangUp = new UringRequest(submissions, UringSubmissions.HANG_UP);
    this.connect = new UringRequest(submissions, UringSubmissions.CONNECT);
    this.sender = new UringSender(submissions, this);
  }

  /// Begins life as an accepted connection.
  void accepted(int descriptor, Transport.Acceptor acceptor) {
    list(descriptor);
    state = State.OPEN;
    offer(acceptor);
    receiver.receive();
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
    receiver.receive();
  }

  @Override
  public void deliverOwed() {
    if (failure != null && (paused || !receiver.armed())) {
      fail(failure);
    }
  }

  @Override
  public void complete(int operation, int result, int flags) {
    boolean more = (flags & CQE_MORE) != 0;
    switch (operation) {
      case UringSubmissions.RECEIVE ->
          receiver.received(result, UringSubmissions.bufferId(flags), more);
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

  // Receiving.

  @Override
  public void startReadingRest() {
    receiver.startReadingRest();
  }

  /// There are buffers again.
  void receiveAgain() {
    receiver.receiveAgain();
  }

  @Override
  public void releaseHeld() {
    receiver.releaseHeld();
  }

  @Override
  public void resume() {
    receiver.resume();
    afterReceiving();
  }

  /// Does what had to wait for the last byte, or has more brought.
  void afterReceiving() {
    if (state == State.DRAINING) {
      if (shutdownDone && (endSeen || drain.exceeded())) {
        closeNow();
      } else {
        receiver.receive();
      }
      return;
    }
    if (state != State.OPEN || paused || receiver.isHolding()) {
      return;
    }
    if (endSeen && !endTold && !receiver.resetSeen() && failure == null) {
      endTold = true;
      tellEnd();
      watchForHangUp();
    }
    if (state == State.OPEN && failure != null && !receiver.armed()) {
      fail(failure);
    }
    receiver.receive();
  }

  // Pausing.

  @Override
  public void pauseReading() {
    if (!paused && open()) {
      paused = true;
      if (state == State.OPEN) {
        receiver.cancel();
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
    if (receiver.resetSeen()) {
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
      failure = receiver.resetSeen() ? Errno.ECONNRESET : errno;
    }
    queue.clear();
    if (state == State.DRAINING || paused || (!receiver.armed() && !receiver.isHolding())) {
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
    receiver.receive();
  }

  @Override
  public void letGo() {
    if (sender.isIdle()) {
      queue.clear();
    }
    if (!listed) {
      return;
    }
    receiver.cancel();
    hangUp.cancel(handle);
    connect.cancel(handle);
    sender.cancel();
    transport.submissions().closeDescriptor(fd);
    transport.closedOne();
    fd = -1;
    freeWhenDone();
  }

  /// Frees the slot when the kernel holds nothing of this channel any more.
  void freeWhenDone() {
    boolean waiting = receiver.armed() || hangUp.armed() || connect.armed() || receiver.starved();
    if (!waiting && sender.isIdle() && listed) {
      listed = false;
      queue.clear();
      transport.free(handle);
    }
  }

  /// The ring is gone, and with it every request.
  void abandon() {
    receiver.abandon();
    hangUp.completed(false);
    connect.completed(false);
    sender.abandon();
    freeWhenDone();
  }

  @Override
  public int descriptor() {
    return fd;
  }
}
