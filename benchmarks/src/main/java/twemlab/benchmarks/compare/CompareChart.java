package twemlab.benchmarks.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import twemlab.benchmarks.PanelChart;
import twemlab.benchmarks.PanelChart.Mark;
import twemlab.benchmarks.PanelChart.Panel;
import twemlab.benchmarks.PanelChart.Scale;

/// The ratios of a comparison as a chart: a row for each case and target.
final class CompareChart {
  private static final Scale CPU = new Scale(0.03, 2, true, List.of(0.03, 0.1, 0.3, 1.0), "");
  private static final Scale RATE =
      new Scale(0.5, 30, true, List.of(0.5, 1.0, 3.0, 10.0, 30.0), "");

  private CompareChart() {}

  static PanelChart of(Map<Case, Map<String, Figures>> figures) {
    List<String> rows = new ArrayList<>();
    List<Mark> cpu = new ArrayList<>();
    List<Mark> rates = new ArrayList<>();
    figures.forEach(
        (load, targets) -> {
          Figures reference = targets.get(CompareSuite.REFERENCE);
          targets.forEach(
              (name, each) -> {
                List<Double> ratios = Figures.ratios(each.cpuMicros(), reference.cpuMicros());
                if (!name.equals(CompareSuite.REFERENCE) && !ratios.isEmpty()) {
                  rows.add(load.name() + " " + name);
                  cpu.add(mark(ratios));
                  rates.add(mark(Figures.ratios(each.rates(), reference.rates())));
                }
              });
        });
    return new PanelChart(
        "Beside nutcracker",
        "ratios to nutcracker 0.5.0 in the same round; median, least and largest",
        rows,
        List.of(
            new Panel("processor time per request", CPU, cpu),
            new Panel("requests per second", RATE, rates)),
        List.of(),
        List.of("left of 1 is better on the left, right of 1 on the right"));
  }

  private static Mark mark(List<Double> ratios) {
    double median = Figures.median(ratios);
    List<Double> sorted = ratios.stream().sorted().toList();
    double least = sorted.getFirst();
    double most = sorted.getLast();
    return new Mark(List.of(median), least, most, String.format(Locale.ROOT, "%.2f", median));
  }
}
