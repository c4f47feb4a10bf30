package twemlab.sim;

import java.util.Map;
import twemlab.sim.choice.Choices;

/// How often actors do something wrong, and how often they did; what [twemlab.sim.world.Faults] is
/// for the system.
///
/// Each kind has a stream of its own, and a kind at rate 0 draws nothing.
final class Odds<E extends Enum<E>> {
  private static final int OUT_OF = 10_000;

  private final Choices[] streams;
  private final int[] rates;
  private final long[] counts;

  Odds(Class<E> type, Map<E, Integer> settings, Choices choices) {
    E[] kinds = type.getEnumConstants();
    this.streams = new Choices[kinds.length];
    this.rates = new int[kinds.length];
    this.counts = new long[kinds.length];
    for (E kind : kinds) {
      streams[kind.ordinal()] = choices.stream(kind.name());
      rates[kind.ordinal()] = settings.getOrDefault(kind, 0);
    }
  }

  /// Whether it happens now; counts it.
  boolean fires(E kind) {
    int i = kind.ordinal();
    if (rates[i] == 0 || !streams[i].chance(rates[i], OUT_OF)) {
      return false;
    }
    counts[i]++;
    return true;
  }

  /// Whether it may still happen.
  boolean on(E kind) {
    return rates[kind.ordinal()] > 0;
  }

  /// A number from 0 to `bound - 1` about something that happens.
  int below(E kind, int bound) {
    return streams[kind.ordinal()].below(bound);
  }

  long count(E kind) {
    return counts[kind.ordinal()];
  }

  /// Nothing of the kind happens any more.
  void stop() {
    for (int i = 0; i < rates.length; i++) {
      rates[i] = 0;
    }
  }
}
