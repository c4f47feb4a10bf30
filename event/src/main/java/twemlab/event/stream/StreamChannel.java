package twemlab.event.stream;

import twemlab.event.Channel;
import twemlab.event.Containment;
import twemlab.event.Transport;
import twemlab.event.TransportCounts;
import twemlab.event.kernel.Errno;
import twemlab.event.mbuf.Mbuf;

/// What a connection is whatever moves its bytes: its states, its outgoing queue, and the events
/// that is reported to its handler exactly once. C counterpart `struct conn` (nc_connection.h).
///
/// ```text
/// connect ──► CONNECTING ──► OPEN ──closeDrained──► DRAINING ──► CLOSED
///                  └───────────┴── error, closeNow ────────────────┘
/// ```
///
/// The two ways to move bytes are [twemlab.event.readiness.ReadinessChannel] and
/// [twemlab.event.uring.UringChannel]. They call up through [#connected], [#lend], [#tellWritable]
/// and [#fail]; what a downcall leaves owing waits in [TurnWork].
public abstract class StreamChannel implements Channel, TurnEntry {
  /// Bytes taken from a connection in one turn: a client, and a server, whose replies are owed to
  /// many.
  private static final int CLIENT_BUDGET = 64 << 10;

  private static final int SERVER_BUDGET = 4 * CLIENT_BUDGET;

  /// Bytes sent on a connection in one turn: a large reply to a fast reader must not hold up the
  /// others. It takes about a tenth of a millisecond.
  private static final int SEND_BUDGET = 256 << 10;

  private static final int HIGH_WATER = 256 << 10;
  private static final int LOW_WATER = 64 << 10;

  /// The most that is read of a peer that never stops to send: more than a socket's buffer holds.
  private static final int REST_MAX = 64 << 20;

  public enum Rest {
    NOT_ASKED,
    READING,
    READ
  }

  public enum State {
    CONNECTING,
    OPEN,
    DRAINING,
    CLOSED
  }

  public final TransportContext context;
  public final TransportCounts counts;

  /// Whether we made the connection.
  public final boolean server;

  public final SendQueue queue = new SendQueue();
  Handler handler;
  public State state = State.CONNECTING;

  /// Why the connection is lost: what was received before is delivered first.
  public Errno failure;

  /// The peer has finished sending.
  public boolean endSeen;

  public boolean paused;
  public boolean onRearmList;

  /// How far the last reading is, after [#readRest].
  public Rest rest = Rest.NOT_ASKED;

  private int restLeft = REST_MAX;

  /// The end of our stream is to be sent behind what is pending; it was sent.
  boolean shutdownAsked;

  public boolean shutdownDone;
  public long acceptedBytes;

  /// The limits of a draining close.
  public Drain drain;

  private long sendTurn = -1;
  private int sendBudget;

  /// The budget stopped it from sending.
  private boolean moreToSend;

  private boolean connectedAtOnce;
  private boolean dirty;
  private boolean aboveHighWater;

  /// @param handler of a connection that we make; an accepted one gets it from the acceptor
  public StreamChannel(TransportContext context, Handler handler) {
    this.context = context;
    this.counts = context.counts();
    this.handler = handler;
    this.server = handler != null;
  }

  // What differs.

  /// The connection is made; the handler is called next.
  public abstract void opened();

  /// Something is queued on a connection that is made.
  public abstract void queued();

  /// Sends what is queued; called by the flush, never by a handler.
  public abstract void write();

  /// Whether the kernel takes nothing for now.
  public abstract boolean isBlocked();

  /// How many of the first ranges of the queue the kernel may be reading.
  public abstract int fixedRanges();

  /// Makes the callbacks that calls have left pending on an open channel.
  public abstract void deliverOwed();

  /// Goes on receiving: its turn on the re-arm list has come.
  public abstract void resume();

  /// Begins to read what has arrived, without an event.
  public abstract void startReadingRest();

  /// Begins to close drained: says so by [#draining], and goes on from there.
  public abstract void startDraining();

  /// Releases bytes that the handler has not taken.
  public abstract void releaseHeld();

  /// The channel is closed: drops what is pending and gives the socket back.
  public abstract void letGo();

  // Beginning.

  /// Offers an accepted connection.
  public final void offer(Transport.Acceptor acceptor) {
    counts.accepted++;
    try {
      handler = acceptor.onAccepted(this);
    } catch (RuntimeException e) {
      Containment.check(e);
      closeNow();
      acceptor.onBroken(this, e);
      return;
    }
    if (handler == null) {
      closeNow();
    }
  }

  /// A connect was decided before its call returned: it is reported later in this turn.
  public final void decided(Errno errno) {
    connectedAtOnce = errno == null;
    failure = errno;
    context.work().later(this);
  }

  public final boolean isConnectedAtOnce() {
    return connectedAtOnce;
  }

  /// Called by [TurnWork].
  final void deliverPending() {
    if (state == State.OPEN) {
      deliverOwed();
    } else if (state == State.CONNECTING) {
      if (failure != null) {
        fail(failure);
      } else if (connectedAtOnce) {
        connected();
      }
    }
  }

  /// Opens, and calls the handler.
  public final void connected() {
    state = State.OPEN;
    opened();
    try {
      handler.onConnected(this);
    } catch (RuntimeException e) {
      broken(e);
    }
    if (state == State.OPEN && (queue.bytes() > 0 || shutdownAsked)) {
      markDirty();
    }
  }

  // Receiving.

  /// Bytes that may be taken in a turn.
  public final int budget() {
    return server ? SERVER_BUDGET : CLIENT_BUDGET;
  }

  /// Lends bytes to the handler.
  ///
  /// @return the position up to which it took them
  public final int lend(Mbuf mbuf, int from, int to) {
    int taken;
    try {
      taken = handler.onBytes(this, mbuf, from, to);
    } catch (RuntimeException e) {
      broken(e);
      return to;
    }
    if (taken < from || taken > to) {
      throw new IllegalStateException(
          "a handler took up to " + taken + " of [" + from + ", " + to + ")");
    }
    return taken;
  }

  @Override
  public final void readRest() {
    if (open() && rest == Rest.NOT_ASKED) {
      rest = Rest.READING;
      startReadingRest();
    }
  }

  /// Counts bytes of the last reading.
  ///
  /// @return whether it may go on
  public final boolean readOfRest(int bytes) {
    restLeft -= bytes;
    return restLeft > 0;
  }

  /// The socket had nothing more: nothing else is read.
  public final void tellRestRead() {
    rest = Rest.READ;
    try {
      handler.onRestRead(this);
    } catch (RuntimeException e) {
      broken(e);
    }
  }

  /// Has it served in the next turn.
  public final void rearm() {
    if (!onRearmList) {
      onRearmList = true;
      context.work().rearm(this);
    }
  }

  // Sending.

  @Override
  public final void send(Mbuf mbuf, int from, int to) {
    if (shutdownAsked && open()) {
      throw new IllegalStateException("a send after shutdownWrite");
    }
    if (from == to || !open() || failure != null) {
      mbuf.release();
      return;
    }
    queue.add(mbuf, from, to);
    if (isBlocked()) {
      queue.compact(fixedRanges());
    }
    if (queue.bytes() >= HIGH_WATER) {
      aboveHighWater = true;
    }
    if (state != State.CONNECTING) {
      queued();
    }
  }

  public final void markDirty() {
    if (!dirty) {
      dirty = true;
      context.work().dirty(this, server);
    }
  }

  /// Called by [TurnWork].
  final void flush() {
    dirty = false;
    write();
  }

  /// Bytes that may still be sent in this turn.
  public final int sendBudget() {
    if (sendTurn != context.work().turn()) {
      sendTurn = context.work().turn();
      sendBudget = SEND_BUDGET;
    }
    return sendBudget;
  }

  public final void spend(int bytes) {
    sendBudget -= bytes;
  }

  /// The budget is used up: the rest is sent in the next turn.
  public final void sendLater() {
    counts.sendStops++;
    moreToSend = true;
    rearm();
  }

  @Override
  public final void onRearmed() {
    onRearmList = false;
    if (moreToSend) {
      moreToSend = false;
      if (isLive()) {
        markDirty();
      }
    }
    resume();
  }

  public final boolean isLive() {
    return state == State.OPEN || state == State.DRAINING;
  }

  /// Whether the end of our stream comes behind what is pending.
  public final boolean isFinishing() {
    return shutdownAsked || state == State.DRAINING;
  }

  /// Whether there is something to do when the next so many bytes have been sent.
  public final boolean somethingFollows(long offered) {
    return isFinishing() || aboveHighWater || queue.bytes() > offered;
  }

  /// Tells that there is room again, if the handler waits for it.
  public final void tellWritable() {
    if (aboveHighWater && state == State.OPEN && queue.bytes() < LOW_WATER) {
      aboveHighWater = false;
      try {
        handler.onWritable(this);
      } catch (RuntimeException e) {
        broken(e);
      }
    }
  }

  @Override
  public final long pendingBytes() {
    return queue.bytes();
  }

  @Override
  public final int pendingRanges() {
    return queue.count();
  }

  @Override
  public final long acceptedBytes() {
    return acceptedBytes;
  }

  @Override
  public final boolean writable() {
    return !aboveHighWater;
  }

  // Ending.

  @Override
  public final void shutdownWrite() {
    if (open() && !shutdownAsked) {
      shutdownAsked = true;
      if (state == State.OPEN) {
        markDirty();
      }
    }
  }

  @Override
  public final void closeDrained() {
    if (state == State.CONNECTING || failure != null) {
      closeNow();
    } else if (state == State.OPEN) {
      startDraining();
    }
  }

  public final void draining() {
    releaseHeld();
    state = State.DRAINING;
    drain = new Drain(context, this);
  }

  @Override
  public final void closeNow() {
    if (state == State.CLOSED) {
      return;
    }
    state = State.CLOSED;
    releaseHeld();
    if (drain != null) {
      drain.cancel();
    }
    letGo();
  }

  /// The connection is lost: closes, and calls the handler, if it still has one.
  public final void fail(Errno errno) {
    if (state != State.CLOSED) {
      boolean silent = state == State.DRAINING;
      closeNow();
      if (!silent) {
        try {
          handler.onClosed(this, errno);
        } catch (RuntimeException e) {
          broken(e);
        }
      }
    }
  }

  /// The peer has finished: calls the handler.
  public final void tellEnd() {
    try {
      handler.onEnd(this);
    } catch (RuntimeException e) {
      broken(e);
    }
  }

  /// An upcall threw: it costs this connection, or the loop. (The upcalls' `try` costs nothing as
  /// long as nothing is thrown.)
  private void broken(RuntimeException failure) {
    Containment.check(failure);
    counts.broken++;
    closeNow();
    handler.onBroken(this, failure);
  }

  @Override
  public final boolean open() {
    return state == State.CONNECTING || state == State.OPEN;
  }
}
