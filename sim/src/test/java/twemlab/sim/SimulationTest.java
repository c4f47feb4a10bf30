package twemlab.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import twemlab.event.backend.Backend;
import twemlab.event.backend.EventBases;
import twemlab.event.kernel.Kernel;
import twemlab.proxy.process.Instance;
import twemlab.sim.choice.ChoiceLog;
import twemlab.sim.choice.ReplayedChoices;
import twemlab.sim.choice.SeededChoices;
import twemlab.sim.kernel.SimKernel;
import twemlab.sim.scenario.Scenario;
import twemlab.sim.scenario.SwarmSettings;
import twemlab.sim.world.Trace;

/// The unmodified proxy on the simulated kernel.
final class SimulationTest {
  private static final long SEEDS = 200;
  private static final long PORT_SEEDS = 30;
  private static final SwarmSettings.Wish PORTS =
      new SwarmSettings.Wish(Optional.of(EventBases.EVENT_PORTS), 40, Set.of());
  private static final SwarmSettings.Wish SWARM =
      new SwarmSettings.Wish(Optional.empty(), 40, Set.of());

  @Test
  void everySeedHoldsAndEveryFaultAndStateIsReached() {
    Map<String, Long> counts = new TreeMap<>();
    for (long seed = 1; seed <= SEEDS; seed++) {
      Simulation.run(seed, SWARM).counts().forEach((name, n) -> counts.merge(name, n, Long::sum));
    }
    // port_getn is called by the event ports alone, on which few of the seeds run.
    for (long seed = 1; seed <= PORT_SEEDS; seed++) {
      Simulation.run(seed, PORTS).counts().forEach((name, n) -> counts.merge(name, n, Long::sum));
    }
    // Mostly a descriptor has one event in a batch, and hardly ever a stale one.
    counts.remove("state stale event");
    assertThat(counts).isNotEmpty().allSatisfy((name, n) -> assertThat(n).as(name).isPositive());
  }

  @ParameterizedTest
  @MethodSource("twemlab.sim.scenario.Scenario#bases")
  void withoutFaultsEveryReplyIsAsPredictedOnEveryBackend(Backend base) {
    for (long seed = 1; seed <= 5; seed++) {
      Simulation.Report report =
          Simulation.run(seed, new SwarmSettings.Wish(Optional.of(base), 50, Set.of("all")));
      assertThat(report.errors()).isZero();
      assertThat(report.replies()).isPositive();
      assertThat(report.settings().base()).isEqualTo(base);
    }
  }

  @Test
  void theSameSeedGivesTheSameTrace() {
    long first = Simulation.run(7, SWARM).traceHash();
    assertThat(Simulation.run(7, SWARM).traceHash()).isEqualTo(first);
    assertThat(Simulation.run(8, SWARM).traceHash()).isNotEqualTo(first);
  }

  @Test
  void aRecordedRunIsRepeated() {
    ChoiceLog log = new ChoiceLog();
    long first = Simulation.run(new SeededChoices(3, log), SWARM, null).traceHash();
    ReplayedChoices replay = new ReplayedChoices(log);
    assertThat(Simulation.run(replay, SWARM, null).traceHash()).isEqualTo(first);
    assertThat(replay.divergences()).isZero();
  }

  @Test
  void aRunThatFailsFreesItsKernel() {
    SimKernel[] kernel = new SimKernel[1];
    Observer stops =
        new Observer() {
          private int steps;

          @Override
          public Kernel around(SimKernel seen) {
            kernel[0] = seen;
            steps = 0;
            return seen;
          }

          @Override
          public void started(Instance instance) {
            assertThat(kernel[0].mappedBytes()).isPositive();
          }

          @Override
          public void step(Trace.Step step) {
            if (++steps == 100) {
              assertThat(kernel[0].openDescriptors()).isPositive();
              throw new UncheckedIOException(new IOException("no space left on device"));
            }
          }
        };
    for (Backend base : Scenario.bases()) {
      SwarmSettings.Wish wish = new SwarmSettings.Wish(Optional.of(base), 20, Set.of());
      assertThatThrownBy(() -> Simulation.run(new SeededChoices(3), wish, stops))
          .isInstanceOf(ListenerError.class) // and no violation: the proxy is not to blame
          .hasRootCauseMessage("no space left on device");
      assertThat(kernel[0].mappedBytes()).isZero();
      assertThat(kernel[0].openDescriptors()).isZero();
    }
  }
}
