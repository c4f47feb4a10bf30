package twemlab.event.kernel;

/// Time, read through the seam so that a simulation can own it.
public interface Clock {
  /// Nanoseconds since an arbitrary moment, never decreasing (CLOCK_MONOTONIC). Deadlines are
  /// compared on this scale.
  long monotonicNanos();

  /// Milliseconds since 1970-01-01T00:00:00Z, for people: logs and statistics.
  long wallMillis();
}
