package twemlab.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import twemlab.proxy.svg.Svg;

/// A chart for a slide: rows with names at the left, and panels side by side, each with an axis of
/// its own and a mark in each row.
///
/// ```text
///   title
///   subtitle
///              panel         panel         panel
///   row name   ▬▬▬▬▬▬ 1.1    ▬▬▬▬▬ 1.2     ▬▬▬▬▬▬▬ 1.3
///   row name   ▬▬▬▬ 1.0      ▬▬▬ 1.0       ▬▬▬▬ 1.0
///   legend, notes
/// ```
///
/// @param legend what the colours of the parts mean; one entry for each part
public record PanelChart(
    String title,
    String subtitle,
    List<String> rows,
    List<Panel> panels,
    List<String> legend,
    List<String> notes) {

  /// An axis from its low to its high end.
  ///
  /// @param logarithmic whether equal steps are equal factors
  /// @param ticks the values that are named
  /// @param unit what is put behind the name of a tick
  public record Scale(
      double low, double high, boolean logarithmic, List<Double> ticks, String unit) {
    /// Where a value lies, 0 at the low end and 1 at the high one.
    double place(double value) {
      double inside = Math.clamp(value, low, high);
      return logarithmic
          ? Math.log(inside / low) / Math.log(high / low)
          : (inside - low) / (high - low);
    }
  }

  /// One column of marks.
  ///
  /// @param marks one for each row
  public record Panel(String title, Scale scale, List<Mark> marks) {}

  /// One bar or, on a logarithmic axis where a bar has no foot, one dot.
  ///
  /// @param ends where each part of the bar ends; each begins where the one before ends
  /// @param least where the whisker begins
  /// @param most where it ends; the same as `least` for none
  /// @param label the value in words
  public record Mark(List<Double> ends, double least, double most, String label) {
    static Mark of(double value, String label) {
      return new Mark(List.of(value), value, value, label);
    }
  }

  private static final List<String> COLORS = List.of("#2b6ca3", "#e08a2c");
  private static final String GRID = "#d8d8d8";
  private static final String WHISKER = "#10304d";
  private static final int RIGHT = 20;
  private static final int LEFT_LEAST = 160;

  /// Of a letter of a row's name, on average.
  private static final double LETTER = 8.2;

  private static final int TOP = 128;
  private static final int ROW = 34;
  private static final int BAR = 18;
  private static final int PANEL = 300;

  /// Part of a panel's width, for the axis; the rest is for labels.
  private static final int AXIS = 205;

  /// The drawing, as an SVG document.
  public String svg() {
    Svg svg = new Svg();
    int left = left();
    svg.text(24, 42, 24, "start", title);
    svg.text(24, 68, 15, "start", subtitle);
    for (int row = 0; row < rows.size(); row++) {
      svg.text(left - 14.0, middle(row) + 5, 15, "end", rows.get(row));
    }
    for (int i = 0; i < panels.size(); i++) {
      draw(svg, panels.get(i), left + (double) i * PANEL);
    }
    double y = TOP + rows.size() * ROW + 52.0;
    double x = left;
    for (int i = 0; i < legend.size(); i++) {
      svg.rectangle(x, y - 12, 14, 14, COLORS.get(i));
      svg.text(x + 20, y, 14, "start", legend.get(i));
      x += 44 + 7.2 * legend.get(i).length();
    }
    for (String note : notes) {
      y += 22;
      svg.text(left, y, 13, "start", note);
    }
    return svg.document(left + panels.size() * PANEL + RIGHT, (int) y + 24);
  }

  /// Where the panels begin: right of the longest name.
  private int left() {
    int longest = rows.stream().mapToInt(String::length).max().orElse(0);
    return Math.max(LEFT_LEAST, (int) (longest * LETTER) + 30);
  }

  private static double middle(int row) {
    return TOP + row * ROW + ROW / 2.0;
  }

  private void draw(Svg svg, Panel panel, double x) {
    double bottom = TOP + (double) rows.size() * ROW;
    svg.text(x, TOP - 16.0, 16, "start", panel.title());
    for (double tick : panel.scale().ticks()) {
      double at = x + AXIS * panel.scale().place(tick);
      svg.line(at, TOP, at, bottom, GRID, 1);
      svg.text(at, bottom + 18, 12, "middle", number(tick) + panel.scale().unit());
    }
    for (int row = 0; row < rows.size(); row++) {
      draw(svg, panel.scale(), panel.marks().get(row), x, middle(row));
    }
  }

  private static void draw(Svg svg, Scale scale, Mark mark, double x, double y) {
    double from = x;
    for (int i = 0; i < mark.ends().size(); i++) {
      double to = x + AXIS * scale.place(mark.ends().get(i));
      if (scale.logarithmic()) {
        svg.line(from, y, to, y, COLORS.get(i), 2);
        svg.rectangle(to - 6, y - 6, 12, 12, COLORS.get(i));
      } else {
        svg.rectangle(from, y - BAR / 2.0, to - from, BAR, COLORS.get(i));
      }
      from = to;
    }
    double most = x + AXIS * scale.place(mark.most());
    if (mark.most() > mark.least()) {
      double least = x + AXIS * scale.place(mark.least());
      svg.line(least, y, most, y, WHISKER, 2);
      svg.line(least, y - 5, least, y + 5, WHISKER, 2);
      svg.line(most, y - 5, most, y + 5, WHISKER, 2);
    }
    svg.text(Math.max(from, most) + 10, y + 5, 14, "start", mark.label());
  }

  /// Without a fraction that says nothing.
  static String number(double value) {
    if (value == Math.rint(value)) {
      return String.format(Locale.ROOT, "%,.0f", value);
    }
    String text = String.format(Locale.ROOT, "%.2f", value);
    return text.endsWith("0") ? text.substring(0, text.length() - 1) : text;
  }

  /// Ticks from low to high in equal steps.
  static List<Double> ticks(double low, double high, double step) {
    List<Double> ticks = new ArrayList<>();
    for (int i = 0; low + i * step <= high + step / 1000; i++) {
      ticks.add(low + i * step);
    }
    return ticks;
  }
}
