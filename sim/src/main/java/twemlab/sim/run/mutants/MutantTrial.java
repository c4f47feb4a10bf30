package twemlab.sim.run.mutants;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import twemlab.event.backend.Backend;
import twemlab.sim.Simulation;
import twemlab.sim.choice.Choices;
import twemlab.sim.choice.ReplayedChoices;
import twemlab.sim.choice.SeededChoices;
import twemlab.sim.oracle.Violation;
import twemlab.sim.run.Shrinker;
import twemlab.sim.run.ShrunkRun;
import twemlab.sim.run.TraceColumns;
import twemlab.sim.scenario.Scenario;
import twemlab.sim.scenario.SwarmSettings;
import twemlab.sim.workload.WireProtocol;

/// What runs among the classes of a mutant: seeds from 1 on, until one fails or time is up.
public final class MutantTrial {
  private static final long REQUESTS = 40;

  /// What is to be shrunk may be longer.
  private static final long SHRINK_REQUESTS = 200;

  private MutantTrial() {}

  /// How many runs and milliseconds of this thread's processor time it took, and the message of the
  /// check that saw it, as `runs millis check: ...`; empty if none did. Every fourth run is a
  /// scenario, on one event base after the other.
  public static String run(long nanos) {
    long started = cpuNanos();
    SwarmSettings.Wish wish = new SwarmSettings.Wish(Optional.empty(), REQUESTS, Set.of());
    for (long run = 1; cpuNanos() - started < nanos; run++) {
      try {
        if (run % 4 == 0) {
          scenario((int) (run / 4), run);
        } else {
          Simulation.run(run, wish);
        }
      } catch (Violation e) {
        return run + " " + (cpuNanos() - started) / 1_000_000 + " " + e.getMessage();
      }
    }
    return "";
  }

  /// Shrinks the longest run of the first few seeds that fail, and prints what is left of it.
  ///
  /// @return as that of [#run], and in further lines what can be kept and run again
  public static String shrink(long nanos) {
    long started = cpuNanos();
    SwarmSettings.Wish wish = new SwarmSettings.Wish(Optional.empty(), SHRINK_REQUESTS, Set.of());
    long longest = 0;
    long chosen = 0;
    String outcome = "";
    for (long seed = 1, failed = 0; failed < 5 && cpuNanos() - started < nanos; seed++) {
      long[] steps = new long[1];
      try {
        Simulation.run(new SeededChoices(seed), wish, _ -> steps[0]++);
      } catch (Violation e) {
        failed++;
        if (steps[0] > longest) {
          longest = steps[0];
          chosen = seed;
          outcome = seed + " " + (cpuNanos() - started) / 1_000_000 + " " + e.getMessage();
        }
      }
    }
    if (chosen > 0) {
      System.out.println("seed " + chosen);
      Shrinker shrinker = new Shrinker(System.out);
      outcome += ", " + shrinker.shrink(chosen, wish) + " steps";
      outcome += shrinker.result().map(run -> "\n" + run.text()).orElse("");
    }
    return outcome;
  }

  /// Runs what [#shrink] kept.
  ///
  /// @param lines as for [#one]
  /// @return the message of the check that failed; empty if none did
  /// @throws IllegalArgumentException if the text is something else
  public static String replay(String text, Consumer<String> lines) {
    ShrunkRun kept = ShrunkRun.parse(text);
    return run(new ReplayedChoices(kept.choices()), kept.settings(), lines);
  }

  /// One run of a given seed.
  ///
  /// @param lines takes the trace, a line for each step, and the line above it first
  /// @return the message of the check that failed; empty if none did
  public static String one(long seed, long requests, Consumer<String> lines) {
    SwarmSettings.Wish wish = new SwarmSettings.Wish(Optional.empty(), requests, Set.of());
    SwarmSettings settings = Simulation.settings(new SeededChoices(seed), wish);
    return run(new SeededChoices(seed), settings, lines);
  }

  private static String run(Choices choices, SwarmSettings settings, Consumer<String> lines) {
    TraceColumns columns = new TraceColumns(settings);
    lines.accept(columns.head());
    try {
      Simulation.run(choices, settings, step -> lines.accept(columns.line(step)));
    } catch (Violation e) {
      return e.getMessage();
    }
    return "";
  }

  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static void scenario(int number, long seed) {
    List<Scenario> scenarios = Scenario.ALL.stream().filter(each -> !each.timed()).toList();
    int place = number % scenarios.size();
    int round = number / scenarios.size();
    Scenario scenario = scenarios.get(place);
    List<Backend> bases = Scenario.bases();
    Backend base = bases.get(round / 2 % bases.size());
    // Each scenario in both protocols, whatever the numbers of scenarios and of bases.
    WireProtocol protocol = (place + round) % 2 == 0 ? WireProtocol.REDIS : WireProtocol.MEMCACHED;
    try {
      Simulation.run(new SeededChoices(seed), scenario.settings(base, protocol), null);
    } catch (Violation e) {
      throw new Violation(e.getMessage() + " in " + scenario.name() + " on " + base.backend(), e);
    }
  }
}
