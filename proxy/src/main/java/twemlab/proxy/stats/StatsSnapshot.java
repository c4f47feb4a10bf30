package twemlab.proxy.stats;

import java.util.List;

/// All values as of the end of one turn. Immutable.
public final class StatsSnapshot {
  private final StatsLayout layout;
  private final long[] values;

  /// Takes the array over.
  StatsSnapshot(StatsLayout layout, long[] values) {
    this.layout = layout;
    this.values = values;
  }

  /// The names of the pools and of their servers, in index order.
  public List<StatsNames> names() {
    return layout.names();
  }

  /// A value of a pool.
  public long pool(int pool, PoolField field) {
    return values[layout.start(layout.poolRow(pool)) + field.ordinal()];
  }

  /// A value of a server of a pool.
  public long server(int pool, int server, ServerField field) {
    return values[layout.start(layout.serverRow(pool, server)) + field.ordinal()];
  }

  /// How many connection objects were ever made: listeners, clients and servers.
  public long totalConnections() {
    return values[StatsLayout.TOTAL_CONNECTIONS];
  }

  /// A value of the process.
  public long process(ProcessField field) {
    return values[StatsLayout.FIRST_PROCESS_FIELD + field.ordinal()];
  }

  /// How many connection objects exist.
  public long currConnections() {
    return values[StatsLayout.CURR_CONNECTIONS];
  }
}
