package twemlab.sim.run.hostile;

/// What a proxy under attack may cost.
///
/// @param memoryBytes resident, at most
/// @param logBytes of its log, at most
public record Bounds(long memoryBytes, long logBytes) {
  /// The heap and the code of a JVM, and what the system holds for it.
  private static final long BASE = 256L << 20;

  /// Of mbufs and tables.
  private static final long BUDGET = 1024L << 20;

  private static final long LOG_BASE = 256L << 10;
  private static final long LOG_EACH_MINUTE = 64L << 10;

  /// For a run of that length.
  static Bounds of(double seconds) {
    return new Bounds(BASE + BUDGET, LOG_BASE + (long) (LOG_EACH_MINUTE * seconds / 60));
  }
}
