package twemlab.sim.run;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import twemlab.sim.ListenerError;
import twemlab.sim.Simulation;
import twemlab.sim.choice.ChoiceLog;
import twemlab.sim.choice.Choices;
import twemlab.sim.choice.ReplayedChoices;
import twemlab.sim.choice.SeededChoices;
import twemlab.sim.oracle.Violation;
import twemlab.sim.scenario.SwarmSettings;
import twemlab.sim.world.Trace;

/// Makes a failing run smaller, as long as it still fails in the same check after no more steps: a
/// simpler configuration first (see [Simplifier]), then fewer choices, then lower ones. A step is a
/// line of the trace, up to the failure.
///
/// Choices are dropped in blocks, each half as long as the last (Zeller and Hildebrandt,
/// "Simplifying and isolating failure-inducing input", 2002): a client's requests in whole batches,
/// everything else by the draw.
public final class Shrinker {
  private static final int ATTEMPTS_MAX = 6_000;

  /// How many seeds are tried with the simpler configuration, for one that fails sooner.
  private static final int OTHER_SEEDS = 200;

  private static final int SHOWN_STEPS = 120;

  private final PrintStream out;
  private final List<Integer> simpler = new ArrayList<>();
  private SwarmSettings settings;
  private String check;
  private Optional<ShrunkRun> result = Optional.empty();

  /// Of the shortest run that fails.
  private long steps;

  private int attempts;

  public Shrinker(PrintStream out) {
    this.out = out;
  }

  /// A run that takes more steps than the shortest one is of no use.
  private static final class TooLong extends Error {
    private static final long serialVersionUID = 1;

    TooLong() {
      super("longer than another", null, false, false);
    }
  }

  /// Shrinks what a seed gives and prints what is left.
  ///
  /// @return how many steps are left, or 0 if the seed does not fail
  public long shrink(long seed, SwarmSettings.Wish wish) {
    settings = Simulation.settings(new SeededChoices(seed), wish);
    steps = Long.MAX_VALUE;
    Violation violation = failure(new SeededChoices(seed), settings);
    if (violation == null) {
      out.println("seed " + seed + " does not fail");
      return 0;
    }
    check = checkOf(violation);
    out.printf("fails after %,d steps: %s%n", steps, violation.getMessage());
    simplify(seed);
    out.printf("a simpler configuration: %,d steps%n", steps);
    long best = anotherSeed(seed);
    if (best != seed) {
      simplify(best);
      out.printf("seed %d in that configuration: %,d steps%n", best, steps);
    }
    ChoiceLog log = new ChoiceLog();
    failure(new SeededChoices(best, log), settings);
    log = lower(drop(log));
    result = Optional.of(new ShrunkRun(seed, wish, List.copyOf(simpler), log));
    show(log);
    return steps;
  }

  /// What is left of the run, to be kept and run again; empty before, and if it did not fail.
  public Optional<ShrunkRun> result() {
    return result;
  }

  private void simplify(long seed) {
    while (attempts < ATTEMPTS_MAX && simplifyOnce(seed)) {
      // Until no simpler configuration fails.
    }
  }

  private boolean simplifyOnce(long seed) {
    List<SwarmSettings> candidates = Simplifier.simpler(settings);
    for (int i = 0; i < candidates.size(); i++) {
      if (fails(new SeededChoices(seed), candidates.get(i))) {
        settings = candidates.get(i);
        simpler.add(i);
        return true;
      }
    }
    return false;
  }

  private long anotherSeed(long seed) {
    long best = seed;
    for (long other = 1; other <= OTHER_SEEDS; other++) {
      long before = steps;
      if (fails(new SeededChoices(other), settings) && steps < before) {
        best = other;
      }
    }
    return best;
  }

  private ChoiceLog drop(ChoiceLog recorded) {
    ChoiceLog log = recorded;
    for (String stream : recorded.streams()) {
      List<int[]> units = units(recorded, stream);
      for (int block = units.size(); block > 0; block /= 2) {
        for (int at = 0; at < units.size(); ) {
          List<int[]> fewer = new ArrayList<>(units);
          fewer.subList(at, Math.min(units.size(), at + block)).clear();
          ChoiceLog candidate = log.with(stream, joined(fewer));
          if (fails(new ReplayedChoices(candidate), settings)) {
            log = candidate;
            units = fewer;
          } else {
            at += block;
          }
        }
      }
    }
    return log;
  }

  /// What a stream drew, cut into what can be dropped.
  private static List<int[]> units(ChoiceLog log, String stream) {
    int[] draws = log.draws(stream);
    int[] begins = log.units(stream);
    List<int[]> units = new ArrayList<>();
    int count = begins.length == 0 ? draws.length : begins.length;
    for (int i = 0; i < count; i++) {
      int from = begins.length == 0 ? i : begins[i];
      int to = begins.length == 0 ? i + 1 : i + 1 < count ? begins[i + 1] : draws.length;
      units.add(Arrays.copyOfRange(draws, from, to));
    }
    return units;
  }

  private static int[] joined(List<int[]> units) {
    return units.stream().flatMapToInt(Arrays::stream).toArray();
  }

  private ChoiceLog lower(ChoiceLog from) {
    ChoiceLog log = from;
    for (String stream : from.streams()) {
      for (int i = 0; i < log.draws(stream).length; i++) {
        for (int value = 0; value < log.draws(stream)[i]; value = (value + 1) * 2) {
          int[] draws = log.draws(stream);
          draws[i] = value;
          ChoiceLog candidate = log.with(stream, draws);
          if (fails(new ReplayedChoices(candidate), settings)) {
            log = candidate;
          }
        }
      }
    }
    return log;
  }

  private void show(ChoiceLog log) {
    List<Trace.Step> taken = new ArrayList<>();
    String message = "it does not fail any more";
    try {
      Simulation.run(new ReplayedChoices(log), settings, taken::add);
    } catch (Violation e) {
      message = e.getMessage();
    }
    out.printf("fewer and lower choices: %,d steps, %d attempts%n", taken.size(), attempts);
    out.println(settings);
    TraceColumns columns = new TraceColumns(settings);
    out.println(columns.head());
    int hidden = Math.max(0, taken.size() - SHOWN_STEPS);
    if (hidden > 0) {
      out.printf("%,d steps before these are left out; --replay shows all%n", hidden);
    }
    taken.subList(hidden, taken.size()).forEach(step -> out.println(columns.line(step)));
    out.println(message);
  }

  /// Whether it fails as the first run did, and no later than the shortest, whose place it takes.
  private boolean fails(Choices choices, SwarmSettings candidate) {
    if (attempts >= ATTEMPTS_MAX) {
      return false;
    }
    long before = steps;
    Violation violation = failure(choices, candidate);
    if (violation != null && checkOf(violation).equals(check)) {
      return true;
    }
    steps = before;
    return false;
  }

  /// The word before the colon names the check.
  static String checkOf(Violation violation) {
    return violation.getMessage().split(":", 2)[0];
  }

  /// The violation of a run that takes no more than [#steps], which it then sets.
  private Violation failure(Choices choices, SwarmSettings candidate) {
    attempts++;
    long[] count = new long[1];
    long most = steps;
    try {
      Simulation.run(
          choices,
          candidate,
          _ -> {
            if (++count[0] > most) {
              throw new TooLong();
            }
          });
      return null;
    } catch (Violation e) {
      steps = count[0];
      return e;
    } catch (ListenerError e) {
      return null; // longer than another
    }
  }
}
