package twemlab.sim.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;
import twemlab.sim.Simulation;
import twemlab.sim.choice.SeededChoices;
import twemlab.sim.oracle.Violation;
import twemlab.sim.scenario.SwarmSettings;

/// A batch of seeds holds only if each of them was run and held.
final class SeedBatchTest {
  private static final SwarmSettings.Wish WISH =
      new SwarmSettings.Wish(Optional.empty(), 5, Set.of());
  private static final SwarmSettings SETTINGS = Simulation.settings(new SeededChoices(1), WISH);

  private static SeedBatch.Result batch(LongFunction<Simulation.Report> run) {
    return new SeedBatch(WISH, run, false, new Progress("seeds")).run(1, 20, 2);
  }

  private static Simulation.Report held() {
    return new Simulation.Report(SETTINGS, 1, 1, 0, 1, 1, 1, 1, Map.of());
  }

  @Test
  void aBatchThatHolds() {
    SeedBatch.Result result = batch(_ -> held());
    assertThat(result.failure()).isEmpty();
    assertThat(result.text()).contains("20 runs, no violation");
  }

  @Test
  void anyThrowableIsAFindingOfItsSeed() {
    for (Throwable thrown :
        new Throwable[] {
          new Violation("reply: wrong"),
          new StackOverflowError(),
          new NoClassDefFoundError("x"),
          new IllegalStateException("settings")
        }) {
      SeedBatch.Result result =
          batch(
              seed -> {
                if (seed == 7) {
                  throwIt(thrown);
                }
                return held();
              });
      assertThat(result.failure()).hasValueSatisfying(f -> assertThat(f.seed()).isEqualTo(7));
      assertThat(result.failure().orElseThrow().violation().getMessage())
          .contains(thrown instanceof Violation ? "wrong" : thrown.getClass().getName());
      assertThat(result.text()).contains("one that failed").doesNotContain("no violation");
    }
  }

  @Test
  void seedsThatWereNotRunDoNotHold() {
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(
              () ->
                  batch(
                      seed -> {
                        while (seed == 20 && batchThreadRuns()) {
                          Thread.onSpinWait();
                        }
                        return held();
                      }))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("of 20 seeds only");
    } finally {
      release = true;
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  private volatile boolean release;

  private boolean batchThreadRuns() {
    return !release;
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> void throwIt(Throwable thrown) throws T {
    throw (T) thrown;
  }
}
