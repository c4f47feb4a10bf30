package twemlab.sim.run;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import twemlab.sim.ChoiceLog;
import twemlab.sim.ClientFault;
import twemlab.sim.ReplayedChoices;
import twemlab.sim.SeededChoices;
import twemlab.sim.ServerFault;
import twemlab.sim.Simulation;
import twemlab.sim.SwarmSettings;
import twemlab.sim.Violation;
import twemlab.sim.kernel.Fault;

/// Makes a failing run smaller: fewer kinds of fault, fewer requests, then lower choices, as long
/// as it still fails in the same check.
final class Shrinker {
  private static final int ATTEMPTS_MAX = 3_000;

  private final PrintStream out;
  private SwarmSettings.Wish wish;
  private String check;
  private long steps;
  private int attempts;

  Shrinker(SwarmSettings.Wish wish, PrintStream out) {
    this.wish = wish;
    this.out = out;
  }

  /// Shrinks what a seed gives and prints what is left; false if the seed does not fail.
  boolean shrink(long seed) {
    ChoiceLog log = new ChoiceLog();
    Violation violation = failure(new SeededChoices(seed, log), wish);
    if (violation == null) {
      out.println("seed " + seed + " does not fail");
      return false;
    }
    check = checkOf(violation);
    out.printf("fails after %,d steps: %s%n", steps, violation.getMessage());
    turnOff(seed);
    lowerRequests(seed);
    log = new ChoiceLog();
    failure(new SeededChoices(seed, log), wish);
    out.printf(
        "still fails after %,d steps with --requests %d --off %s%n",
        steps, wish.requestsPerClient(), String.join(",", wish.off().stream().sorted().toList()));
    log = lowerChoices(log);
    violation = failure(new ReplayedChoices(log), wish);
    out.printf("with lower choices: %,d steps: %s%n", steps, violation.getMessage());
    out.println(Simulation.settings(new ReplayedChoices(log), wish));
    return true;
  }

  private void turnOff(long seed) {
    List<Enum<?>> kinds = new ArrayList<>(Arrays.asList(Fault.values()));
    kinds.addAll(Arrays.asList(ServerFault.values()));
    kinds.addAll(Arrays.asList(ClientFault.values()));
    for (Enum<?> kind : kinds) {
      Set<String> off = new HashSet<>(wish.off());
      off.add(kind.name());
      keep(seed, new SwarmSettings.Wish(wish.base(), wish.requestsPerClient(), Set.copyOf(off)));
    }
  }

  private void lowerRequests(long seed) {
    while (wish.requestsPerClient() > 1
        && keep(
            seed, new SwarmSettings.Wish(wish.base(), wish.requestsPerClient() / 2, wish.off()))) {}
  }

  private boolean keep(long seed, SwarmSettings.Wish candidate) {
    boolean fails = same(failure(new SeededChoices(seed), candidate));
    if (fails) {
      wish = candidate;
    }
    return fails;
  }

  /// Zeroes each stream, then blocks of it: of the configuration down to single draws, of the
  /// others down to an eighth; again, as long as the run gets shorter.
  private ChoiceLog lowerChoices(ChoiceLog from) {
    ChoiceLog log = from;
    long before;
    do {
      before = steps;
      for (String stream : from.streams()) {
        int length = log.draws(stream).length;
        int least = stream.equals("swarm") ? 1 : Math.max(1, length / 8);
        for (int block = length; block >= least; block = (block + 1) / 2 - (block == 1 ? 1 : 0)) {
          for (int start = 0; start < length && attempts < ATTEMPTS_MAX; start += block) {
            log = zero(log, stream, start, Math.min(length, start + block));
          }
        }
      }
    } while (steps < before && attempts < ATTEMPTS_MAX);
    return log;
  }

  private ChoiceLog zero(ChoiceLog log, String stream, int from, int to) {
    int[] draws = log.draws(stream);
    if (Arrays.stream(draws, from, to).allMatch(drawn -> drawn == 0)) {
      return log;
    }
    Arrays.fill(draws, from, to, 0);
    ChoiceLog candidate = log.with(stream, draws);
    long before = steps;
    if (same(failure(new ReplayedChoices(candidate), wish)) && steps <= before) {
      return candidate;
    }
    steps = before;
    return log;
  }

  private boolean same(Violation violation) {
    return violation != null && checkOf(violation).equals(check);
  }

  /// The word before the colon names the check.
  static String checkOf(Violation violation) {
    return violation.getMessage().split(":", 2)[0];
  }

  private Violation failure(twemlab.sim.Choices choices, SwarmSettings.Wish candidate) {
    attempts++;
    long[] count = new long[1];
    try {
      Simulation.run(choices, candidate, _ -> count[0]++);
      return null;
    } catch (Violation e) {
      return e;
    } finally {
      steps = count[0];
    }
  }
}
