package twemlab.proxy.trace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import twemlab.proxy.svg.Svg;

/// Some steps of a trace as a picture for paper: time runs downwards, an arrow is a delivery, a
/// grey band is every second turn of the loop.
final class SvgPicture implements TraceFile {
  private static final int ROW = 17;
  private static final int LEFT = 118;
  private static final int TOP = 74;
  private static final int BOTTOM = 46;
  private static final int LANE = 210;
  private static final int DOT = 3;
  private static final int MARGIN = 14;
  private static final int TEXT_MAX = 34;
  private static final String BAND = "#eef1f5";

  /// Pixels of a letter, about.
  private static final double LETTER = 4.7;

  private final Path path;
  private final TraceHead head;
  private final Options steps;
  private final List<TraceRow> rows = new ArrayList<>();
  private long count;
  private String violation;

  SvgPicture(Path path, TraceHead head, Options steps) throws IOException {
    this.path = path;
    this.head = head;
    this.steps = steps;
    // A name that cannot be written is reported before the run, not after it.
    Files.writeString(path, "");
  }

  @Override
  public void row(TraceRow row) {
    count++;
    if (count >= steps.from() && count <= steps.to()) {
      rows.add(row);
    }
  }

  @Override
  public void violation(String text) {
    violation = text;
  }

  @Override
  public void close() throws IOException {
    Files.writeString(path, picture());
  }

  private String picture() {
    Lanes lanes = new Lanes(head, rows);
    int width = LEFT + LANE * lanes.names().size() + MARGIN;
    int height = TOP + ROW * rows.size() + BOTTOM;
    Svg svg = new Svg();
    bands(svg, width);
    titles(svg, lanes, height);
    for (int i = 0; i < rows.size(); i++) {
      step(svg, lanes, i);
    }
    footer(svg, height);
    return svg.document(width, height);
  }

  private static double y(int row) {
    return TOP + ROW * (row + 0.5);
  }

  private static double x(int lane) {
    return LEFT + LANE * lane + MARGIN;
  }

  private void bands(Svg svg, int width) {
    for (int i = 0; i < rows.size(); i++) {
      if (rows.get(i).turn % 2 == 1) {
        svg.rectangle(0, y(i) - ROW / 2.0, width, ROW, BAND);
      }
    }
  }

  private void titles(Svg svg, Lanes lanes, int height) {
    svg.text(MARGIN, 20, 14, "start", head.title());
    svg.text(MARGIN, 37, 10, "start", about());
    svg.text(50, TOP - 10, 10, "end", "step");
    svg.text(LEFT - 8, TOP - 10, 10, "end", "ms");
    for (int lane = 0; lane < lanes.names().size(); lane++) {
      svg.text(x(lane) - DOT, TOP - 10, 11, "start", lanes.names().get(lane));
      svg.line(x(lane), TOP, x(lane), height - BOTTOM, "#c3c9d2", 1);
    }
  }

  private String about() {
    List<String> facts = new ArrayList<>();
    for (Map.Entry<String, String> fact : head.about().entrySet()) {
      if (fact.getValue().length() < 40) {
        facts.add(fact.getKey() + " " + fact.getValue());
      }
    }
    return String.join(" \u00b7 ", facts);
  }

  private void step(Svg svg, Lanes lanes, int i) {
    TraceRow row = rows.get(i);
    double y = y(i);
    int lane = lanes.of(row);
    String millis = String.format(Locale.ROOT, "%.4f", row.time / 1e6);
    svg.text(50, y + 3, 9, "end", String.valueOf(steps.from() + i));
    svg.text(LEFT - 8, y + 3, 9, "end", millis);
    String color = color(row);
    if (row.peer != null && (Lanes.isDelivery(row) || moves(lanes, row))) {
      boolean out = row.call.startsWith("WRITE") || row.call.equals("CONNECT");
      int other = lanes.of(row.peer);
      arrow(svg, out ? lane : other, out ? other : lane, y, color);
    }
    svg.rectangle(x(lane) - DOT, y - DOT, 2 * DOT, 2 * DOT, color);
    String text = shortened(RowText.of(row));
    String behind = row.turn % 2 == 1 ? BAND : "#ffffff";
    svg.rectangle(x(lane) + 12, y - 6, text.length() * LETTER + 4, 12, behind);
    svg.text(x(lane) + 14, y + 3, 10, "start", text);
  }

  /// If the kernel does not report deliveries, the calls themselves are drawn for them.
  private static boolean moves(Lanes lanes, TraceRow row) {
    return !lanes.names().contains(Lanes.KERNEL)
        && row.result >= 0
        && (row.call.equals("READ") || row.call.startsWith("WRITE") || row.call.equals("ACCEPT"));
  }

  private static void arrow(Svg svg, int from, int to, double y, String color) {
    if (from == to) {
      return;
    }
    double tip = x(to) + (from < to ? -DOT - 1 : DOT + 1);
    double back = from < to ? -6 : 6;
    svg.line(x(from), y, tip, y, color, 1);
    svg.line(tip, y, tip + back, y - 3, color, 1);
    svg.line(tip, y, tip + back, y + 3, color, 1);
  }

  private static String color(TraceRow row) {
    if (row.actor.equals("fault") || row.failed()) {
      return "#b3261e";
    }
    if (Lanes.isDelivery(row)) {
      return "#2f6f4f";
    }
    return row.actor.equals(Lanes.PROXY) ? "#1f5fa8" : "#6b4fa0";
  }

  private static String shortened(String text) {
    return text.length() <= TEXT_MAX ? text : text.substring(0, TEXT_MAX - 1) + "\u2026";
  }

  private void footer(Svg svg, int height) {
    long last = steps.from() + rows.size() - 1;
    String shown =
        rows.size() == count
            ? "All %d steps.".formatted(count)
            : "Truncated: steps %d to %d of %d.".formatted(steps.from(), last, count);
    svg.text(
        MARGIN,
        height - 26,
        10,
        "start",
        shown
            + " Time in milliseconds. A band is a turn of the loop, an arrow bytes or an end"
            + " arriving.");
    if (violation != null) {
      svg.text(MARGIN, height - 11, 10, "start", "Violation: " + violation);
    }
  }
}
