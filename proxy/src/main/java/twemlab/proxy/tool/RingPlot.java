package twemlab.proxy.tool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import twemlab.hashing.Continuum;
import twemlab.hashing.Distribution;
import twemlab.hashing.DistributionKind;
import twemlab.hashing.KeyHash;
import twemlab.hashing.Node;
import twemlab.proxy.svg.Svg;

/// One picture of a distribution: on the left the ring with each server's arcs, keys as ticks
/// around it; on the right each server's share beside what its weight promises.
///
/// Distributions without a ring get sectors in proportion to their shares.
final class RingPlot {
  private static final int WIDTH = 1060;
  private static final int CENTER_X = 290;
  private static final int CENTER_Y = 350;
  private static final int INNER = 150;
  private static final int OUTER = 215;
  private static final int BARS_X = 690;
  private static final int BARS_WIDTH = 200;
  private static final int BARS_TOP = 130;
  private static final int ROW = 26;
  private static final int ROWS_MAX = 40;
  private static final int TICK = 22;
  private static final String GRAY = "#777777";

  /// Okabe and Ito's colours, which the colour-blind can distinguish; further ones are generated.
  private static final String[] PALETTE = {
    "#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442", "#999999"
  };

  private final DistributionKind kind;
  private final List<Node> nodes;
  private final Distribution distribution;
  private final int[] hashes;
  private final double[] shares;
  private final double[] due;
  private final Svg svg = new Svg();
  private String source = "";
  private long[] keys;

  /// @param hashes where to draw ticks; may be empty
  RingPlot(DistributionKind kind, List<Node> nodes, Distribution distribution, int[] hashes) {
    this.kind = kind;
    this.nodes = nodes;
    this.distribution = distribution;
    this.hashes = hashes;
    shares = Shares.of(kind, distribution, nodes);
    due = Shares.due(kind, nodes);
  }

  /// Adds what a pool's keys did.
  ///
  /// @param keysOfServers how many keys each server got, by index
  RingPlot withKeys(String pool, KeyHash hash, long[] keysOfServers) {
    source = "pool " + pool + ", hash " + hash.configName() + ": ";
    keys = keysOfServers.clone();
    return this;
  }

  /// Writes the picture to a file.
  void write(Path file) throws IOException {
    Files.writeString(file, draw());
  }

  /// The picture as an SVG document.
  String draw() {
    drawTitle();
    boolean ring = Shares.hasRing(kind, distribution);
    if (ring) {
      drawArcs((Continuum) distribution);
      drawQuarters();
      drawKeys();
    } else {
      drawSectors();
    }
    svg.text(CENTER_X, CENTER_Y - 4, 20, "middle", kind.configName());
    String inside = ring ? ((Continuum) distribution).pointCount() + " points" : "no ring: shares";
    svg.text(CENTER_X, CENTER_Y + 20, 14, "middle", inside);
    int bottom = drawBars();
    return svg.document(WIDTH, Math.max(CENTER_Y + OUTER + 75, bottom + 40));
  }

  private void drawTitle() {
    svg.text(30, 42, 22, "start", source + kind.configName() + " over " + liveServers());
    svg.text(30, 68, 14, "start", balance());
  }

  private String liveServers() {
    int live = distribution.liveCount();
    String text = live + (live == 1 ? " server" : " servers");
    return live == nodes.size() ? text : text + " of " + nodes.size();
  }

  private String balance() {
    double most = 0;
    double least = Double.MAX_VALUE;
    for (Node node : nodes) {
      if (node.live()) {
        most = Math.max(most, shares[node.index()] / due[node.index()]);
        least = Math.min(least, shares[node.index()] / due[node.index()]);
      }
    }
    return distribution.liveCount() == 0
        ? "No server is live."
        : format("The servers own %.2f to %.2f times what their weights promise.", least, most);
  }

  /// A point owns what lies between the point before it and itself.
  private void drawArcs(Continuum ring) {
    StringBuilder[] paths = new StringBuilder[nodes.size()];
    for (int i = 0; i < ring.pointCount(); i++) {
      double end = Integer.toUnsignedLong(ring.pointValue(i)) / 0x1p32;
      int index = ring.pointIndex(i);
      paths[index] = paths[index] == null ? new StringBuilder() : paths[index];
      appendSector(paths[index], end - Shares.arc(ring, i), end);
    }
    for (Node node : nodes) {
      if (paths[node.index()] != null) {
        svg.area(paths[node.index()].toString(), color(node.index()), title(node));
      }
    }
  }

  private void drawSectors() {
    double start = 0;
    for (Node node : nodes) {
      double end = start + shares[node.index()];
      if (end > start) {
        StringBuilder path = new StringBuilder();
        appendSector(path, start, end);
        svg.area(path.toString(), color(node.index()), title(node));
      }
      start = end;
    }
  }

  private String title(Node node) {
    return format("%s: %.2f %%", node.name(), 100 * shares[node.index()]);
  }

  private void drawQuarters() {
    for (int quarter = 0; quarter < 4; quarter++) {
      double turn = quarter / 4.0;
      svg.line(x(turn, INNER - 12), y(turn, INNER - 12), x(turn, INNER), y(turn, INNER), GRAY, 1.5);
      String anchor = quarter % 2 == 0 ? "middle" : quarter == 1 ? "end" : "start";
      double down = quarter == 0 ? 12 : quarter == 2 ? -2 : 4;
      String label = quarter == 0 ? "0" : format("0x%x0000000", 4 * quarter);
      svg.text(x(turn, INNER - 18), y(turn, INNER - 18) + down, 12, anchor, label);
    }
  }

  private void drawKeys() {
    StringBuilder ticks = new StringBuilder();
    for (int hash : hashes) {
      double turn = Integer.toUnsignedLong(hash) / 0x1p32;
      appendPoint(ticks, 'M', turn, OUTER + 5);
      appendPoint(ticks, 'L', turn, OUTER + 5 + TICK);
    }
    if (hashes.length > 0) {
      svg.outline(ticks.toString(), "#222222", hashes.length > 500 ? 0.3 : 1);
      String what = hashes.length == 1 ? "the tick outside is a hash" : "ticks outside are hashes";
      svg.text(CENTER_X, CENTER_Y + 40, 12, "middle", what);
    }
  }

  /// Returns the lowest y that it used.
  private int drawBars() {
    double scale = BARS_WIDTH / scaleMax();
    long total = keys == null ? 0 : Arrays.stream(keys).sum();
    String legend = "bar: share of all hashes; line: promised by weight";
    svg.text(BARS_X - 140, BARS_TOP - 24, 12, "start", legend);
    if (keys != null) {
      String keysLegend = "thin bar: share of the " + total + " keys";
      svg.text(BARS_X - 140, BARS_TOP - 9, 12, "start", keysLegend);
    }
    int rows = Math.min(nodes.size(), ROWS_MAX);
    for (int i = 0; i < rows; i++) {
      drawRow(nodes.get(i), BARS_TOP + i * ROW, scale, total);
    }
    int bottom = BARS_TOP + rows * ROW;
    if (nodes.size() > rows) {
      svg.text(BARS_X, bottom + 14, 12, "start", "and " + (nodes.size() - rows) + " more");
    }
    return bottom;
  }

  private double scaleMax() {
    double max = 1e-9;
    long total = keys == null ? 0 : Math.max(1, Arrays.stream(keys).sum());
    for (int i = 0; i < shares.length; i++) {
      max = Math.max(max, Math.max(shares[i], due[i]));
      max = keys == null ? max : Math.max(max, (double) keys[i] / total);
    }
    return max;
  }

  private void drawRow(Node node, int top, double scale, long total) {
    int i = node.index();
    svg.text(BARS_X - 8, top + 14, 13, "end", shorten(node.name()));
    if (!node.live()) {
      svg.text(BARS_X, top + 14, 13, "start", "dead");
      return;
    }
    svg.rectangle(BARS_X, top + 3, shares[i] * scale, 12, color(i));
    String text = format("%.1f %%", 100 * shares[i]);
    double widest = shares[i];
    if (total > 0) {
      double keyShare = (double) keys[i] / total;
      svg.rectangle(BARS_X, top + 16, keyShare * scale, 4, "#222222");
      text = text + format(", keys %.1f %%", 100 * keyShare);
      widest = Math.max(widest, keyShare);
    }
    double promised = BARS_X + due[i] * scale;
    svg.line(promised, top + 1, promised, top + 22, GRAY, 1.5);
    svg.text(BARS_X + Math.max(widest, due[i]) * scale + 6, top + 14, 12, "start", text);
  }

  private static String shorten(String name) {
    return name.length() <= 20
        ? name
        : name.substring(0, 9) + "…" + name.substring(name.length() - 10);
  }

  private static String color(int index) {
    if (index < PALETTE.length) {
      return PALETTE[index];
    }
    // The golden angle never comes back to the same hue.
    return format(
        "hsl(%.0f,%d%%,%d%%)", index * 137.508 % 360, 45 + index % 3 * 15, 40 + index % 2 * 20);
  }

  /// A piece of the annulus, from one part of a turn to another, clockwise from the top.
  private static void appendSector(StringBuilder path, double start, double end) {
    if (end - start > 0.5) {
      double middle = (start + end) / 2;
      appendSector(path, start, middle);
      appendSector(path, middle, end);
      return;
    }
    appendPoint(path, 'M', start, OUTER);
    path.append(format("A%d %d 0 0 1 ", OUTER, OUTER));
    appendPoint(path, ' ', end, OUTER);
    appendPoint(path, 'L', end, INNER);
    path.append(format("A%d %d 0 0 0 ", INNER, INNER));
    appendPoint(path, ' ', start, INNER);
    path.append('Z');
  }

  private static void appendPoint(StringBuilder path, char command, double turn, double radius) {
    path.append(command).append(format("%.2f %.2f", x(turn, radius), y(turn, radius)));
  }

  private static double x(double turn, double radius) {
    return CENTER_X + radius * Math.sin(2 * Math.PI * turn);
  }

  private static double y(double turn, double radius) {
    return CENTER_Y - radius * Math.cos(2 * Math.PI * turn);
  }

  // The annotation that Error Prone asks for would be a library of its own.
  @SuppressWarnings("AnnotateFormatMethod")
  private static String format(String format, Object... arguments) {
    return String.format(Locale.ROOT, format, arguments);
  }
}
