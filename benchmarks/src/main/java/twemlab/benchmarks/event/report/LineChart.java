package twemlab.benchmarks.event.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import twemlab.proxy.svg.Svg;

/// Lines over logarithmic axes, each named at its right end.
///
/// ```text
///   title
///   subtitle
///   y axis
///   100 |            ___---  a line
///    10 |____-----~~~------  another
///       1     10    100
///              x axis
///   notes
/// ```
///
/// @param xTicks the values that are named, by where they are on the axis
record LineChart(
    String title,
    String subtitle,
    String xAxis,
    String yAxis,
    NavigableMap<Double, String> xTicks,
    List<Line> lines,
    List<String> notes) {

  /// A line.
  ///
  /// @param ours drawn strong; the others are peers, and thin
  record Line(String name, boolean ours, NavigableMap<Double, Double> points) {}

  private static final List<String> COLORS =
      List.of(
          "#1b6ca8", "#e07b22", "#2e8b57", "#b5303c", "#7a52a8", "#8a5a44", "#c2559d", "#5f6b73",
          "#9a9a1e");
  private static final String GRID = "#dcdcdc";
  private static final int WIDTH = 980;
  private static final int LEFT = 84;
  private static final int TOP = 112;
  private static final int PLOT_WIDTH = 640;
  private static final int PLOT_HEIGHT = 400;
  private static final int LABEL = 18;

  /// The drawing, as an SVG document.
  String svg() {
    Svg svg = new Svg();
    svg.text(24, 40, 24, "start", title);
    svg.text(24, 66, 15, "start", subtitle);
    svg.text(24, TOP - 14.0, 13, "start", yAxis);
    double low = Math.pow(10, Math.floor(Math.log10(extreme(false))));
    double high = Math.pow(10, Math.ceil(Math.log10(extreme(true))));
    high = Math.max(high, 10 * low);
    grid(svg, low, high);
    double bottom = TOP + (double) PLOT_HEIGHT;
    svg.text(LEFT + PLOT_WIDTH / 2.0, bottom + 44, 14, "middle", xAxis);
    double[] labels = labels(low, high);
    for (int i = 0; i < lines.size(); i++) {
      draw(svg, lines.get(i), COLORS.get(i % COLORS.size()), low, high, labels[i]);
    }
    double y = bottom + 74;
    for (String note : notes) {
      svg.text(24, y, 13, "start", note);
      y += 20;
    }
    return svg.document(WIDTH, (int) y + 6);
  }

  private double extreme(boolean highest) {
    var values =
        lines.stream().flatMap(line -> line.points().values().stream()).mapToDouble(v -> v);
    return (highest ? values.max() : values.min()).orElse(1);
  }

  private void grid(Svg svg, double low, double high) {
    for (double tick = low; tick <= high * 1.001; tick *= 10) {
      double y = y(tick, low, high);
      svg.line(LEFT, y, LEFT + (double) PLOT_WIDTH, y, GRID, 1);
      svg.text(LEFT - 10.0, y + 4, 13, "end", number(tick));
      for (int part : new int[] {2, 5}) {
        if (tick * part < high) {
          double minor = y(tick * part, low, high);
          svg.line(LEFT - 4.0, minor, LEFT, minor, "#888888", 1);
        }
      }
    }
    double bottom = TOP + (double) PLOT_HEIGHT;
    for (Map.Entry<Double, String> tick : xTicks.entrySet()) {
      double x = x(tick.getKey());
      svg.line(x, TOP, x, bottom, GRID, 1);
      svg.text(x, bottom + 20, 13, "middle", tick.getValue());
    }
  }

  private void draw(Svg svg, Line line, String color, double low, double high, double label) {
    StringBuilder path = new StringBuilder();
    for (Map.Entry<Double, Double> point : line.points().entrySet()) {
      double x = x(point.getKey());
      double y = y(point.getValue(), low, high);
      path.append(String.format(Locale.ROOT, "%s%.1f %.1f", path.isEmpty() ? "M" : " L", x, y));
      double half = line.ours() ? 4 : 3;
      svg.rectangle(x - half, y - half, 2 * half, 2 * half, color);
    }
    svg.outline(path.toString(), color, line.ours() ? 2.5 : 1.2);
    name(svg, line, color, label, y(line.points().lastEntry().getValue(), low, high));
  }

  /// At the right margin, or where a line ends that ends before.
  private void name(Svg svg, Line line, String color, double label, double lineEnd) {
    if (endsEarly(line)) {
      svg.text(x(line.points().lastKey()) + 10, lineEnd - 8, 14, "start", line.name());
      return;
    }
    double margin = LEFT + PLOT_WIDTH + 14.0;
    svg.line(LEFT + PLOT_WIDTH + 4.0, lineEnd, margin, label, color, 0.7);
    svg.rectangle(margin, label - 5, 10, 10, color);
    svg.text(margin + 16, label + 5, 14, "start", line.name());
  }

  private boolean endsEarly(Line line) {
    return line.points().lastKey() < xTicks.lastKey();
  }

  /// Where the names stand: near the ends of their lines, and apart from each other.
  private double[] labels(double low, double high) {
    List<Integer> order = new ArrayList<>();
    double[] places = new double[lines.size()];
    for (int i = 0; i < places.length; i++) {
      order.add(i);
      places[i] = y(lines.get(i).points().lastEntry().getValue(), low, high);
    }
    order.sort(Comparator.comparingDouble(i -> places[i]));
    double free = TOP;
    order.removeIf(i -> endsEarly(lines.get(i)));
    for (int i : order) {
      places[i] = Math.max(places[i], free);
      free = places[i] + LABEL;
    }
    double limit = TOP + (double) PLOT_HEIGHT;
    for (int i : order.reversed()) {
      places[i] = Math.min(places[i], limit);
      limit = places[i] - LABEL;
    }
    return places;
  }

  private double x(double value) {
    double first = xTicks.firstKey();
    double last = xTicks.lastKey();
    return LEFT
        + PLOT_WIDTH * (last > first ? Math.log(value / first) / Math.log(last / first) : 0);
  }

  private static double y(double value, double low, double high) {
    return TOP + PLOT_HEIGHT * (1 - Math.log(value / low) / Math.log(high / low));
  }

  private static String number(double value) {
    return value >= 1
        ? String.format(Locale.ROOT, "%,.0f", value)
        : String.format(Locale.ROOT, "%s", value);
  }
}
