package twemlab.sim.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import twemlab.sim.Simulation;
import twemlab.sim.choice.SeededChoices;
import twemlab.sim.oracle.Violation;
import twemlab.sim.scenario.SwarmSettings;
import twemlab.sim.world.Trace;

/// Runs a seed twice and compares the two traces step by step.
public final class Determinism {
  private Determinism() {}

  /// The first step that the second run did not repeat, if there is one.
  public static Optional<String> firstDifference(long seed, SwarmSettings.Wish wish) {
    List<Trace.Step> first = steps(seed, wish);
    List<Trace.Step> second = steps(seed, wish);
    for (int i = 0; i < Math.max(first.size(), second.size()); i++) {
      Trace.Step one = i < first.size() ? first.get(i) : null;
      Trace.Step other = i < second.size() ? second.get(i) : null;
      if (one == null || !one.equals(other)) {
        return Optional.of("seed %d: step %d was %s, then %s".formatted(seed, i, one, other));
      }
    }
    return Optional.empty();
  }

  private static List<Trace.Step> steps(long seed, SwarmSettings.Wish wish) {
    List<Trace.Step> steps = new ArrayList<>();
    try {
      Simulation.run(new SeededChoices(seed), wish, steps::add);
    } catch (Violation e) {
      // It must come in both runs, after the same steps.
    }
    return steps;
  }
}
