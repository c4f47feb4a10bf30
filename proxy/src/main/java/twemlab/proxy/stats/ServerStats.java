package twemlab.proxy.stats;

/// The values of one server, for the loop thread alone; others see them after [Stats#swap]. Plain
/// array stores: nothing is locked and nothing allocated.
///
/// C counterparts `stats_server_incr`, `stats_server_decr`, `stats_server_incr_by`,
/// `stats_server_decr_by`, `stats_server_set_ts`.
public final class ServerStats {
  private final StatsRows rows;
  private final int row;

  ServerStats(StatsRows rows, int row) {
    this.rows = rows;
    this.row = row;
  }

  /// Adds an amount, which may be negative for a gauge.
  public void add(ServerField field, long amount) {
    rows.add(row, field.ordinal(), amount);
  }

  /// Replaces the value: for timestamps, in microseconds since the epoch.
  public void set(ServerField field, long value) {
    rows.set(row, field.ordinal(), value);
  }

  /// The value now, in the middle of a turn.
  public long get(ServerField field) {
    return rows.get(row, field.ordinal());
  }
}
