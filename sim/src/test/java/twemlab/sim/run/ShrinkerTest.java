package twemlab.sim.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import twemlab.sim.SeededChoices;
import twemlab.sim.Simulation;
import twemlab.sim.SwarmSettings;

/// Simpler configurations.
final class ShrinkerTest {
  private static final SwarmSettings.Wish SWARM =
      new SwarmSettings.Wish(Optional.empty(), 40, Set.of());

  @Test
  void simplifyingComesToAnEndAtOnePoolServerAndClientWithoutFaults() {
    for (long seed = 1; seed <= 20; seed++) {
      SwarmSettings settings = Simulation.settings(new SeededChoices(seed), SWARM);
      int steps = 0;
      for (var simpler = Simplifier.simpler(settings);
          !simpler.isEmpty();
          simpler = Simplifier.simpler(settings)) {
        assertThat(simpler).doesNotContain(settings);
        settings = simpler.getFirst();
        assertThat(++steps).isLessThan(1_000);
      }
      assertThat(settings.pools()).hasSize(1);
      assertThat(settings.pools().getFirst().clients()).isOne();
      assertThat(settings.pools().getFirst().conf().servers()).hasSize(1);
      assertThat(settings.pools().getFirst().workload().mix()).hasSize(1);
      assertThat(settings.faults()).isEmpty();
      assertThat(settings.serverFaults()).isEmpty();
      assertThat(settings.clientFaults()).isEmpty();
      assertThat(settings.requestsPerClient()).isOne();
    }
  }

  @Test
  void aRunThatHoldsIsNotShrunk() {
    assertThat(new Shrinker(System.out).shrink(1, SWARM)).isZero();
  }

  /// To connect and to ask once takes about forty.
  @Test
  void theCanaryIsShrunkToAFewSteps() throws Exception {
    MutantsCommand.Trial trial =
        MutantsCommand.attempt(Mutant.ALL.getFirst(), 20_000_000_000L, "shrink");
    assertThat(trial.check()).isEqualTo("reply");
    int steps = Integer.parseInt(trial.message().replaceAll("^.*, (\\d+) steps$", "$1"));
    assertThat(steps).isBetween(10, 50);
  }
}
