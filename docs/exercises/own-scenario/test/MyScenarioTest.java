package twemlab.exercise.ownscenario;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import twemlab.event.backend.Backend;
import twemlab.event.backend.EventBases;
import twemlab.sim.Simulation;
import twemlab.sim.choice.SeededChoices;
import twemlab.sim.scenario.Scenario;
import twemlab.sim.scenario.SwarmSettings;
import twemlab.sim.workload.WireProtocol;

final class MyScenarioTest {
  private static final String COUNTER = "state budget stopped a read";

  private static final Scenario SCENARIO = MyScenario.SCENARIO;

  private static Simulation.Report run(Backend base, WireProtocol protocol, long seed) {
    SwarmSettings settings = SCENARIO.settings(base, protocol);
    return Simulation.run(new SeededChoices(seed), settings, null);
  }

  @ParameterizedTest(name = "on {0} the budget stops a read, whatever the seed")
  @EnumSource
  void itHappens(EventBases base) {
    for (long seed = 1; seed <= 2; seed++) {
      for (WireProtocol protocol : WireProtocol.values()) {
        Simulation.Report report = run(base, protocol, seed);
        assertThat(report.counts().getOrDefault(COUNTER, 0L))
            .as("'%s' with %s, seed %d", COUNTER, protocol, seed)
            .isPositive();
      }
    }
  }

  @Test
  void nothingElseIsSpecial() {
    SwarmSettings settings = SCENARIO.settings(EventBases.EPOLL, WireProtocol.REDIS);
    assertThat(settings.faults()).as("faults of the system").isEmpty();
    assertThat(settings.serverFaults()).as("faults of servers").isEmpty();
    assertThat(settings.clientFaults()).as("faults of clients").isEmpty();
  }

  @Test
  void itIsSmallEnoughToBeWatched() {
    assertThat(SCENARIO.requests()).isLessThanOrEqualTo(20);
    SwarmSettings settings = SCENARIO.settings(EventBases.EPOLL, WireProtocol.REDIS);
    assertThat(settings.pools().getFirst().clients()).as("clients").isLessThanOrEqualTo(2);
  }

  @Test
  void itSaysWhatItIsAbout() {
    assertThat(SCENARIO.mustHappen()).contains(COUNTER);
    assertThat(SCENARIO.story()).hasSizeGreaterThan(20).doesNotContain("yours:");
  }
}
