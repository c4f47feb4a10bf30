package twemlab.sim.run.hostile;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import twemlab.proxy.svg.Svg;
import twemlab.sim.run.hostile.attack.Attack;
import twemlab.sim.run.hostile.innocent.Timeline;

/// Memory and latency over time, with the attacks below.
///
/// ```text
///   MiB   |    __/\__          resident memory
///         |___/      \____
///   ms    |  /\      /\        p99 of the innocent clients, logarithmic
///         |_/  \____/  \__
///   many-arguments  ██         a lane for each attack, and one for servers that are away
///   huge-argument     ██
///            time
/// ```
public final class HostileChart {
  private static final int LEFT = 170;
  private static final int PLOT = 860;
  private static final int RIGHT = 40;
  private static final int PANEL = 170;
  private static final int GAP = 40;
  private static final int TOP = 100;
  private static final int LANE = 15;
  private static final String GRID = "#dcdcdc";
  private static final String LINE = "#1b6ca8";
  private static final String LIMIT = "#b5303c";
  private static final String ATTACK = "#e07b22";
  private static final String AWAY = "#5f6b73";

  private final HostileSoak soak;
  private final List<Timeline.Sample> samples;
  private final double seconds;
  private final Svg svg = new Svg();

  private HostileChart(HostileSoak soak) {
    this.soak = soak;
    this.samples = soak.timeline().samples();
    this.seconds = Math.max(1, samples.getLast().at());
  }

  /// The drawing, as an SVG document.
  public static String svg(HostileSoak soak) {
    return new HostileChart(soak).draw();
  }

  private String draw() {
    svg.text(24, 40, 24, "start", "A proxy under attack");
    svg.text(24, 66, 15, "start", "resident memory, and what innocent clients wait for");
    memory();
    latency();
    int lanes = TOP + 2 * (PANEL + GAP);
    int y = lanes;
    for (Attack attack : soak.tallies().keySet()) {
      lane(attack.name(), y, ATTACK, attack);
      y += LANE;
    }
    lane("a server is away", y, AWAY, null);
    y += LANE;
    time(y);
    return svg.document(LEFT + PLOT + RIGHT, y + 50);
  }

  private void memory() {
    double limit = soak.bounds().memoryBytes() / 1048576.0;
    double high = Math.max(limit, soak.timeline().mostResident() / 1048576.0) * 1.05;
    svg.text(24, TOP - 8.0, 13, "start", "resident, MiB");
    double step = Math.pow(2, Math.ceil(Math.log(high / 6) / Math.log(2)));
    for (double tick = 0; tick <= high; tick += step) {
      grid(tick / high, TOP, String.format(Locale.ROOT, "%.0f", tick));
    }
    double y = TOP + PANEL * (1 - limit / high);
    svg.line(LEFT, y, LEFT + (double) PLOT, y, LIMIT, 1.5);
    svg.text(LEFT + (double) PLOT, y - 4, 12, "end", "the bound");
    curve(TOP, sample -> sample.residentBytes() / 1048576.0 / high);
  }

  private void latency() {
    int top = TOP + PANEL + GAP;
    svg.text(24, top - 8.0, 13, "start", "p99, ms");
    for (int power = -1; power <= 4; power++) {
      double tick = Math.pow(10, power);
      grid(height(tick), top, String.format(Locale.ROOT, power < 0 ? "%.1f" : "%.0f", tick));
    }
    curve(top, sample -> height(sample.p99Micros() / 1000.0));
  }

  /// From 0.1 ms at the foot to 10 s.
  private static double height(double millis) {
    return Math.clamp((Math.log10(Math.max(millis, 0.1)) + 1) / 5, 0, 1);
  }

  private void grid(double height, int top, String text) {
    double y = top + PANEL * (1 - height);
    svg.line(LEFT, y, LEFT + (double) PLOT, y, GRID, 1);
    svg.text(LEFT - 8.0, y + 4, 12, "end", text);
  }

  private double x(double at) {
    return LEFT + PLOT * Math.min(at, seconds) / seconds;
  }

  private void curve(int top, ToDoubleFunction<Timeline.Sample> height) {
    StringBuilder path = new StringBuilder();
    for (Timeline.Sample sample : samples) {
      double y = top + PANEL * (1 - height.applyAsDouble(sample));
      path.append(
          String.format(
              Locale.ROOT, "%s%.1f %.1f", path.isEmpty() ? "M" : " L", x(sample.at()), y));
    }
    svg.outline(path.toString(), LINE, 1.5);
  }

  /// @param attack null for the lane of the servers
  private void lane(String name, int y, String color, Attack attack) {
    svg.text(LEFT - 8.0, y + 11.0, 12, "end", name);
    for (int i = 0; i + 1 < samples.size(); i++) {
      Timeline.Sample sample = samples.get(i);
      if (attack == null ? sample.away() : soak.rotation().active(attack, sample.at())) {
        // A little more than the second, so that no gap is seen between two of them.
        double width = x(samples.get(i + 1).at()) - x(sample.at()) + 0.3;
        svg.rectangle(x(sample.at()), y + 3, width, LANE - 6, color);
      }
    }
  }

  private void time(int y) {
    double step = Math.max(1, Math.pow(10, Math.floor(Math.log10(seconds))) / 2);
    for (double at = 0; at <= seconds; at += step) {
      svg.line(x(at), TOP, x(at), y, GRID, 1);
      svg.text(x(at), y + 18, 12, "middle", String.format(Locale.ROOT, "%.0f", at));
    }
    svg.text(LEFT + PLOT / 2.0, y + 38, 13, "middle", "seconds");
  }
}
