package twemlab.sim.run.hostile;

import twemlab.proxy.message.MemoryLimits;

/// What a proxy under attack may cost.
///
/// @param memoryBytes resident, at most
/// @param logBytes of its log, at most
public record Bounds(long memoryBytes, long logBytes) {
  /// The code of a JVM, and what the system holds for it: docs/configuration.md, Memory.
  private static final long BASE = 64L << 20;

  private static final long LOG_BASE = 256L << 10;
  private static final long LOG_EACH_MINUTE = 64L << 10;

  /// For a run of that length.
  static Bounds of(double seconds) {
    long budget = MemoryLimits.DEFAULT_BYTES;
    long memory = budget + MemoryLimits.heapFor(budget) + BASE;
    return new Bounds(memory, LOG_BASE + (long) (LOG_EACH_MINUTE * seconds / 60));
  }
}
