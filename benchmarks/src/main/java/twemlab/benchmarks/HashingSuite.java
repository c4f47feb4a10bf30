package twemlab.benchmarks;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.options.TimeValue;
import twemlab.hashing.DistributionKind;
import twemlab.hashing.KeyHash;

/// `twemlab bench hashing`: each hash beside its peers, each distribution beside the others.
public final class HashingSuite {
  static final List<Class<?>> BENCHMARKS = List.of(HashBenchmark.class, DispatchBenchmark.class);

  /// A call is so short that 100 ms see hundreds of thousands of them.
  private static final Effort FULL = new Effort(2, 4, 5, TimeValue.milliseconds(100));

  private static final Effort QUICK = new Effort(1, 3, 3, TimeValue.milliseconds(100));

  private static final String OURS = "twemlab";

  private final List<Measured> results;

  private HashingSuite(List<Measured> results) {
    this.results = results;
  }

  /// Measures everything.
  ///
  /// @param quick with less certainty, and of the keys those of 32 bytes only
  /// @param progress takes JMH's own output
  /// @param json where JMH's results are written
  public static HashingSuite run(boolean quick, OutputFormat progress, Path json)
      throws RunnerException, IOException {
    return quick
        ? run(QUICK, Map.of("length", List.of("32")), progress, json)
        : run(FULL, Map.of(), progress, json);
  }

  public static HashingSuite run(
      Effort effort, Map<String, List<String>> parameters, OutputFormat progress, Path json)
      throws RunnerException, IOException {
    return new HashingSuite(Measured.run(BENCHMARKS, parameters, effort, progress, json));
  }

  /// Nanoseconds of a lookup, by distribution and number of servers.
  public Map<DistributionKind, NavigableMap<Integer, Double>> lookups() {
    var lookups =
        new EnumMap<DistributionKind, NavigableMap<Integer, Double>>(DistributionKind.class);
    for (DistributionKind kind : DistributionKind.values()) {
      NavigableMap<Integer, Double> nanos = new TreeMap<>();
      dispatch(kind).forEach((servers, each) -> nanos.put(servers, each.nanos()));
      lookups.put(kind, nanos);
    }
    return lookups;
  }

  public void print(PrintWriter out) {
    printHashes(out);
    out.println();
    printDispatch(out);
  }

  private void printHashes(PrintWriter out) {
    out.println("Nanoseconds to hash a key, by its length.");
    out.println();
    var some = hash(OURS, KeyHash.values()[0].name());
    out.printf("%-32s %s%n", "hash", columns(some, "%6s B    ratio   B/op"));
    for (KeyHash hash : KeyHash.values()) {
      var ours = hash(OURS, hash.name());
      out.printf("%-32s %s%n", hash.configName(), cells(ours, Map.of()));
      for (PeerHash peer : PeerHash.values()) {
        if (peer.ours() == hash) {
          String title = "  " + peer.title() + (peer.same() ? "" : " *");
          out.printf("%-32s %s%n", title, cells(hash("peer", peer.name()), ours));
        }
      }
    }
    out.println();
    out.println("ratio: the peer's time over ours. B/op: allocated. *: another function for the");
    out.println("same purpose. Ours reads native memory, the peers an array. Not measured: how");
    out.println("well a hash spreads keys (docs/hashing.md), keys that are not in the cache.");
  }

  private void printDispatch(PrintWriter out) {
    out.println("Nanoseconds to choose the server of a hash, by the number of servers.");
    out.println();
    var some = dispatch(DistributionKind.KETAMA);
    out.printf("%-32s %s%n", "distribution", columns(some, "%8s    ratio   B/op"));
    for (DistributionKind kind : DistributionKind.values()) {
      var ours = dispatch(kind);
      out.printf("%-32s %s%n", kind.configName(), cells(ours, Map.of()));
      if (kind == DistributionKind.JUMP) {
        var guava = select(DispatchBenchmark.class, "guava", Map.of(), "servers");
        out.printf("%-32s %s%n", "  Guava consistentHash", cells(guava, ours));
      }
    }
    out.println();
    out.println("Servers of equal weight, all live. Not measured: hashing the key, tables that");
    out.println("other work has driven out of the cache, ketama_bounded with busy servers.");
  }

  /// A line of the table of hashes, by the length of keys.
  private NavigableMap<Integer, Measured> hash(String method, String name) {
    return select(HashBenchmark.class, method, Map.of("hash", name), "length");
  }

  /// A line of the table of distributions, by the number of servers.
  private NavigableMap<Integer, Measured> dispatch(DistributionKind kind) {
    Map<String, String> parameters = Map.of("distribution", kind.name());
    return select(DispatchBenchmark.class, OURS, parameters, "servers");
  }

  /// The results of a benchmark with those parameters, by the value of one more.
  private NavigableMap<Integer, Measured> select(
      Class<?> type, String method, Map<String, String> parameters, String column) {
    NavigableMap<Integer, Measured> row = new TreeMap<>();
    for (Measured each : results) {
      if (each.type().equals(type.getSimpleName())
          && each.method().equals(method)
          && each.parameters().entrySet().containsAll(parameters.entrySet())) {
        row.put(Integer.valueOf(each.parameters().get(column)), each);
      }
    }
    return row;
  }

  private static String columns(NavigableMap<Integer, Measured> row, String format) {
    List<String> heads = new ArrayList<>();
    for (Integer column : row.keySet()) {
      heads.add(String.format(Locale.ROOT, format, column));
    }
    return String.join("  ", heads);
  }

  private static String cells(
      NavigableMap<Integer, Measured> row, Map<Integer, Measured> reference) {
    List<String> cells = new ArrayList<>();
    row.forEach(
        (column, each) -> {
          Measured ours = reference.get(column);
          String ratio =
              ours == null ? "" : String.format(Locale.ROOT, "%.1fx", each.nanos() / ours.nanos());
          cells.add(
              String.format(Locale.ROOT, "%8.1f %8s %6.2f", each.nanos(), ratio, each.bytes()));
        });
    return String.join("  ", cells);
  }
}
