package twemlab.sim.run;

import java.util.Optional;
import java.util.Set;
import twemlab.sim.Simulation;
import twemlab.sim.SwarmSettings;
import twemlab.sim.Violation;

/// What runs among the classes of a mutant: seeds from 1 on, until one fails or time is up.
public final class MutantTrial {
  private static final long REQUESTS = 40;

  private MutantTrial() {}

  /// The seed that fails and the check that saw it, as `seed check: ...`; empty if none did.
  public static String run(long nanos) {
    long started = System.nanoTime();
    SwarmSettings.Wish wish = new SwarmSettings.Wish(Optional.empty(), REQUESTS, Set.of());
    for (long seed = 1; System.nanoTime() - started < nanos; seed++) {
      try {
        Simulation.run(seed, wish);
      } catch (Violation e) {
        return seed + " " + e.getMessage();
      }
    }
    return "";
  }
}
