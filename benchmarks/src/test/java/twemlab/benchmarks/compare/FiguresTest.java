package twemlab.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class FiguresTest {
  /// A lost round is NaN. It must neither be a figure nor shift the others' rounds.
  @Test
  void aLostRoundIsLeftOut() {
    List<Double> ours = List.of(1.0, 8.0, 3.0);
    List<Double> theirs = List.of(2.0, Double.NaN, 4.0);
    assertThat(Figures.median(theirs)).isEqualTo(3.0);
    assertThat(Figures.ratios(ours, theirs)).containsExactly(0.5, 0.75);
    assertThat(Figures.ratios(theirs, ours)).containsExactly(2.0, 4.0 / 3);
  }

  @Test
  void whenAllAreLostThereIsNoMedian() {
    assertThat(Figures.median(List.of(Double.NaN, Double.NaN))).isNaN();
  }
}
