package twemlab.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import twemlab.event.EventBases;

/// Each scenario on each event base: it holds, and what it is about happens.
final class ScenarioTest {
  static Stream<Arguments> everyScenarioOnEveryBase() {
    return Scenario.ALL.stream()
        .filter(scenario -> !scenario.timed())
        .flatMap(
            scenario ->
                Stream.of(EventBases.values())
                    .map(base -> Arguments.of(scenario.name(), base, scenario)));
  }

  @ParameterizedTest(name = "{0} on {1}")
  @MethodSource("everyScenarioOnEveryBase")
  void holdsAndShowsWhatItIsAbout(String name, EventBases base, Scenario scenario) {
    for (WireProtocol protocol : List.of(WireProtocol.REDIS, WireProtocol.MEMCACHED)) {
      SwarmSettings settings = scenario.settings(base, protocol);
      Simulation.Report report = Simulation.run(new SeededChoices(1), settings, null);
      assertThat(report.settings().base()).isEqualTo(base);
      for (String counter : scenario.mustHappen()) {
        assertThat(report.counts()).extractingByKey(counter).as(counter).isNotEqualTo(0L);
        assertThat(report.counts()).containsKey(counter);
      }
    }
  }
}
