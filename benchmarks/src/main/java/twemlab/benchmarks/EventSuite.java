package twemlab.benchmarks;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.options.TimeValue;

/// `twemlab bench event`: runs [SocketPairPing] over each mechanism and makes its table.
final class EventSuite {
  static final List<Class<?>> BENCHMARKS = List.of(SocketPairPing.class);
  static final Effort QUICK = new Effort(1, 3, 5, TimeValue.milliseconds(500));
  static final Effort FULL = new Effort(3, 5, 10, TimeValue.seconds(1));

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
  /// @param json where JMH's results are written
  static List<Row> run(Effort effort, OutputFormat progress, Path json)
      throws RunnerException, IOException {
    List<Row> rows = new ArrayList<>();
    for (Measured each : Measured.run(BENCHMARKS, Map.of(), effort, progress, json)) {
      Mechanism mechanism = Mechanism.valueOf(each.parameters().get("mechanism"));
      rows.add(
          new Row(
              mechanism, each.nanos(), each.error(), each.bytes(), systemCallsPerEvent(mechanism)));
    }
    return rows;
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
