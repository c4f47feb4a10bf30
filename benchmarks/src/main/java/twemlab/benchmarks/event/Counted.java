package twemlab.benchmarks.event;

import java.io.IOException;
import twemlab.benchmarks.compare.SystemCalls;

/// A benchmark whose system calls can be counted, apart from the timing: by the kernel seam, or,
/// where the calls do not pass it, by perf(1).
interface Counted {
  int WARM_UNITS = 20_000;
  int COUNTED_UNITS = 50_000;

  /// As JMH's setup.
  void open() throws Exception;

  /// What JMH's call does, preparations included.
  void once() throws Exception;

  /// Calls that passed the seam so far; -1 if they do not go through it.
  long systemCalls();

  /// As JMH's teardown.
  void close() throws Exception;

  /// System calls of one unit; negative where they cannot be counted.
  ///
  /// @param units of a call, such as events
  static double perUnit(Counted benchmark, int units) throws Exception {
    benchmark.open();
    try {
      benchmark.once(); // what is special about the first time
      long before = benchmark.systemCalls();
      if (before < 0) {
        return byPerf(benchmark, units);
      }
      benchmark.once();
      benchmark.once();
      return (benchmark.systemCalls() - before) / (2.0 * units);
    } finally {
      benchmark.close();
    }
  }

  /// Until there are so many that what the JVM itself calls meanwhile does not show.
  private static double byPerf(Counted benchmark, int units) throws Exception {
    repeat(benchmark, units, WARM_UNITS); // what the JVM loads and compiles at first
    SystemCalls perf;
    try {
      perf = SystemCalls.ofThisThread();
    } catch (IOException e) {
      return -1;
    }
    int calls = repeat(benchmark, units, COUNTED_UNITS);
    long counted = perf.end();
    return counted < 0 ? -1 : (double) counted / ((double) calls * units);
  }

  /// Calls until there are so many units, or for a quarter of a second; at least twice.
  private static int repeat(Counted benchmark, int units, int wanted) throws Exception {
    int calls = 0;
    long end = System.nanoTime() + 250_000_000;
    while (calls * units < wanted && (calls < 2 || System.nanoTime() < end)) {
      benchmark.once();
      calls++;
    }
    return calls;
  }
}
