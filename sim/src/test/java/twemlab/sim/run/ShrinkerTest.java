package twemlab.sim.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import twemlab.sim.Simulation;
import twemlab.sim.choice.ChoiceLog;
import twemlab.sim.choice.ReplayedChoices;
import twemlab.sim.choice.SeededChoices;
import twemlab.sim.run.mutants.Mutant;
import twemlab.sim.run.mutants.MutantsCommand;
import twemlab.sim.scenario.SwarmSettings;

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

  @Test
  void whatIsKeptIsTheSameRun() {
    SwarmSettings settings = Simulation.settings(new SeededChoices(7), SWARM);
    SwarmSettings once = Simplifier.simpler(settings).get(1);
    SwarmSettings twice = Simplifier.simpler(once).get(0);
    ChoiceLog log = new ChoiceLog();
    long hash = Simulation.run(new SeededChoices(7, log), twice, null).traceHash();
    ShrunkRun kept = ShrunkRun.parse(new ShrunkRun(7, SWARM, List.of(1, 0), log).text());
    assertThat(kept.settings()).isEqualTo(twice);
    Simulation.Report again =
        Simulation.run(new ReplayedChoices(kept.choices()), kept.settings(), null);
    assertThat(again.traceHash()).isEqualTo(hash);
  }

  @Test
  void aFileThatIsNoRunSaysSo() {
    assertThatThrownBy(() -> ShrunkRun.parse("seed 1\n"))
        .hasMessage("no line \"choices\"; --shrink writes such files");
    assertThatThrownBy(
            () -> ShrunkRun.parse("seed 1\nrequests 1\nsimpler 9999\nchoices\n").settings())
        .hasMessageStartingWith("there is no simpler configuration 9999");
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
