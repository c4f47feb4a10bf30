package twemlab.benchmarks.event.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import twemlab.benchmarks.compare.ProxyIdle;
import twemlab.benchmarks.event.ChainCounts;
import twemlab.benchmarks.event.Item;
import twemlab.benchmarks.event.Plan;

/// The charts of an [EventReport], as libevent's and libev's authors drew them.
record EventCharts(EventReport report) {
  static final List<Integer> SCAN_SIZES = List.of(1, 10, 100, 400, 1000, 9000);

  private static final String BOTH_AXES = "both axes are logarithmic";

  /// Where 0 idle connections stand on an axis that has no 0.
  private static final double NO_IDLE = 100;

  /// The charts with something to draw, by file.
  Map<String, LineChart> all() {
    Map<String, LineChart> charts = new LinkedHashMap<>();
    chain(charts, Item.Section.EVENTS, 1, "events-1.svg", "One event among n idle descriptors");
    chain(
        charts, Item.Section.EVENTS, 100, "events-100.svg", "100 events at a time, n descriptors");
    chain(charts, Item.Section.CHANNELS, 1, "channels-1.svg", "One event among n connections");
    chain(
        charts,
        Item.Section.CHANNELS,
        100,
        "channels-100.svg",
        "100 events at a time, n connections");
    total(charts);
    idle(charts);
    scans(charts);
    return charts;
  }

  private void chain(
      Map<String, LineChart> charts, Item.Section section, int active, String file, String title) {
    List<Item.Result> some =
        report.of(section).stream()
            .filter(each -> each.item().setting().get(Plan.ACTIVE) == active)
            .toList();
    List<LineChart.Line> lines = new ArrayList<>();
    for (String subject : EventReport.subjects(some)) {
      NavigableMap<Double, Double> points = new TreeMap<>();
      for (Item.Result each : some) {
        if (each.item().subject().equals(subject)) {
          points.put((double) each.item().setting().get(Plan.PAIRS), each.nanos());
        }
      }
      lines.add(new LineChart.Line(subject, ours(subject), points));
    }
    add(
        charts,
        file,
        title,
        String.format(
            Locale.ROOT,
            "write a byte, wait, read it; %s. Lower is better.",
            active == 1 ? "one socket active at a time" : active + " active at a time"),
        "socket pairs",
        "ns per event",
        lines,
        List.of("unix sockets, one thread, JMH; " + BOTH_AXES + "; thin lines are peers"));
  }

  private static boolean ours(String subject) {
    return !subject.startsWith("Netty") && !subject.startsWith("java.nio");
  }

  private void total(Map<String, LineChart> charts) {
    Map<String, NavigableMap<Double, Double>> lines = new LinkedHashMap<>();
    for (Item.Result each : report.of(Item.Section.TOTAL)) {
      boolean timeouts = each.item().setting().get("timeouts") == 1;
      lines
          .computeIfAbsent(
              each.item().subject() + (timeouts ? ", timeouts" : ""), _ -> new TreeMap<>())
          .put((double) each.item().setting().get(Plan.PAIRS), each.nanos() / 1e3);
    }
    add(
        charts,
        "total.svg",
        "A whole iteration: everything registered anew",
        "n descriptors taken out and registered, then 1,100 events; with and without timeouts",
        "socket pairs",
        "us per iteration",
        lines(lines),
        List.of("unix sockets, one thread, JMH; " + BOTH_AXES));
  }

  private void idle(Map<String, LineChart> charts) {
    Map<String, NavigableMap<Double, Double>> lines = new LinkedHashMap<>();
    for (ProxyIdle.Row row : report.idle()) {
      lines
          .computeIfAbsent(row.target(), _ -> new TreeMap<>())
          .put(row.idle() == 0 ? NO_IDLE : row.idle(), row.cpuMicros());
    }
    add(
        charts,
        "idle.svg",
        "The proxy with idle connections",
        "50 clients send GETs, the others are silent. Lower is better.",
        "idle connections",
        "us of processor time per request",
        lines(lines),
        List.of(
            "proxy, clients and server are processes of their own; " + BOTH_AXES + ", 0 apart"));
  }

  private void scans(Map<String, LineChart> charts) {
    Map<String, NavigableMap<Double, Double>> lines = new LinkedHashMap<>();
    for (ChainCounts counts : ChainCounts.all(SCAN_SIZES, 1)) {
      lines
          .computeIfAbsent(counts.base().backend(), _ -> new TreeMap<>())
          .put((double) counts.pairs(), counts.scanned());
    }
    add(
        charts,
        "scans.svg",
        "What a wait looks at",
        "entries that go to or come from a wait, per event; counted on the simulated kernel",
        "socket pairs",
        "entries per event",
        lines(lines),
        List.of("one socket active; the same on every machine; " + BOTH_AXES));
  }

  private static List<LineChart.Line> lines(Map<String, NavigableMap<Double, Double>> points) {
    List<LineChart.Line> lines = new ArrayList<>();
    points.forEach(
        (name, line) ->
            lines.add(new LineChart.Line(name, ours(name) && !name.equals("nutcracker"), line)));
    return lines;
  }

  /// A line of one point is none, and a chart needs one.
  private static void add(
      Map<String, LineChart> charts,
      String file,
      String title,
      String subtitle,
      String xAxis,
      String yAxis,
      List<LineChart.Line> lines,
      List<String> notes) {
    NavigableMap<Double, String> ticks = new TreeMap<>();
    for (LineChart.Line line : lines) {
      for (double x : line.points().keySet()) {
        boolean zero = file.equals("idle.svg") && x == NO_IDLE;
        ticks.put(x, zero ? "0" : String.format(Locale.ROOT, "%,.0f", x));
      }
    }
    if (ticks.size() > 1) {
      charts.put(file, new LineChart(title, subtitle, xAxis, yAxis, ticks, lines, notes));
    }
  }
}
