package twemlab.event;

import static twemlab.event.kernel.Platform.POLLERR;
import static twemlab.event.kernel.Platform.POLLHUP;
import static twemlab.event.kernel.Platform.POLLOUT;
import static twemlab.event.kernel.UringCalls.CQE_MORE;

import twemlab.event.kernel.Address;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.Platform;
import twemlab.event.kernel.SocketCalls;

/// A connection under io_uring.
///
/// A send is first *tried*: it must end within the call that submits it (MSG_DONTWAIT), and is told
/// only if it fails or falls short (CQE_SKIP_SUCCESS). When all completions of that call were
/// looked at, silence means that all was sent. What did not fit goes again without these flags;
/// until that completes, its mbufs stay held and the socket gets no other send.
///
/// ```text
///          ┌──────────── silence ───────────┐
/// IDLE ─► TRYING ── short, or EAGAIN ─► SENDING ── completed ─► IDLE
/// ```
final class UringChannel implements Channel, UringEntry {
  private static final int CLIENT_BUDGET = 64 << 10;
  private static final int SERVER_BUDGET = 4 * CLIENT_BUDGET;
  private static final int HIGH_WATER = 256 << 10;
  private static final int LOW_WATER = 64 << 10;

  /// Ranges held back before the kernel is told to bring no more.
  private static final int HELD_LIMIT = 4;

  private static final long SENDING_NANOS = 10_000_000_000L;
  private static final long DRAIN_NANOS = 1_000_000_000L;
  private static final int DRAIN_BYTES = 1 << 20;

  private enum State {
    CONNECTING,
    OPEN,
    DRAINING,
    CLOSED
  }

  private enum Sending {
    IDLE,
    TRYING,
    SENDING
  }

  private final UringTransport transport;
  private final SocketCalls sockets;
  private final boolean server;
  private final SendQueue queue = new SendQueue();
  private Handler handler;
  private State state = State.CONNECTING;
  private Sending sending = Sending.IDLE;
  private int fd = -1;
  private long handle;
  private boolean listed;

  /// Bytes of the send that is tried or under way.
  private long inFlight;

  private long acceptedBytes;

  /// A receive is in the kernel; told to end, it may still bring bytes.
  private boolean receiving;

  private boolean receiveCancelled;

  /// It ended because the buffers ran out, and begins again with the next turn.
  private boolean starved;

  /// The poll that tells of a hang-up while nothing is received.
  private boolean polling;

  private boolean pollCancelled;
  private boolean connectPolled;

  /// Bytes that came during a pause, beyond a budget, or that the handler did not take.
  private SendQueue held;

  private int budget;
  private long budgetTurn = -1;
  private boolean onRearmList;
  private boolean paused;

  /// The end of the stream has come, and the handler was told.
  private boolean endSeen;

  private boolean endTold;

  /// The end was a reset; the send that is under way will fail, and then the connection does.
  private boolean resetSeen;

  private boolean dirty;
  private boolean aboveHighWater;
  private boolean shutdownAsked;
  private boolean shutdownDone;
  private boolean connectedAtOnce;

  /// Why the connection is lost: what was received before is delivered first.
  private Errno failure;

  private TimerWheel.Timer drainTimer;
  private int drained;

  UringChannel(UringTransport transport, Handler handler, boolean server) {
    this.transport = transport;
    this.sockets = transport.sockets();
    this.handler = handler;
    this.server = server;
  }

  /// Begins life as an accepted connection.
  void accepted(int descriptor) {
    fd = descriptor;
    state = State.OPEN;
    list();
  }

  void handledBy(Handler newHandler) {
    handler = newHandler;
    receive();
  }

  private void list() {
    handle = transport.add(this);
    listed = true;
  }

  /// Begins life as a connecting one.
  void connect(Address address) {
    Errno errno = tryConnect(address);
    if (errno != null) {
      failure = errno;
      transport.later(this);
    }
  }

  private Errno tryConnect(Address address) {
    Platform platform = transport.platform();
    if (!address.fits(platform)) {
      return Errno.ENAMETOOLONG;
    }
    int socket = sockets.socket(address.family(platform));
    if (socket < 0) {
      return Errno.of(socket);
    }
    if (address instanceof Address.Inet) {
      sockets.setsockopt(socket, Platform.IPPROTO_TCP, Platform.TCP_NODELAY, 1);
    }
    var place = transport.addressPlace();
    int length = address.write(platform, place, 0);
    int result = sockets.connect(socket, place, 0, length);
    // An interrupted connect goes on by itself: connect(2), EINTR.
    if (result < 0 && result != Errno.EINPROGRESS.result() && result != Errno.EINTR.result()) {
      sockets.close(socket);
      return Errno.of(result);
    }
    fd = socket;
    list();
    if (result == 0) {
      connectedAtOnce = true;
      transport.later(this);
    } else {
      connectPolled = true;
      transport.poll(fd, POLLOUT, handle, UringTransport.CONNECT);
    }
    return null;
  }

  /// Delivers what a downcall left owing.
  void deliverPending() {
    if (state == State.CONNECTING) {
      if (failure != null) {
        fail(failure);
      } else if (connectedAtOnce) {
        connected();
      }
    } else if (state == State.OPEN && failure != null && (paused || !receiving)) {
      fail(failure);
    }
  }

  private void connected() {
    state = State.OPEN;
    receive();
    handler.onConnected(this);
    if (state == State.OPEN && (queue.bytes() > 0 || shutdownAsked)) {
      markDirty();
    }
  }

  @Override
  public void complete(int operation, int result, int flags) {
    boolean more = (flags & CQE_MORE) != 0;
    switch (operation) {
      case UringTransport.RECEIVE -> received(result, UringTransport.bufferId(flags), more);
      case UringTransport.TRY_SEND -> tried(result);
      case UringTransport.SEND -> sent(result);
      case UringTransport.CONNECT -> connectCompleted(result);
      case UringTransport.HANG_UP -> hungUp(result);
      default -> throw new IllegalStateException("operation " + operation);
    }
    if (state == State.CLOSED) {
      freeWhenDone();
    }
  }

  private void connectCompleted(int result) {
    connectPolled = false;
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
    Platform platform = transport.platform();
    int error = sockets.getsockopt(fd, platform.solSocket(), platform.soError());
    return error == 0 ? null : Errno.of(error);
  }

  // Receiving.

  private void receive() {
    boolean wanted = state == State.DRAINING || (state == State.OPEN && !paused && !isHolding());
    if (wanted && !receiving && !starved && !endSeen && failure == null) {
      receiving = true;
      transport.receive(fd, handle, server);
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

  private void stopReceiving() {
    if (receiving && !receiveCancelled) {
      receiveCancelled = true;
      transport.cancel(handle, UringTransport.RECEIVE);
    }
  }

  private void received(int result, int buffer, boolean more) {
    if (!more) {
      receiving = false;
      receiveCancelled = false;
    }
    if (buffer >= 0) {
      UringBuffers buffers = transport.buffers(server);
      Mbuf mbuf = buffers.filled(buffer, Math.max(result, 0));
      if (result > 0) {
        transport.counts().bytesRead += result;
        take(mbuf, result);
      }
      buffers.giveBack(buffer);
    }
    if (state == State.CLOSED) {
      return;
    }
    if (result == 0) {
      endSeen = true;
      resetSeen = failure == null && sending == Sending.SENDING && isReset();
    } else if (result < 0) {
      receiveFailed(Errno.of(result));
    }
    afterReceiving();
  }

  /// Whether what looks like an end is a reset: a send that has sent a part of its bytes takes the
  /// socket's error and tells its short count instead. Such a socket has no peer (TCP_CLOSE).
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
      drained += bytes;
    } else if (state == State.OPEN) {
      if (paused || isHolding() || !withinBudget()) {
        mbuf.retain();
        hold(mbuf, 0, bytes);
      } else {
        budget -= bytes;
        int taken = deliver(mbuf, 0, bytes);
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
      budget = server ? SERVER_BUDGET : CLIENT_BUDGET;
    }
    return budget > 0;
  }

  private int deliver(Mbuf mbuf, int from, int to) {
    int taken = handler.onBytes(this, mbuf, from, to);
    if (taken < from || taken > to) {
      throw new IllegalStateException(
          "a handler took up to " + taken + " of [" + from + ", " + to + ")");
    }
    return taken;
  }

  private boolean isHolding() {
    return held != null && held.count() > 0;
  }

  private void hold(Mbuf mbuf, int from, int to) {
    if (held == null) {
      held = new SendQueue();
    }
    held.add(mbuf, from, to);
    if (!paused && !withinBudget()) {
      transport.counts().budgetStops++;
    }
    if (held.count() >= HELD_LIMIT) {
      stopReceiving();
    }
    rearm();
  }

  private void rearm() {
    if (!paused && !onRearmList) {
      onRearmList = true;
      transport.rearm(this);
    }
  }

  @Override
  public void onRearmed() {
    onRearmList = false;
    while (state == State.OPEN && !paused && isHolding() && withinBudget()) {
      Mbuf mbuf = held.firstMbuf();
      int from = held.firstFrom();
      int to = held.firstTo();
      // The handler may close, and that empties the queue.
      mbuf.retain();
      budget -= to - from;
      int taken = deliver(mbuf, from, to);
      if (isHolding()) {
        held.accepted(taken - from);
      }
      mbuf.release();
      if (taken < to) {
        break;
      }
    }
    if (state == State.OPEN && isHolding()) {
      rearm();
    }
    afterReceiving();
  }

  /// Does what had to wait for the last byte, or has more brought.
  private void afterReceiving() {
    if (state == State.DRAINING) {
      if (shutdownDone && (endSeen || drained > DRAIN_BYTES)) {
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
      handler.onEnd(this);
      watchForHangUp();
    }
    if (state == State.OPEN && failure != null && !receiving) {
      fail(failure);
    }
    receive();
  }

  /// Under a pause or after the end of the stream nothing else would tell that the peer is gone.
  private void watchForHangUp() {
    if (state == State.OPEN && (paused || endTold) && !shutdownDone && !polling) {
      polling = true;
      transport.poll(fd, 0, handle, UringTransport.HANG_UP);
    }
  }

  private void hungUp(int result) {
    polling = false;
    pollCancelled = false;
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
  public void send(Mbuf mbuf, int from, int to) {
    if (shutdownAsked && open()) {
      throw new IllegalStateException("a send after shutdownWrite");
    }
    if (from == to || !open() || failure != null) {
      mbuf.release();
      return;
    }
    queue.add(mbuf, from, to);
    if (queue.bytes() >= HIGH_WATER) {
      aboveHighWater = true;
    }
    if (state != State.CONNECTING && sending == Sending.IDLE) {
      markDirty();
    }
  }

  private void markDirty() {
    if (!dirty) {
      dirty = true;
      transport.dirty(this, server);
    }
  }

  private boolean isLive() {
    return state == State.OPEN || state == State.DRAINING;
  }

  /// Prepares a send of what is queued; called by the transport's flush, never by a handler.
  void write() {
    dirty = false;
    if (!isLive() || failure != null || sending != Sending.IDLE) {
      return;
    }
    if (queue.bytes() > 0) {
      sending = Sending.TRYING;
      submit(true);
    } else if (shutdownAsked || state == State.DRAINING) {
      finishSending();
    }
  }

  private void submit(boolean tried) {
    inFlight = queue.offered(UringTransport.IOVEC_LIMIT);
    acceptedBytes += inFlight;
    transport.counts().bytesWritten += inFlight;
    transport.send(this, fd, handle, queue, tried);
  }

  /// A tried send said nothing.
  void settleTry() {
    if (sending == Sending.TRYING) {
      sending = Sending.IDLE;
      queue.accepted(inFlight);
      inFlight = 0;
      if (state == State.CLOSED) {
        freeWhenDone();
      } else {
        afterSending();
      }
    }
  }

  private void tried(int result) {
    if (sending != Sending.TRYING) {
      throw new IllegalStateException("a try that nobody made");
    }
    transport.counts().shortSends++;
    progressed(result == Errno.EAGAIN.result() ? 0 : result);
  }

  private void sent(int result) {
    progressed(result);
  }

  /// A send was told: what it left goes again, and waits this time.
  private void progressed(int result) {
    sending = Sending.IDLE;
    long unsent = inFlight - Math.max(result, 0);
    inFlight = 0;
    acceptedBytes -= unsent;
    transport.counts().bytesWritten -= unsent;
    if (result >= 0 || Errno.of(result) == Errno.EINTR) {
      queue.accepted(Math.max(result, 0));
      if (isLive() && failure == null && unsent > 0) {
        sending = Sending.SENDING;
        submit(false);
      } else if (isLive()) {
        afterSending();
      }
    } else if (isLive()) {
      failSending(Errno.of(result));
    }
  }

  private void afterSending() {
    if (failure != null) {
      return;
    }
    if (resetSeen) {
      failSending(Errno.ECONNRESET);
      return;
    }
    if (aboveHighWater && state == State.OPEN && queue.bytes() < LOW_WATER) {
      aboveHighWater = false;
      handler.onWritable(this);
    }
    if (isLive() && (queue.bytes() > 0 || shutdownAsked || state == State.DRAINING)) {
      markDirty();
    }
  }

  /// The peer takes nothing more; what it said before comes with the receive that is under way.
  private void failSending(Errno errno) {
    if (failure == null) {
      failure = resetSeen ? Errno.ECONNRESET : errno;
    }
    queue.clear();
    if (state == State.DRAINING || paused || (!receiving && !isHolding())) {
      fail(failure);
    }
  }

  private void finishSending() {
    if (!shutdownDone) {
      shutdownDone = true;
      // It fails only on a connection that is reset, which the receive reports.
      sockets.shutdown(fd, Platform.SHUT_WR);
      if (state == State.DRAINING) {
        transport.timers().schedule(drainTimer, transport.timeNow() + DRAIN_NANOS);
      }
    }
    if (state == State.DRAINING) {
      afterReceiving();
    }
  }

  @Override
  public long pendingBytes() {
    return queue.bytes();
  }

  @Override
  public long acceptedBytes() {
    return acceptedBytes;
  }

  @Override
  public boolean writable() {
    return !aboveHighWater;
  }

  // Pausing and closing.

  @Override
  public void pauseReading() {
    if (!paused && open()) {
      paused = true;
      if (state == State.OPEN) {
        stopReceiving();
        watchForHangUp();
      }
      if (failure != null) {
        transport.later(this);
      }
    }
  }

  @Override
  public void resumeReading() {
    if (paused && open()) {
      paused = false;
      if (polling && !endTold && !pollCancelled) {
        pollCancelled = true;
        transport.cancel(handle, UringTransport.HANG_UP);
      }
      rearm();
    }
  }

  @Override
  public void shutdownWrite() {
    if (open() && !shutdownAsked) {
      shutdownAsked = true;
      if (state == State.OPEN) {
        markDirty();
      }
    }
  }

  @Override
  public void closeDrained() {
    if (state == State.CONNECTING || failure != null) {
      closeNow();
    } else if (state == State.OPEN) {
      state = State.DRAINING;
      releaseHeld();
      drainTimer = new TimerWheel.Timer(_ -> closeNow());
      transport.timers().schedule(drainTimer, transport.timeNow() + SENDING_NANOS);
      markDirty();
      receive();
    }
  }

  @Override
  public void closeNow() {
    if (state == State.CLOSED) {
      return;
    }
    state = State.CLOSED;
    releaseHeld();
    if (sending == Sending.IDLE) {
      queue.clear();
    }
    if (drainTimer != null) {
      transport.timers().cancel(drainTimer);
    }
    if (!listed) {
      return;
    }
    stopReceiving();
    if (polling && !pollCancelled) {
      pollCancelled = true;
      transport.cancel(handle, UringTransport.HANG_UP);
    }
    if (connectPolled) {
      transport.cancel(handle, UringTransport.CONNECT);
    }
    if (sending == Sending.SENDING) {
      transport.cancel(handle, UringTransport.SEND);
    }
    transport.closeDescriptor(fd);
    transport.closedOne();
    fd = -1;
    freeWhenDone();
  }

  /// Frees the slot when the kernel holds nothing of this channel any more.
  private void freeWhenDone() {
    boolean done = !receiving && !polling && !connectPolled && !starved && sending == Sending.IDLE;
    if (done && listed) {
      listed = false;
      queue.clear();
      transport.free(handle);
    }
  }

  /// The ring is gone, and with it every request.
  void abandoned() {
    receiving = false;
    polling = false;
    connectPolled = false;
    starved = false;
    sending = Sending.IDLE;
    freeWhenDone();
  }

  private void releaseHeld() {
    if (held != null) {
      held.clear();
    }
  }

  private void fail(Errno errno) {
    if (state != State.CLOSED) {
      boolean silent = state == State.DRAINING;
      closeNow();
      if (!silent) {
        handler.onClosed(this, errno);
      }
    }
  }

  @Override
  public boolean open() {
    return state == State.CONNECTING || state == State.OPEN;
  }

  @Override
  public int descriptor() {
    return fd;
  }
}
