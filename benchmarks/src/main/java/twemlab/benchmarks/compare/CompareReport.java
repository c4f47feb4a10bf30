package twemlab.benchmarks.compare;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// The figures of a comparison, as a table, as JSON, and beside those of an earlier run.
final class CompareReport {
  private final Map<Case, Map<String, Figures>> figures;
  private final List<Footprint> footprints;
  private final List<String> lost;
  private final List<String> unsteady;

  /// @param lost what could not be measured, and why
  /// @param unsteady where garbage was collected although the load was steady
  CompareReport(
      Map<Case, Map<String, Figures>> figures,
      List<Footprint> footprints,
      List<String> lost,
      List<String> unsteady) {
    this.figures = figures;
    this.footprints = footprints;
    this.lost = lost;
    this.unsteady = unsteady;
  }

  /// A Markdown table; ratios are medians over the rounds, with their least and largest.
  void print(PrintWriter out) {
    out.println(
        "| case | target | CPU us/request | ratio | requests/s | ratio | calls/request |"
            + " p50 us | p99 us | p99.9 us | RSS MiB | collections | B/request |");
    out.println("|---|---|---|---|---|---|---|---|---|---|---|---|---|");
    figures.forEach(
        (load, targets) -> targets.forEach((name, each) -> out.println(row(load, name, each))));
    out.println();
    out.println(
        "Ratios are to nutcracker in the same round: median (least to largest). Latencies are"
            + " those of an open loop at half of nutcracker's rate, from when a request was due:"
            + " medians over the rounds. Collections of the garbage collector, with their time, and"
            + " bytes allocated per request are those of a steady load after all rounds.");
    list("Not steady:", unsteady, out);
    list("Lost:", lost, out);
    if (!footprints.isEmpty()) {
      out.println();
      Footprint.print(footprints, out);
    }
  }

  private static void list(String title, List<String> items, PrintWriter out) {
    if (!items.isEmpty()) {
      out.println();
      out.println(title);
      out.println();
      items.forEach(each -> out.println("- " + each));
    }
  }

  private String row(Case load, String name, Figures each) {
    Figures reference = figures.get(load).get(CompareSuite.REFERENCE);
    return String.format(
        Locale.ROOT,
        "| %s | %s | %.2f | %s | %,.0f | %s | %s | %.0f | %.0f | %.0f | %.1f | %s |",
        load.name(),
        name,
        Figures.median(each.cpuMicros()),
        spread(Figures.ratios(each.cpuMicros(), reference.cpuMicros())),
        Figures.median(each.rates()),
        spread(Figures.ratios(each.rates(), reference.rates())),
        each.systemCalls() < 0 ? "?" : String.format(Locale.ROOT, "%.2f", each.systemCalls()),
        each.latency(0),
        each.latency(1),
        each.latency(2),
        each.residentBytes() / 1048576.0,
        steady(each.steady()));
  }

  /// Two cells.
  private static String steady(SteadyState state) {
    return state == null
        ? "|"
        : String.format(
            Locale.ROOT,
            "%d (%.1f ms) | %.2f",
            state.collections(),
            state.collectorMillis(),
            state.bytesPerRequest());
  }

  private static String spread(List<Double> ratios) {
    if (ratios.isEmpty()) {
      return "?";
    }
    List<Double> sorted = ratios.stream().sorted().toList();
    return String.format(
        Locale.ROOT,
        "%.2f (%.2f to %.2f)",
        Figures.median(ratios),
        sorted.getFirst(),
        sorted.getLast());
  }

  /// The manifest and all figures, as JSON.
  void write(Path file, Map<String, String> manifest) throws IOException {
    StringBuilder json = new StringBuilder("{\n  \"manifest\": {");
    List<String> facts = new ArrayList<>();
    manifest.forEach((name, value) -> facts.add("\n    " + quoted(name) + ": " + quoted(value)));
    json.append(String.join(",", facts)).append("\n  },\n  \"figures\": [");
    List<String> rows = new ArrayList<>();
    figures.forEach(
        (load, targets) -> targets.forEach((name, each) -> rows.add(json(load, name, each))));
    json.append(String.join(",", rows)).append("\n  ],\n  \"footprints\": [");
    json.append(String.join(",", footprints.stream().map(each -> "\n    " + each.json()).toList()));
    json.append("\n  ]\n}\n");
    Files.createDirectories(file.getParent());
    Files.writeString(file, json, StandardCharsets.UTF_8);
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static String json(Case load, String name, Figures each) {
    return String.format(
        Locale.ROOT,
        "%n    {\"case\": %s, \"target\": %s, \"cpuMicros\": %s, \"rates\": %s,"
            + " \"systemCalls\": %.3f, \"latencyMicros\": %s, \"steady\": %s,"
            + " \"residentBytes\": %d}",
        quoted(load.name()),
        quoted(name),
        list(each.cpuMicros()),
        list(each.rates()),
        each.systemCalls(),
        each.latencyMicros(),
        each.steady() == null ? "null" : each.steady().json(),
        each.residentBytes());
  }

  /// JSON has no NaN.
  private static String list(List<Double> values) {
    return values.toString().replace("NaN", "null");
  }

  /// Says what changed against an earlier file: the medians of each target's processor time.
  ///
  /// @throws IOException if the file is not one that [#write] wrote
  void compare(Path baseline, PrintWriter out) throws IOException {
    Map<String, Double> before = medians(baseline);
    out.println();
    out.println("| case | target | CPU us/request, baseline | now | change |");
    out.println("|---|---|---|---|---|");
    figures.forEach(
        (load, targets) ->
            targets.forEach(
                (name, each) -> {
                  Double old = before.get(load.name() + "/" + name);
                  if (old != null) {
                    double now = Figures.median(each.cpuMicros());
                    out.printf(
                        Locale.ROOT,
                        "| %s | %s | %.2f | %.2f | %+.0f %% |%n",
                        load.name(),
                        name,
                        old,
                        now,
                        100 * (now / old - 1));
                  }
                }));
  }

  private static Map<String, Double> medians(Path baseline) throws IOException {
    // JSON is YAML.
    Object document =
        new Load(LoadSettings.builder().build()).loadFromString(Files.readString(baseline));
    Map<String, Double> medians = new LinkedHashMap<>();
    if (document instanceof Map<?, ?> top && top.get("figures") instanceof List<?> rows) {
      for (Object each : rows) {
        if (each instanceof Map<?, ?> row && row.get("cpuMicros") instanceof List<?> values) {
          List<Double> micros =
              values.stream()
                  .map(value -> value instanceof Number n ? n.doubleValue() : Double.NaN)
                  .toList();
          medians.put(row.get("case") + "/" + row.get("target"), Figures.median(micros));
        }
      }
      return medians;
    }
    throw new IOException(baseline + " is not a result of bench compare");
  }
}
