package twemlab.event;

import java.lang.foreign.MemorySegment;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.Platform;
import twemlab.event.kernel.SocketCalls;

/// A connection under readiness: what `conn_recv` and `conn_sendv` (nc_connection.c) do, and the
/// states around it.
///
/// ```text
/// connect ──► CONNECTING ──► OPEN ──closeDrained──► DRAINING ──► CLOSED
///                  └───────────┴── error, closeNow ────────────────┘
/// ```
final class ReadinessChannel implements Channel, ReadinessEntry {
  /// Bytes read from a connection in one turn: a client, and a server, whose replies are owed to
  /// many.
  private static final int CLIENT_BUDGET = 64 << 10;

  private static final int SERVER_BUDGET = 4 * CLIENT_BUDGET;

  /// A queue this long is written before the batch ends.
  private static final int FLUSH_BYTES = 64 << 10;

  private static final int HIGH_WATER = 256 << 10;
  private static final int LOW_WATER = 64 << 10;

  /// How long a draining connection may take to send what is pending, and then to finish.
  private static final long SENDING_NANOS = 10_000_000_000L;

  private static final long DRAIN_NANOS = 1_000_000_000L;
  private static final int DRAIN_BYTES = 1 << 20;

  private enum State {
    CONNECTING,
    OPEN,
    DRAINING,
    CLOSED
  }

  private final ReadinessTransport transport;
  private final SocketCalls sockets;
  private final boolean server;
  private final SendQueue queue = new SendQueue();
  private Handler handler;
  private State state = State.CONNECTING;
  private int fd = -1;
  private long handle;

  /// The table knows it: its handle is good.
  private boolean listed;

  /// The event base reports it.
  private boolean watched;

  private long acceptedBytes;

  /// Bytes may be waiting in the kernel: set by an event, cleared by a read that drained.
  private boolean readable;

  /// The end of the stream is behind the bytes, so that a short read does not mean drained.
  private boolean endAhead;

  private boolean endSeen;

  /// Both directions were reported gone.
  private boolean hungUp;

  private boolean paused;

  /// The kernel takes no more; an event will say when it does.
  private boolean blocked;

  private boolean aboveHighWater;
  private boolean dirty;
  private boolean onRearmList;
  private boolean shutdownAsked;
  private boolean shutdownDone;

  /// What an upcall is owed for since a downcall: a connect that was decided at once.
  private boolean connectedAtOnce;

  /// Why the connection is lost: what could be read before is delivered first.
  private Errno failure;

  /// Bytes that the handler did not take: a range with a reference.
  private Mbuf held;

  private int heldFrom;
  private int heldTo;
  private TimerWheel.Timer drainTimer;
  private int drained;

  ReadinessChannel(ReadinessTransport transport, Handler handler, boolean server) {
    this.transport = transport;
    this.sockets = transport.sockets();
    this.handler = handler;
    this.server = server;
  }

  /// Begins life as an accepted connection.
  ///
  /// @return false if it could not be watched and is closed again
  boolean accepted(int descriptor) {
    fd = descriptor;
    state = State.OPEN;
    return watch() >= 0;
  }

  void handledBy(Handler newHandler) {
    handler = newHandler;
  }

  /// Begins life as a connecting one.
  void connect(Address address, MemorySegment scratch) {
    Errno errno = tryConnect(address, scratch);
    if (errno != null) {
      failure = errno;
      transport.later(this);
    }
  }

  private Errno tryConnect(Address address, MemorySegment scratch) {
    Platform platform = transport.platform();
    if (!address.fits(platform)) {
      return Errno.ENAMETOOLONG;
    }
    int socket = sockets.socket(address.family(platform));
    if (socket < 0) {
      return Errno.of(socket);
    }
    fd = socket;
    if (fd >= transport.base().descriptorLimit()) {
      return abandon(Errno.EMFILE);
    }
    if (address instanceof Address.Inet) {
      sockets.setsockopt(fd, Platform.IPPROTO_TCP, Platform.TCP_NODELAY, 1);
    }
    int length = address.write(platform, scratch, 0);
    int result = sockets.connect(fd, scratch, 0, length);
    // An interrupted connect goes on by itself: connect(2), EINTR.
    if (result < 0 && result != Errno.EINPROGRESS.result() && result != Errno.EINTR.result()) {
      return abandon(Errno.of(result));
    }
    // Watched only now: a socket that was never connected reports a hang-up (rule T2).
    int watching = watch();
    if (watching < 0) {
      return Errno.of(watching);
    }
    if (result == 0) {
      connectedAtOnce = true;
      transport.later(this);
    } else {
      transport.base().addOut(fd, handle);
    }
    return null;
  }

  private Errno abandon(Errno errno) {
    closeDescriptor();
    return errno;
  }

  private int watch() {
    handle = transport.table().add(this);
    listed = true;
    int result = transport.base().addConnection(fd, handle);
    watched = result >= 0;
    if (!watched) {
      closeDescriptor();
    }
    return result;
  }

  /// Ends the reports of the event base; the descriptor stays open.
  private void unwatch() {
    if (watched) {
      watched = false;
      transport.base().deleteConnection(fd, handle);
    }
  }

  private void closeDescriptor() {
    unwatch();
    if (listed) {
      listed = false;
      transport.table().remove(handle);
    }
    if (fd >= 0) {
      sockets.close(fd);
      fd = -1;
      transport.descriptorClosed();
    }
  }

  /// Delivers what a downcall left owing.
  void deliverPending() {
    if (state == State.CONNECTING) {
      if (failure != null) {
        fail(failure);
      } else if (connectedAtOnce) {
        connected();
      }
    } else if (state == State.OPEN && paused) {
      if (failure != null) {
        fail(failure);
      } else if (hungUp) {
        hangUp();
      }
    }
  }

  private void connected() {
    state = State.OPEN;
    handler.onConnected(this);
    if (state == State.OPEN && (queue.bytes() > 0 || shutdownAsked)) {
      markDirty();
    }
  }

  @Override
  public void onReady(int events) {
    if ((events & EventBase.ERROR) != 0 && failure == null && failed()) {
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
      transport.base().deleteOut(fd, handle);
      markDirty();
    }
  }

  /// Handles a hang-up that nobody will read up to: a level-triggered base would repeat it for
  /// ever.
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
        unwatch();
      }
      return false;
    }
    fail(Errno.ECONNRESET);
    return true;
  }

  /// Whether the socket's error ended the connection.
  private boolean failed() {
    Platform platform = transport.platform();
    int error = sockets.getsockopt(fd, platform.solSocket(), platform.soError());
    if (error == 0) {
      return false;
    }
    fail(Errno.of(error));
    return true;
  }

  private boolean finishConnect(int events) {
    if (connectedAtOnce) {
      connected();
      return state == State.OPEN;
    }
    if ((events & (EventBase.WRITE | EventBase.HANGUP)) == 0 || failed()) {
      return false;
    }
    transport.base().deleteOut(fd, handle);
    connected();
    return state == State.OPEN;
  }

  @Override
  public void onRearmed() {
    onRearmList = false;
    if (state == State.OPEN && held != null && !paused) {
      Mbuf mbuf = held;
      held = null;
      deliver(mbuf, heldFrom, heldTo);
      mbuf.release();
    }
    receive();
  }

  private void rearm() {
    if (!onRearmList) {
      onRearmList = true;
      transport.rearm(this);
    }
  }

  private void receive() {
    if (state == State.DRAINING) {
      discard();
      return;
    }
    if (onRearmList) {
      // Its turn is still to come: nobody is served twice in one.
      return;
    }
    int budget = server ? SERVER_BUDGET : CLIENT_BUDGET;
    while (readable && state == State.OPEN && !paused && held == null && !endSeen) {
      if (budget <= 0) {
        transport.counts().budgetStops++;
        rearm();
        return;
      }
      budget -= readOnce();
    }
    if (state == State.OPEN && !paused && held == null) {
      finishReceiving();
    }
  }

  /// Does what had to wait for the last byte.
  private void finishReceiving() {
    if (failure != null) {
      fail(failure);
    } else if (endSeen && shutdownDone) {
      // Both sides have finished: nothing can happen any more until the handler closes.
      unwatch();
    } else if (endSeen && hungUp) {
      fail(Errno.ECONNRESET);
    }
  }

  /// One read(2) and what follows from it.
  ///
  /// @return the bytes read
  private int readOnce() {
    Mbuf mbuf = transport.readBuffer();
    int from = mbuf.last();
    int room = mbuf.room();
    int result = sockets.read(fd, mbuf.segment(), mbuf.base() + from, room);
    if (result > 0) {
      mbuf.advance(result);
      transport.counts().bytesRead += result;
      // Rule E17: a short read means that the socket is empty, unless the end is behind it.
      readable = result == room || endAhead;
      deliver(mbuf, from, from + result);
      return result;
    }
    if (result == Errno.EINTR.result()) {
      return 0;
    }
    readable = false;
    if (result == 0) {
      endSeen = true;
      if (watched) {
        transport.base().deleteIn(fd, handle);
      }
      if (failure == null) {
        handler.onEnd(this);
      }
    } else if (result != Errno.EAGAIN.result() && failure == null) {
      fail(Errno.of(result));
    }
    return 0;
  }

  private void deliver(Mbuf mbuf, int from, int to) {
    int taken = handler.onBytes(this, mbuf, from, to);
    if (taken < from || taken > to) {
      throw new IllegalStateException(
          "a handler took up to " + taken + " of [" + from + ", " + to + ")");
    }
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
    if (state != State.CONNECTING && !blocked) {
      markDirty();
      if (queue.bytes() >= FLUSH_BYTES || queue.count() >= ReadinessTransport.IOVEC_LIMIT) {
        transport.flushSoon();
      }
    }
  }

  private void markDirty() {
    if (!dirty) {
      dirty = true;
      transport.dirty(this, server);
    }
  }

  /// Writes what is queued; called by the transport's flush, never by a handler.
  void write() {
    dirty = false;
    while (queue.bytes() > 0 && !blocked && isLive()) {
      writeOnce();
    }
    if (failure != null) {
      return;
    }
    if (aboveHighWater && state == State.OPEN && queue.bytes() < LOW_WATER) {
      aboveHighWater = false;
      handler.onWritable(this);
    }
    if (isLive() && queue.bytes() == 0 && (shutdownAsked || state == State.DRAINING)) {
      finishSending();
    }
  }

  private boolean isLive() {
    return state == State.OPEN || state == State.DRAINING;
  }

  private void writeOnce() {
    int limit = ReadinessTransport.IOVEC_LIMIT;
    long offered = queue.offered(limit);
    int result = queue.write(sockets, fd, transport.iovecs(), limit);
    if (result >= 0) {
      queue.accepted(result);
      acceptedBytes += result;
      transport.counts().bytesWritten += result;
      if (result < offered) {
        block();
      }
    } else if (result == Errno.EAGAIN.result()) {
      block();
    } else if (result != Errno.EINTR.result()) {
      failSending(Errno.of(result));
    }
  }

  private void block() {
    transport.counts().shortSends++;
    blocked = true;
    transport.base().addOut(fd, handle);
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

  private void finishSending() {
    if (!shutdownDone) {
      shutdownDone = true;
      // It fails only on a connection that is reset, which the event base reports.
      sockets.shutdown(fd, Platform.SHUT_WR);
    }
    if (state == State.OPEN) {
      if (endSeen) {
        unwatch();
      }
      return;
    }
    if (endSeen) {
      closeNow();
      return;
    }
    transport.timers().schedule(drainTimer, transport.timeNow() + DRAIN_NANOS);
    if (watched) {
      transport.base().addIn(fd, handle);
    }
    discard();
  }

  private void discard() {
    while (state == State.DRAINING && shutdownDone) {
      Mbuf mbuf = transport.readBuffer();
      int result = sockets.read(fd, mbuf.segment(), mbuf.base() + mbuf.last(), mbuf.room());
      if (result == Errno.EAGAIN.result()) {
        return;
      }
      if (result > 0) {
        drained += result;
      }
      if (result != Errno.EINTR.result() && (result <= 0 || drained > DRAIN_BYTES)) {
        closeNow();
      }
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

  @Override
  public void pauseReading() {
    if (!paused && open()) {
      paused = true;
      if (watched) {
        transport.base().deleteIn(fd, handle);
      }
      if (hungUp || failure != null) {
        transport.later(this);
      }
    }
  }

  @Override
  public void resumeReading() {
    if (paused && open()) {
      paused = false;
      if (listed && !endSeen) {
        hear();
      }
      if (held != null || readable || hungUp || failure != null) {
        rearm();
      }
    }
  }

  private void hear() {
    if (watched) {
      transport.base().addIn(fd, handle);
      return;
    }
    // A hang-up during the pause had ended the reports.
    int result = transport.base().addConnection(fd, handle);
    watched = result >= 0;
    if (!watched) {
      failure = Errno.of(result);
    }
    readable = true;
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
      pauseReading();
      releaseHeld();
      state = State.DRAINING;
      drainTimer = new TimerWheel.Timer(_ -> closeNow());
      transport.timers().schedule(drainTimer, transport.timeNow() + SENDING_NANOS);
      if (!blocked) {
        markDirty();
      }
    }
  }

  @Override
  public void closeNow() {
    if (state == State.CLOSED) {
      return;
    }
    state = State.CLOSED;
    queue.clear();
    releaseHeld();
    if (drainTimer != null) {
      transport.timers().cancel(drainTimer);
    }
    closeDescriptor();
  }

  private void releaseHeld() {
    if (held != null) {
      held.release();
      held = null;
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
