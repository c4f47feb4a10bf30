package twemlab.benchmarks;

import static java.util.Comparator.comparing;

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

/// `twemlab bench parser`: the four parsers beside their peers.
public final class ParserSuite {
  static final List<Class<?>> BENCHMARKS =
      List.of(
          RedisRequestBenchmark.class,
          RedisReplyBenchmark.class,
          MemcacheRequestBenchmark.class,
          MemcacheReplyBenchmark.class);

  public static final Effort QUICK = new Effort(1, 6, 3, TimeValue.milliseconds(150));
  public static final Effort FULL = new Effort(2, 5, 5, TimeValue.milliseconds(300));

  private static final String OURS = "twemlab";

  /// Titles of the peers by the benchmark's method.
  private static final Map<String, String> PEERS =
      Map.of(
          "netty", "Netty codec-redis",
          "lettuce", "Lettuce",
          "nettyBinary", "Netty codec-memcache *",
          "spymemcached", "spymemcached");

  /// One line of the table: ours, and a peer on the same traffic.
  ///
  /// @param read bytes of a read; 0 for the whole batch
  /// @param ours nanoseconds per message
  /// @param bytes that ours allocates per message
  /// @param theirs nanoseconds per message
  record Row(
      Traffic traffic,
      int read,
      double ours,
      double bytes,
      String peer,
      double theirs,
      double theirBytes) {
    /// How many times as fast ours is.
    double ratio() {
      return theirs / ours;
    }
  }

  private ParserSuite() {}

  public static List<Row> run(Effort effort, OutputFormat progress, Path json)
      throws RunnerException, IOException {
    return rows(Measured.run(BENCHMARKS, Map.of(), effort, progress, json));
  }

  static List<Row> rows(List<Measured> results) {
    List<Row> rows = new ArrayList<>();
    for (Measured theirs : results) {
      if (theirs.method().equals(OURS)) {
        continue;
      }
      Measured ours =
          results.stream()
              .filter(each -> each.method().equals(OURS))
              .filter(each -> each.type().equals(theirs.type()))
              .filter(each -> each.parameters().equals(theirs.parameters()))
              .findFirst()
              .orElseThrow();
      Traffic traffic = Traffic.valueOf(ours.parameters().get("traffic"));
      double messages = traffic.messages();
      rows.add(
          new Row(
              traffic,
              Integer.parseInt(ours.parameters().get("read")),
              ours.nanos() / messages,
              ours.bytes() / messages,
              PEERS.get(theirs.method()),
              theirs.nanos() / messages,
              theirs.bytes() / messages));
    }
    rows.sort(comparing(Row::traffic).thenComparingInt(Row::read).thenComparing(Row::peer));
    return rows;
  }

  public static void print(List<Row> rows, PrintWriter out) {
    out.println("Time for a message on one core, and what is allocated for it.");
    out.println();
    out.printf(
        "%-22s %-6s %10s %7s %12s %7s  %-22s %10s %10s %7s%n",
        "message", "reads", "ours ns", "B", "messages/s", "MB/s", "peer", "ns", "B", "ratio");
    for (Row row : rows) {
      out.printf(
          Locale.ROOT,
          "%-22s %-6s %,10.1f %7.3f %,12.0f %,7.0f  %-22s %,10.1f %,10.0f %6.1fx%n",
          row.traffic().title(),
          row.read() == 0 ? "whole" : row.read() + " B",
          row.ours(),
          row.bytes(),
          1e9 / row.ours(),
          row.traffic().messageLength() * 1e3 / row.ours(),
          row.peer(),
          row.theirs(),
          row.theirBytes(),
          row.ratio());
    }
    out.println();
    out.println("reads: a batch of 16 KiB (or one message) in one piece, or in pieces of 512 B.");
    out.println(
        "MB: 10^6 bytes. B: allocated by all threads of the JVM. ratio: their time over ours.");
    out.println("*: the same requests in the binary protocol; it has no parser for the text one.");
    out.println(
        "Not measured: sockets, what is done with a message. Peers make objects, we do not.");
  }
}
