package twemlab.exercise.ownscenario;

import java.util.List;
import twemlab.sim.scenario.Scenario;

/// A situation for the simulator: a connection sends so much at once that its budget of a turn
/// stops the reading.
final class MyScenario {
  static final Scenario SCENARIO =
      new Scenario(
          "my-scenario",
          "large values in a pipeline: a client's 64 KiB of a turn are not enough for one batch",
          20,
          List.of("state budget stopped a read"),
          settings ->
              settings
                  .clients(2)
                  .servers(1)
                  .pipeline(16)
                  .sizes(20_000, 40_000)
                  .mix("SET t v", 3, "GET t", 1)
                  .mix("set t data", 3, "get t", 1));

  private MyScenario() {}
}
