package twemlab.sim.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import twemlab.event.backend.Backend;
import twemlab.event.backend.EventBases;
import twemlab.event.backend.Transports;
import twemlab.sim.Simulation;
import twemlab.sim.choice.SeededChoices;
import twemlab.sim.workload.WireProtocol;

/// Each scenario on each event base: it holds, and what it is about happens.
final class ScenarioTest {
  static Stream<Arguments> everyScenarioOnEveryBase() {
    return Scenario.ALL.stream()
        .filter(scenario -> !scenario.timed())
        .flatMap(
            scenario ->
                Scenario.bases().stream()
                    .map(base -> Arguments.of(scenario.name(), base, scenario)));
  }

  @ParameterizedTest(name = "{0} on {1}")
  @MethodSource("everyScenarioOnEveryBase")
  void holdsAndShowsWhatItIsAbout(String name, Backend base, Scenario scenario) {
    Set<String> missing = new HashSet<>(scenario.mustHappen());
    for (long seed = 1; seed <= 6 && (seed <= 2 || !missing.isEmpty()); seed++) {
      WireProtocol protocol = seed % 2 == 0 ? WireProtocol.REDIS : WireProtocol.MEMCACHED;
      SwarmSettings settings = scenario.settings(base, protocol);
      Simulation.Report report = Simulation.run(new SeededChoices(seed), settings, null);
      assertThat(report.settings().base()).isEqualTo(base);
      missing.removeIf(counter -> report.counts().getOrDefault(counter, 0L) > 0);
    }
    if (base == EventBases.EVENT_PORTS || base == Transports.IO_URING) {
      // A port reports one event for each association, and io_uring's transport closes at the end
      // of a turn: numbers are hardly reused in their batches.
      missing.remove("state descriptor reused in a batch");
    }
    assertThat(missing).isEmpty();
  }
}
