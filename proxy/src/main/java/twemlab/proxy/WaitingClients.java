package twemlab.proxy;

import java.util.ArrayDeque;
import twemlab.event.EventLoop;
import twemlab.event.TimerWheel;
import twemlab.proxy.log.LimitedLines;
import twemlab.proxy.stats.ProcessField;

/// The clients that are not read from until there is memory, in the order in which they began to
/// wait, and what has them go on.
///
/// At the end of each turn some of them are looked at, and those go on whose share
/// ([twemlab.proxy.message.MemoryBudget#grantsAgain]) is enough by now; a timer does the same when
/// nothing else happens.
///
/// **Progress.** One of those that wait amid a request is *preferred*: it may use the reserve until
/// that request is whole. So even when unfinished requests hold all that may be held, each of them
/// is finished, one after the other. The preferred one has to bring something: if it does not, and
/// others wait, it is closed. A stranger who begins many large requests and finishes none gets no
/// further than that.
///
/// **The last resort.** When replies have used up the reserve too, the client that is owed most is
/// closed, and the next, until there is room.
///
/// One loop's thread.
final class WaitingClients {
  private static final int LOOKED_AT_PER_TURN = 64;
  private static final long LOOK_NANOS = 10_000_000L;

  /// How often the preferred client is looked at, and what it must have brought since.
  private static final long PREFERENCE_NANOS = 5_000_000_000L;

  private static final int PREFERENCE_BYTES = 256 << 10;

  private static final int EVICTIONS_PER_TURN = 16;

  private final Context context;
  private final ArrayDeque<ClientConn> queue = new ArrayDeque<>();
  private final TimerWheel.Timer look = new TimerWheel.Timer(_ -> look());
  private final TimerWheel.Timer patience = new TimerWheel.Timer(_ -> judgePreferred());
  private ClientConn preferred;
  private int preferredBytes;

  /// The preferred one could not go on since it was last judged, through no fault of its own.
  private boolean preferredHeldUp;

  /// Nothing was left at the end of the last turn.
  private boolean exhausted;

  private long evictedInTurn = -1;
  private long stalled;
  private long evicted;

  WaitingClients(Context context) {
    this.context = context;
  }

  /// Clients that wait.
  int size() {
    return queue.size();
  }

  /// A client is not read from until there is memory.
  void add(ClientConn client) {
    queue.add(client);
    context.stats.count(ProcessField.CLIENTS_WAITED);
  }

  /// Whether a client may use the reserve.
  boolean isPreferred(ClientConn client) {
    return preferred == client;
  }

  /// A client's request is whole, or will never be.
  void finished(ClientConn client) {
    if (preferred == client) {
      preferred = null;
      context.loop.timers().cancel(patience);
    }
  }

  /// Called at the end of each turn.
  void endTurn() {
    boolean now = context.memory.isExhausted();
    if (now && !exhausted) {
      context.pools().forEach(ServerPool::waitIfExhausted);
    }
    exhausted = now;
    if (!queue.isEmpty()) {
      look();
    }
  }

  private void look() {
    for (int left = Math.min(queue.size(), LOOKED_AT_PER_TURN); left > 0; left--) {
      ClientConn client = queue.remove();
      if (preferred == null && client.isAmidRequest()) {
        prefer(client);
      }
      if (!client.waitIsOver()) {
        queue.add(client);
        preferredHeldUp |= client == preferred;
      }
    }
    EventLoop loop = context.loop;
    if (!queue.isEmpty() && !look.scheduled()) {
      loop.timers().schedule(look, loop.now() + LOOK_NANOS);
    }
  }

  private void prefer(ClientConn client) {
    preferred = client;
    preferredHeldUp = false;
    preferredBytes = client.unfinishedBytes();
    watchPreferred();
  }

  private void watchPreferred() {
    context.loop.timers().schedule(patience, context.loop.now() + PREFERENCE_NANOS);
  }

  private void judgePreferred() {
    boolean idle = preferred.unfinishedBytes() - preferredBytes < PREFERENCE_BYTES;
    preferredHeldUp |= preferred.isPaused();
    if (idle && !preferredHeldUp && !queue.isEmpty()) {
      stalled++;
      context.stats.count(ProcessField.CLIENTS_STALLED);
      ClientConn client = preferred;
      warn(stalled, "is in the middle of a request, brings nothing, and others wait", client);
      client.evict();
      return;
    }
    preferredHeldUp = false;
    preferredBytes = preferred.unfinishedBytes();
    watchPreferred();
  }

  /// Closes the clients with the most undelivered replies, if replies have used up the reserve.
  /// Called before more is taken from a server.
  void makeRoom() {
    long excess = context.memory.excessBytes();
    if (excess <= 0 || evictedInTurn == context.loop.turns()) {
      return;
    }
    evictedInTurn = context.loop.turns();
    for (int left = EVICTIONS_PER_TURN; left > 0 && excess > 0; left--) {
      ClientConn most = owedMost();
      if (most == null) {
        return;
      }
      excess -= most.owedBytes();
      evicted++;
      context.stats.count(ProcessField.CLIENTS_EVICTED);
      warn(evicted, "is owed " + most.owedBytes() + " bytes, more than any other", most);
      most.evict();
    }
  }

  private ClientConn owedMost() {
    ClientConn most = null;
    long bytes = context.mbufs.mbufBytes();
    for (ServerPool pool : context.pools()) {
      for (int i = 0; i < pool.clients(); i++) {
        ClientConn client = pool.client(i);
        long owed = client.owedBytes();
        if (owed > bytes) {
          most = client;
          bytes = owed;
        }
      }
    }
    return most;
  }

  private void warn(long count, String why, ClientConn client) {
    LimitedLines lines = context.lines.closedClients;
    if (lines.wanted(context.loop.now())) {
      lines.print(
          "out of memory: c "
              + client.descriptor()
              + " "
              + why
              + ": closed ("
              + count
              + " so far)");
    }
  }
}
