package twemlab.event;

import static java.nio.channels.SelectionKey.OP_CONNECT;
import static java.nio.channels.SelectionKey.OP_READ;
import static java.nio.channels.SelectionKey.OP_WRITE;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Errno;

/// A connection of java.nio: [ReadinessChannel] where readiness is all that is ever told.
///
/// ```text
/// connect ──► CONNECTING ──► OPEN ──closeDrained──► DRAINING ──► CLOSED
///                  └───────────┴── error, closeNow ────────────────┘
/// ```
///
/// What the selector is asked for follows from the state alone ([#interest]), and is told to it
/// only when it changes.
final class NioChannel implements Channel, ReadinessEntry {
  /// Bytes read from a connection in one turn: a client, and a server, whose replies are owed to
  /// many.
  private static final int CLIENT_BUDGET = 64 << 10;

  private static final int SERVER_BUDGET = 4 * CLIENT_BUDGET;

  /// A queue this long is written before the batch ends.
  private static final int FLUSH_BYTES = 64 << 10;

  private static final int FLUSH_RANGES = 128;
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

  private final NioTransport transport;
  private final NioCalls calls;
  private final boolean server;
  private final SendQueue queue = new SendQueue();
  private Handler handler;
  private State state = State.CONNECTING;
  private SocketChannel socket;

  /// Null until the selector knows the socket; then the table knows the channel, too.
  private SelectionKey key;

  private long handle;

  /// What the selector was last asked for.
  private int asked;

  private long acceptedBytes;

  /// Bytes may be waiting in the kernel: set by an event, cleared by a read that drained.
  private boolean readable;

  private boolean endSeen;
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

  NioChannel(NioTransport transport, Handler handler, boolean server) {
    this.transport = transport;
    this.calls = transport.calls();
    this.handler = handler;
    this.server = server;
  }

  /// Begins life as an accepted connection.
  ///
  /// @return false if it could not be watched and is closed again
  boolean accepted(SocketChannel accepted) {
    socket = accepted;
    state = State.OPEN;
    return watch() == null;
  }

  void handledBy(Handler newHandler) {
    handler = newHandler;
  }

  /// Begins life as a connecting one.
  void connect(Address address) {
    Errno errno = tryConnect(address);
    if (errno != null) {
      closeSocket();
      failure = errno;
      transport.later(this);
    }
  }

  private Errno tryConnect(Address address) {
    if (!address.fits(transport.platform())) {
      return Errno.ENAMETOOLONG;
    }
    try {
      socket = calls.open(address);
    } catch (IOException | UnsupportedOperationException e) {
      return NioErrors.of(e);
    }
    if (address instanceof Address.Inet) {
      calls.option(socket, StandardSocketOptions.TCP_NODELAY, true);
    }
    int result = calls.connect(socket, NioAddresses.of(address));
    if (result == 0) {
      connectedAtOnce = true;
      transport.later(this);
    } else if (result != Errno.EINPROGRESS.result() && result != Errno.EINTR.result()) {
      return Errno.of(result);
    }
    return watch();
  }

  /// Has the selector report it.
  ///
  /// @return why it cannot, or null; it is closed then
  private Errno watch() {
    try {
      asked = interest();
      key = socket.register(transport.selector(), asked, this);
    } catch (IOException e) {
      closeSocket();
      return NioErrors.of(e);
    }
    handle = transport.table().add(this);
    return null;
  }

  private int interest() {
    return switch (state) {
      case CONNECTING -> connectedAtOnce ? 0 : OP_CONNECT;
      case OPEN -> (paused || endSeen ? 0 : OP_READ) | (blocked ? OP_WRITE : 0);
      case DRAINING -> (shutdownDone ? OP_READ : 0) | (blocked ? OP_WRITE : 0);
      case CLOSED -> 0;
    };
  }

  /// Tells the selector when what it is to report has changed.
  private void ask() {
    int wanted = interest();
    if (wanted != asked && key != null) {
      asked = wanted;
      calls.interest(key, wanted);
    }
  }

  private void closeSocket() {
    if (key != null) {
      key = null;
      transport.table().remove(handle);
    }
    if (socket != null) {
      calls.close(socket);
      socket = null;
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
    } else if (state == State.OPEN && paused && failure != null) {
      fail(failure);
    }
  }

  private void connected() {
    state = State.OPEN;
    ask();
    handler.onConnected(this);
    if (state == State.OPEN && (queue.bytes() > 0 || shutdownAsked)) {
      markDirty();
    }
  }

  @Override
  public void onReady(int operations) {
    if (state == State.CLOSED) {
      transport.counts().staleEvents++;
      return;
    }
    if (state == State.CONNECTING) {
      finishConnect();
      return;
    }
    if ((operations & OP_READ) != 0) {
      readable = true;
      receive();
    }
    if ((operations & OP_WRITE) != 0 && blocked && isLive()) {
      blocked = false;
      ask();
      markDirty();
    }
  }

  private void finishConnect() {
    int result = calls.finishConnect(socket);
    if (result == 0) {
      connected();
    } else if (result != Errno.EINPROGRESS.result() && result != Errno.EINTR.result()) {
      fail(Errno.of(result));
    }
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
    if (state == State.OPEN && !paused && held == null && failure != null) {
      fail(failure);
    }
  }

  /// One read and what follows from it.
  ///
  /// @return the bytes read
  private int readOnce() {
    Mbuf mbuf = transport.readBuffer();
    int from = mbuf.last();
    int room = mbuf.room();
    int result = calls.read(socket, mbuf.buffer(from, from + room));
    if (result > 0) {
      mbuf.advance(result);
      transport.counts().bytesRead += result;
      // A short read has emptied the socket; the end behind it is reported again.
      readable = result == room;
      deliver(mbuf, from, from + result);
      return result;
    }
    if (result == Errno.EINTR.result()) {
      return 0;
    }
    readable = false;
    if (result == 0) {
      endSeen = true;
      ask();
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
      if (queue.bytes() >= FLUSH_BYTES || queue.count() >= FLUSH_RANGES) {
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
    ByteBuffer bytes = transport.next(queue);
    int offered = bytes.remaining();
    int result = calls.write(socket, bytes);
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
    ask();
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
      // It fails only on a connection that is reset, which the next read tells.
      calls.shutdownOutput(socket);
    }
    if (state == State.OPEN) {
      return;
    }
    if (endSeen) {
      closeNow();
      return;
    }
    transport.timers().schedule(drainTimer, transport.timeNow() + DRAIN_NANOS);
    ask();
    discard();
  }

  private void discard() {
    while (state == State.DRAINING && shutdownDone) {
      Mbuf mbuf = transport.readBuffer();
      int from = mbuf.last();
      int result = calls.read(socket, mbuf.buffer(from, from + mbuf.room()));
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
      ask();
      if (failure != null) {
        transport.later(this);
      }
    }
  }

  @Override
  public void resumeReading() {
    if (paused && open()) {
      paused = false;
      ask();
      if (held != null || readable || failure != null) {
        rearm();
      }
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
      paused = true;
      releaseHeld();
      state = State.DRAINING;
      ask();
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
    closeSocket();
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

  /// A number of its own while it is open: java.nio hides the descriptor.
  @Override
  public int descriptor() {
    return key == null ? -1 : (int) handle;
  }

  /// SO_SNDBUF and SO_RCVBUF, for tests.
  void buffers(int bytes) {
    calls.option(socket, StandardSocketOptions.SO_SNDBUF, bytes);
    calls.option(socket, StandardSocketOptions.SO_RCVBUF, bytes);
  }
}
