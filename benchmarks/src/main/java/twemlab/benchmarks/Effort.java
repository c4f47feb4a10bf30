package twemlab.benchmarks;

import org.openjdk.jmh.runner.options.TimeValue;

/// How long to measure; more is more certain.
///
/// @param forks JVMs for each benchmark; 0 measures in this one, for tests only
/// @param warmups iterations before the measured ones
/// @param iterations measured iterations
/// @param iterationTime of both kinds
record Effort(int forks, int warmups, int iterations, TimeValue iterationTime) {
  /// For a suite of a few benchmarks.
  static final Effort QUICK = new Effort(1, 3, 5, TimeValue.milliseconds(500));

  /// For a suite of a few benchmarks.
  static final Effort FULL = new Effort(3, 5, 10, TimeValue.seconds(1));

  /// For a suite of dozens of benchmarks, each of which is pure computation.
  static final Effort QUICK_OF_MANY = new Effort(1, 3, 3, TimeValue.milliseconds(100));

  /// For a suite of dozens of benchmarks, each of which is pure computation.
  static final Effort FULL_OF_MANY = new Effort(2, 5, 5, TimeValue.milliseconds(500));
}
