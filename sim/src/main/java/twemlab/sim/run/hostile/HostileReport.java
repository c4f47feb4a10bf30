package twemlab.sim.run.hostile;

import java.io.PrintWriter;
import java.util.Locale;
import org.HdrHistogram.Histogram;
import twemlab.sim.run.hostile.innocent.InnocentBooks;
import twemlab.sim.run.hostile.innocent.Timeline;

/// The outcome, in words.
public final class HostileReport {
  private HostileReport() {}

  /// Prints everything but the findings.
  public static void print(HostileSoak soak, PrintWriter out) {
    InnocentBooks books = soak.books();
    out.printf("%12d  requests of innocent clients%n", books.requests());
    out.printf("%12d  right replies%n", books.rightReplies());
    out.printf("%12d  wrong replies%n", books.wrongReplies());
    out.printf("%12d  failures owed to servers that were away%n", books.failedOwed());
    out.printf("%12d  failures owed to nobody%n", books.failedNotOwed());
    out.printf("%12d  connections refused while a flood was on%n", books.refusedConnections());
    books.failures().forEach((how, count) -> out.printf("%12d  %s%n", count.sum(), how));
    soak.faults().forEach((kind, count) -> out.printf("%12d  servers %s%n", count, kind));
    out.println();
    out.printf("%-22s      p50      p99    p99.9      max   directly p99%n", "milliseconds");
    for (Timeline.Minute minute : soak.timeline().minutes()) {
      out.println(
          latencies("minute " + (minute.minute() + 1), minute.through())
              + "      "
              + millis(minute.direct().getValueAtPercentile(99)));
    }
    soak.timeline().pools().forEach((name, all) -> out.println(latencies("pool " + name, all)));
    soak.timeline().attacks().forEach((name, all) -> out.println(latencies(name, all)));
    out.println();
    out.println(size("resident memory", soak.peakBytes(), soak.bounds().memoryBytes()));
    out.println(size("log", soak.logBytes(), soak.bounds().logBytes()));
    out.println();
    soak.tallies()
        .forEach(
            (attack, tally) ->
                out.printf("%6d  %-18s %s%n", tally.rounds(), attack.name(), tally.answers()));
  }

  private static String latencies(String what, Histogram histogram) {
    return "%-22s".formatted(what)
        + millis(histogram.getValueAtPercentile(50))
        + millis(histogram.getValueAtPercentile(99))
        + millis(histogram.getValueAtPercentile(99.9))
        + millis(histogram.getMaxValue());
  }

  private static String millis(long micros) {
    return String.format(Locale.ROOT, "%9.2f", micros / 1000.0);
  }

  private static String size(String what, long bytes, long most) {
    return String.format(
        Locale.ROOT,
        "%s: %.1f MiB at most, of %.1f that are allowed",
        what,
        bytes / 1048576.0,
        most / 1048576.0);
  }
}
