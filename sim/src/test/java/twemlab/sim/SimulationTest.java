package twemlab.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import twemlab.event.EventBases;

/// The unmodified proxy on the simulated kernel.
final class SimulationTest {
  private static final long SEEDS = 12;
  private static final long REQUESTS = 100;

  @ParameterizedTest
  @EnumSource(EventBases.class)
  void everyReplyIsAsExpectedAndTheFaultsFire(EventBases base) {
    long partialReads = 0;
    long partialWrites = 0;
    for (long seed = 1; seed <= SEEDS; seed++) {
      Simulation.Report report = Simulation.run(seed, base, REQUESTS);
      partialReads += report.partialReads();
      partialWrites += report.partialWrites();
      assertThat(report.requests()).isGreaterThanOrEqualTo(3 * REQUESTS);
    }
    assertThat(partialReads).isPositive();
    assertThat(partialWrites).isPositive();
  }

  @ParameterizedTest
  @EnumSource(EventBases.class)
  void theSameSeedGivesTheSameTrace(EventBases base) {
    long first = Simulation.run(7, base, REQUESTS).traceHash();
    assertThat(Simulation.run(7, base, REQUESTS).traceHash()).isEqualTo(first);
    assertThat(Simulation.run(8, base, REQUESTS).traceHash()).isNotEqualTo(first);
  }
}
