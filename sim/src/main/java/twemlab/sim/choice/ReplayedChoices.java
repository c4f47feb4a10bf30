package twemlab.sim.choice;

import java.util.LinkedHashMap;
import java.util.Map;

/// [Choices] that repeat a [ChoiceLog].
///
/// Any log is a valid run, also an edited one: a number that is too large for its bound is reduced
/// modulo the bound, and a stream that is used up (or unknown) draws 0. A replay of an unedited log
/// never meets either case; [#divergences] counts them.
public final class ReplayedChoices implements Choices {
  private final ChoiceLog log;
  private final String name;
  private final int[] draws;
  private final int[] divergences;
  private final Map<String, ReplayedChoices> streams = new LinkedHashMap<>();
  private int position;

  /// Repeats `log` from its start; the log is copied stream by stream, when a stream is first used.
  public ReplayedChoices(ChoiceLog log) {
    this(log, ChoiceLog.ROOT, new int[1]);
  }

  private ReplayedChoices(ChoiceLog log, String name, int[] divergences) {
    this.log = log;
    this.name = name;
    this.draws = log.draws(name);
    this.divergences = divergences;
  }

  @Override
  public int below(int bound) {
    if (bound < 1) {
      throw new IllegalArgumentException("bound must be at least 1, not " + bound);
    }
    if (position == draws.length) {
      divergences[0]++;
      return 0;
    }
    int recorded = draws[position++];
    if (recorded >= 0 && recorded < bound) {
      return recorded;
    }
    divergences[0]++;
    return Math.floorMod(recorded, bound);
  }

  @Override
  public Choices stream(String stream) {
    String path = name.equals(ChoiceLog.ROOT) ? stream : name + "/" + stream;
    return streams.computeIfAbsent(stream, s -> new ReplayedChoices(log, path, divergences));
  }

  /// How often this replay had to make up a number, over all streams.
  public int divergences() {
    return divergences[0];
  }
}
