package twemlab.sim.run.hostile.innocent;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/// Promises that did not hold, each with its time and the attacks that were on. Any thread adds.
public final class Findings {
  private static final int KEPT = 20;

  private final long start = System.nanoTime();
  private final long seed;
  private final Supplier<String> attacks;
  private final List<String> kept = new ArrayList<>();
  private long more;

  public Findings(long seed, Supplier<String> attacks) {
    this.seed = seed;
    this.attacks = attacks;
  }

  /// The same for one that explains others: it is told first.
  public void addFirst(String text) {
    String line = line(text);
    synchronized (this) {
      kept.addFirst(line);
    }
  }

  public void add(String text) {
    String line = line(text);
    synchronized (this) {
      if (kept.size() < KEPT) {
        kept.add(line);
      } else {
        more++;
      }
    }
  }

  private String line(String text) {
    return String.format(
        Locale.ROOT,
        "at %.1f s, seed %d, during %s: %s",
        (System.nanoTime() - start) / 1e9,
        seed,
        attacks.get(),
        text);
  }

  /// The first ones, and how many more there are.
  public synchronized List<String> all() {
    List<String> all = new ArrayList<>(kept);
    if (more > 0) {
      all.add("and " + more + " more");
    }
    return all;
  }
}
