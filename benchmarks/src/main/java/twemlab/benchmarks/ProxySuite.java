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
import twemlab.event.backend.Backend;
import twemlab.event.backend.Backends;
import twemlab.event.backend.Kernels;

/// `twemlab bench proxy`: runs [ForwardingBenchmark] over each backend and makes its table.
public final class ProxySuite {
  static final List<Class<?>> BENCHMARKS = List.of(ForwardingBenchmark.class);
  public static final Effort QUICK = new Effort(1, 5, 3, TimeValue.milliseconds(500));
  public static final Effort FULL = new Effort(2, 6, 8, TimeValue.seconds(1));

  private static final int COUNTED_BATCHES = 1_000;

  /// One line of the table.
  ///
  /// @param nanos per request
  /// @param bytes allocated per request
  /// @param systemCalls of the proxy per request, at the kernel seam
  record Row(String backend, int pipeline, double nanos, double bytes, double systemCalls) {}

  private ProxySuite() {}

  public static List<Row> run(Effort effort, OutputFormat progress, Path json)
      throws RunnerException, IOException {
    List<String> backends =
        Backends.working(Kernels.host()).stream().map(Backend::backend).toList();
    List<Row> rows = new ArrayList<>();
    for (Measured each :
        Measured.run(BENCHMARKS, Map.of("backend", backends), effort, progress, json)) {
      String backend = each.parameters().get("backend");
      int pipeline = Integer.parseInt(each.parameters().get("pipeline"));
      rows.add(
          new Row(
              backend,
              pipeline,
              each.nanos() / pipeline,
              each.bytes() / pipeline,
              systemCalls(backend, pipeline)));
    }
    return rows;
  }

  /// Counted apart from the timing: the figure hardly differs from run to run.
  public static double systemCalls(String backend, int pipeline) throws IOException {
    try (var rig = new ForwardingRig(backend, pipeline)) {
      long before = rig.systemCalls();
      for (int i = 0; i < COUNTED_BATCHES; i++) {
        rig.roundTrip();
      }
      return (rig.systemCalls() - before) / ((double) COUNTED_BATCHES * pipeline);
    }
  }

  public static void print(List<Row> rows, PrintWriter out) {
    out.println("GETs through client, proxy and server on one thread, over loopback.");
    out.println();
    out.println("backend        pipeline   ns/request   syscalls/request  B/request");
    for (Row row : rows) {
      out.printf(
          Locale.ROOT,
          "%-14s %8d %12.0f %18.2f %10.2f%n",
          row.backend(),
          row.pipeline(),
          row.nanos(),
          row.systemCalls(),
          row.bytes());
    }
    out.println();
    out.println("The time holds the peers' work, too; the system calls are the proxy's alone, and");
    out.println("waits that found nothing are among them, because nobody ever sleeps.");
  }
}
