package twemlab.proxy.stats;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;

/// The values of all pools and servers, between the loop thread that writes and the stats thread
/// that reads.
///
/// The loop thread adds to its own plain longs as a turn goes on: no lock, no allocation. At the
/// end of the turn [#swap] copies the rows that changed into a second block, which the stats thread
/// reads with [#snapshot]. So every answer is as of the end of the last completed turn, and a turn
/// is seen whole or not at all.
///
/// The second block is a *seqlock* (Lameter 2005; in terms of a language memory model: Boehm, "Can
/// seqlocks get along with programming language memory models?", MSPC 2012). A sequence number is
/// odd while the block is being written:
///
/// ```
///   loop thread                          stats thread
///   sequence = odd                       s1 = sequence            (acquire)
///   releaseFence                         copy the block           (opaque)
///   copy the changed rows (opaque)       acquireFence
///   sequence = even       (release)      s2 = sequence
///                                        take the copy if s1 == s2 and s1 is even, else again
/// ```
///
/// The release fence keeps the copies from moving before the odd number; the release store keeps
/// them from moving after the even one; the acquire fence keeps the second reading of the number
/// from moving before the readings of the block. The accesses to the block are opaque, so that no
/// long is torn and none is kept in a register. The writer never waits; a reader that meets a
/// write, which takes well under a microsecond, tries again.
///
/// C counterparts `struct stats`, `stats_swap`, `stats_aggregate`. twemproxy swaps whole arrays,
/// and not at all while the last ones wait for the stats thread.
public final class Stats {
  private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
  private static final VarHandle SEQUENCE;

  static {
    try {
      SEQUENCE = MethodHandles.lookup().findVarHandle(Stats.class, "sequence", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final StatsLayout layout;

  // Of the loop thread alone.
  private final StatsRows rows;
  private final PoolStats[] pools;
  private final ServerStats[][] servers;

  // Of both threads.
  private final long[] shared;

  @SuppressWarnings("UnusedVariable") // read and written through SEQUENCE
  private long sequence;

  /// Values of 0 for these pools and servers.
  public Stats(List<StatsNames> names) {
    this.layout = new StatsLayout(names);
    this.rows = new StatsRows(layout);
    this.shared = new long[layout.size()];
    this.pools = new PoolStats[names.size()];
    this.servers = new ServerStats[names.size()][];
    for (int pool = 0; pool < pools.length; pool++) {
      pools[pool] = new PoolStats(rows, layout.poolRow(pool));
      servers[pool] = new ServerStats[names.get(pool).servers().size()];
      for (int server = 0; server < servers[pool].length; server++) {
        servers[pool][server] = new ServerStats(rows, layout.serverRow(pool, server));
      }
    }
  }

  /// The values of a pool, by its index. Loop thread only.
  public PoolStats pool(int pool) {
    return pools[pool];
  }

  /// The values of a server, by the indices of its pool and of itself. Loop thread only.
  public ServerStats server(int pool, int server) {
    return servers[pool][server];
  }

  /// A connection object was made: a listener, a client or a server connection. Loop thread only.
  public void connectionOpened() {
    rows.add(StatsLayout.PROCESS_ROW, StatsLayout.TOTAL_CONNECTIONS, 1);
    rows.add(StatsLayout.PROCESS_ROW, StatsLayout.CURR_CONNECTIONS, 1);
  }

  /// A connection object was freed. Loop thread only.
  public void connectionClosed() {
    rows.add(StatsLayout.PROCESS_ROW, StatsLayout.CURR_CONNECTIONS, -1);
  }

  /// Says how much memory may be used. Loop thread only.
  public void memoryLimits(long bytes, int messages) {
    set(ProcessField.MEMORY_LIMIT, bytes);
    set(ProcessField.MESSAGES_LIMIT, messages);
  }

  /// Says how much memory is used at the end of a turn. Loop thread only.
  public void memory(long bytes, int messages, int clientsWaiting) {
    set(ProcessField.MEMORY_USED, bytes);
    set(ProcessField.MESSAGES_USED, messages);
    set(ProcessField.CLIENTS_WAITING, clientsWaiting);
  }

  /// Counts an event of the process. Loop thread only.
  public void count(ProcessField field) {
    rows.add(StatsLayout.PROCESS_ROW, StatsLayout.FIRST_PROCESS_FIELD + field.ordinal(), 1);
  }

  /// Most turns change none of them, and then nothing is published.
  private void set(ProcessField field, long value) {
    int place = StatsLayout.FIRST_PROCESS_FIELD + field.ordinal();
    if (rows.get(StatsLayout.PROCESS_ROW, place) != value) {
      rows.set(StatsLayout.PROCESS_ROW, place, value);
    }
  }

  /// Publishes what changed since the last call: the end of a turn. Loop thread only. Costs one
  /// comparison when nothing changed, else the copy of the changed rows.
  // tag::swap[]
  public void swap() {
    if (!rows.changed()) {
      return;
    }
    long before = (long) SEQUENCE.getOpaque(this);
    SEQUENCE.setOpaque(this, before + 1);
    VarHandle.releaseFence();
    for (int i = 0; i < rows.changedCount(); i++) {
      int row = rows.changedRow(i);
      for (int at = layout.start(row); at < layout.start(row + 1); at++) {
        LONGS.setOpaque(shared, at, rows.value(at));
      }
    }
    SEQUENCE.setRelease(this, before + 2);
    rows.clearChanged();
  }

  // end::swap[]

  /// The values as of the last [#swap]. Any thread.
  // tag::snapshot[]
  public StatsSnapshot snapshot() {
    long[] copy = new long[shared.length];
    while (true) {
      long before = (long) SEQUENCE.getAcquire(this);
      if ((before & 1) == 0) {
        for (int at = 0; at < copy.length; at++) {
          copy[at] = (long) LONGS.getOpaque(shared, at);
        }
        VarHandle.acquireFence();
        if ((long) SEQUENCE.getOpaque(this) == before) {
          return new StatsSnapshot(layout, copy);
        }
      }
      Thread.onSpinWait();
    }
  }
  // end::snapshot[]
}
