package twemlab.proxy.stats;

/// The values of one pool, for the loop thread alone; others see them after [Stats#swap]. Plain
/// array stores: nothing is locked and nothing allocated.
///
/// C counterparts `stats_pool_incr`, `stats_pool_decr`, `stats_pool_incr_by`, `stats_pool_decr_by`.
public final class PoolStats {
  private final StatsRows rows;
  private final int row;

  PoolStats(StatsRows rows, int row) {
    this.rows = rows;
    this.row = row;
  }

  /// Adds an amount, which may be negative for a gauge.
  public void add(PoolField field, long amount) {
    rows.add(row, field.ordinal(), amount);
  }

  /// Replaces the value: for timestamps, in microseconds since the epoch.
  public void set(PoolField field, long value) {
    rows.set(row, field.ordinal(), value);
  }

  /// The value now, in the middle of a turn.
  public long get(PoolField field) {
    return rows.get(row, field.ordinal());
  }
}
