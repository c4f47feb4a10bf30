package twemlab.exercise.ownscenario;

import java.util.List;
import twemlab.sim.scenario.Scenario;

/// A situation for the simulator: a connection sends so much at once that its budget of a turn
/// stops the reading.
final class MyScenario {
  static final Scenario SCENARIO =
      new Scenario(
          "my-scenario",
          "yours: what to look for",
          20, // requests of each client
          List.of("state budget stopped a read"),
          settings -> settings.clients(1).servers(1)); // yours to write

  private MyScenario() {}
}
