package twemlab.benchmarks.event.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class LineChartTest {
  /// Lines that end at one place have names that do not hide each other.
  @Test
  void namesStandApart() {
    List<LineChart.Line> lines = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      lines.add(
          new LineChart.Line(
              "line " + i, true, new TreeMap<>(Map.of(1.0, 500.0 + i, 9000.0, 600.0 + i))));
    }
    String svg =
        new LineChart(
                "title",
                "subtitle",
                "x",
                "y",
                new TreeMap<>(Map.of(1.0, "1", 9000.0, "9,000")),
                lines,
                List.of("a note"))
            .svg();
    List<Double> places = new ArrayList<>();
    var names = Pattern.compile("y='([0-9.]+)'[^>]*>line [0-9]<").matcher(svg);
    while (names.find()) {
      places.add(Double.valueOf(names.group(1)));
    }
    assertThat(places).hasSize(8);
    List<Double> sorted = places.stream().sorted().toList();
    for (int i = 1; i < sorted.size(); i++) {
      assertThat(sorted.get(i) - sorted.get(i - 1)).isGreaterThan(14);
    }
    assertThat(sorted.getLast()).isLessThan(540);
  }
}
