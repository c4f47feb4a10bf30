package twemlab.benchmarks;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/// `twemlab bench event`: runs [SocketPairPing] over each mechanism and makes its table.
final class EventSuite {
  private static final int COUNTED_PINGS = 1000;

  /// One line of the table.
  ///
  /// @param nanos per event
  /// @param error half of the 99.9 % confidence interval of `nanos`; not a number with one
  ///   iteration
  /// @param bytes allocated per event
  /// @param systemCalls per event, at the kernel seam; negative where there is none
  record Row(Mechanism mechanism, double nanos, double error, double bytes, double systemCalls) {}

  private EventSuite() {}

  /// Measures every mechanism.
  ///
  /// @param progress takes JMH's own output
  static List<Row> run(Effort effort, OutputFormat progress) throws RunnerException {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include("^" + SocketPairPing.class.getName().replace(".", "\\.") + "\\.ping$")
            .forks(effort.forks())
            .warmupIterations(effort.warmups())
            .warmupTime(effort.iterationTime())
            .measurementIterations(effort.iterations())
            .measurementTime(effort.iterationTime())
            .addProfiler(GCProfiler.class)
            .shouldFailOnError(true);
    Collection<RunResult> results = new Runner(options.build(), progress).run();
    List<Row> rows = new ArrayList<>();
    for (RunResult result : results) {
      rows.add(row(result));
    }
    return rows;
  }

  private static Row row(RunResult result) {
    Mechanism mechanism = Mechanism.valueOf(result.getParams().getParam("mechanism"));
    Result<?> time = result.getPrimaryResult();
    Result<?> allocation = result.getSecondaryResults().get("gc.alloc.rate.norm");
    return new Row(
        mechanism,
        time.getScore(),
        time.getScoreError(),
        allocation.getScore(),
        systemCallsPerEvent(mechanism));
  }

  /// Counted apart from the timing: the figure is the same on every machine and in every run.
  static double systemCallsPerEvent(Mechanism mechanism) {
    try (OneByte pair = mechanism.open()) {
      pair.ping(); // a new edge-triggered registration reports more than the byte
      long before = pair.systemCalls();
      if (before < 0) {
        return -1;
      }
      for (int i = 0; i < COUNTED_PINGS; i++) {
        pair.ping();
      }
      return (pair.systemCalls() - before) / (double) COUNTED_PINGS;
    }
  }

  static void print(List<Row> rows, PrintWriter out) {
    out.println("One byte through a pair of unix sockets: write, wait until readable, read.");
    out.println();
    out.printf(
        Locale.ROOT,
        "%-24s %10s %9s %14s %8s%n",
        "mechanism",
        "ns/event",
        "+-",
        "syscalls/event",
        "B/event");
    for (Row row : rows) {
      out.printf(
          Locale.ROOT,
          "%-24s %10.0f %9s %14s %8.2f%n",
          row.mechanism().title(),
          row.nanos(),
          Double.isNaN(row.error()) ? "-" : String.format(Locale.ROOT, "%.0f", row.error()),
          row.systemCalls() < 0 ? "-" : String.format(Locale.ROOT, "%.2f", row.systemCalls()),
          row.bytes());
    }
    out.println();
    out.println(
        "+-: half of the 99.9 % confidence interval. System calls are counted at the kernel");
    out.println("seam, which the JDK's selector does not pass. B/event: allocated, by JMH's gc");
    out.println(
        "profiler. Not measured: many descriptors (only one is registered), waking a thread");
    out.println("that sleeps, TCP, changes of interest, a server's own work.");
  }
}
