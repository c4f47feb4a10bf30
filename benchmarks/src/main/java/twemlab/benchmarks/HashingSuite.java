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
import twemlab.hashing.DistributionKind;
import twemlab.hashing.KeyHash;

/// `twemlab bench hashing`: each hash beside its peers, each distribution beside the others.
final class HashingSuite {
  static final List<Class<?>> BENCHMARKS =
      List.of(
          HashBenchmark.class,
          PeerHashBenchmark.class,
          DispatchBenchmark.class,
          PeerDispatchBenchmark.class);

  /// Lengths of keys, in bytes; the quick run has the middle one alone.
  private static final List<String> QUICK_LENGTHS = List.of("32");

  private final List<Measured> results;

  private HashingSuite(List<Measured> results) {
    this.results = results;
  }

  static HashingSuite run(Effort effort, boolean quick, OutputFormat progress, Path json)
      throws RunnerException, IOException {
    Map<String, List<String>> parameters = quick ? Map.of("length", QUICK_LENGTHS) : Map.of();
    return new HashingSuite(Measured.run(BENCHMARKS, parameters, effort, progress, json));
  }

  /// Nanoseconds of a lookup, by distribution and number of servers.
  Map<DistributionKind, NavigableMap<Integer, Double>> lookups() {
    var lookups = new EnumMap<DistributionKind, NavigableMap<Integer, Double>>(DistributionKind.class);
    for (Measured each : of(DispatchBenchmark.class)) {
      DistributionKind kind = DistributionKind.valueOf(each.parameters().get("distribution"));
      lookups
          .computeIfAbsent(kind, _ -> new TreeMap<>())
          .put(Integer.valueOf(each.parameters().get("servers")), each.nanos());
    }
    return lookups;
  }

  void print(PrintWriter out) {
    printHashes(out);
    out.println();
    printDispatch(out);
  }

  private void printHashes(PrintWriter out) {
    List<Measured> ours = of(HashBenchmark.class);
    List<Measured> peers = of(PeerHashBenchmark.class);
    out.println("Nanoseconds to hash a key, by its length.");
    out.println();
    out.printf("%-32s %s%n", "hash", columns(byParameter(ours, "length"), "%6s B    ratio   B/op"));
    for (KeyHash hash : KeyHash.values()) {
      var row = select(ours, "hash", hash.name());
      out.printf("%-32s %s%n", hash.configName(), cells(row, Map.of()));
      for (PeerHash peer : PeerHash.values()) {
        if (peer.ours() == hash) {
          String title = "  " + peer.title() + (peer.same() ? "" : " *");
          out.printf("%-32s %s%n", title, cells(select(peers, "hash", peer.name()), row));
        }
      }
    }
    out.println();
    out.println("ratio: the peer's time over ours. B/op: allocated. *: another function for the");
    out.println("same purpose. Ours reads native memory, the peers an array. Not measured: how");
    out.println("well a hash spreads keys (docs/hashing.md), keys that are not in the cache.");
  }

  private void printDispatch(PrintWriter out) {
    List<Measured> ours = of(DispatchBenchmark.class);
    List<Measured> guava = of(PeerDispatchBenchmark.class);
    out.println("Nanoseconds to choose the server of a hash, by the number of servers.");
    out.println();
    out.printf(
        "%-32s %s%n", "distribution", columns(byParameter(ours, "servers"), "%8s    ratio   B/op"));
    for (DistributionKind kind : DistributionKind.values()) {
      var row = select(ours, "servers", "distribution", kind.name());
      out.printf("%-32s %s%n", kind.configName(), cells(row, Map.of()));
      if (kind == DistributionKind.JUMP) {
        out.printf(
            "%-32s %s%n", "  Guava consistentHash", cells(byParameter(guava, "servers"), row));
      }
    }
    out.println();
    out.println("Servers of equal weight, all live. Not measured: hashing the key, tables that");
    out.println("other work has driven out of the cache, ketama_bounded with busy servers.");
  }

  private List<Measured> of(Class<?> type) {
    return results.stream().filter(each -> each.type().equals(type.getSimpleName())).toList();
  }

  private static NavigableMap<Integer, Measured> select(
      List<Measured> from, String parameter, String value) {
    return select(from, "length", parameter, value);
  }

  private static NavigableMap<Integer, Measured> select(
      List<Measured> from, String column, String parameter, String value) {
    return byParameter(
        from.stream().filter(each -> each.parameters().get(parameter).equals(value)).toList(),
        column);
  }

  private static NavigableMap<Integer, Measured> byParameter(List<Measured> from, String column) {
    NavigableMap<Integer, Measured> row = new TreeMap<>();
    for (Measured each : from) {
      row.put(Integer.valueOf(each.parameters().get(column)), each);
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
