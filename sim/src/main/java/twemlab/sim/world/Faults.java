package twemlab.sim.world;

import twemlab.sim.choice.Choices;

/// Which faults occur, how often, and how often they did.
///
/// A kind at rate 0 draws nothing, so that turning one off leaves the draws of the others alone;
/// each kind has its own stream.
public final class Faults {
  /// The rates are in this many: a rate of 1 is one in ten thousand.
  public static final int OUT_OF = 10_000;

  private final Trace trace;
  private final Choices[] streams = new Choices[Fault.values().length];
  private final int[] rates = new int[streams.length];
  private final long[] limits = new long[streams.length];
  private final long[] counts = new long[streams.length];

  Faults(Choices choices, Trace trace) {
    this.trace = trace;
    for (Fault fault : Fault.values()) {
      streams[fault.ordinal()] = choices.stream(fault.name());
      limits[fault.ordinal()] = Long.MAX_VALUE;
    }
  }

  /// Lets a fault occur `rate` times in [#OUT_OF] opportunities; 0 turns it off.
  public void rate(Fault fault, int rate) {
    if (rate < 0 || rate > OUT_OF) {
      throw new IllegalArgumentException("a rate is 0 to " + OUT_OF + ", not " + rate);
    }
    rates[fault.ordinal()] = rate;
  }

  /// Lets a fault occur at most so often in the whole run: what a shrinker counts down.
  public void limit(Fault fault, long times) {
    limits[fault.ordinal()] = times;
  }

  /// Turns all faults off: the phase in which everything must come to an end.
  public void stop() {
    for (int i = 0; i < rates.length; i++) {
      rates[i] = 0;
    }
  }

  /// How often a fault occurred.
  public long count(Fault fault) {
    return counts[fault.ordinal()];
  }

  /// Whether it happens now; counts it.
  public boolean fires(Fault fault) {
    int i = fault.ordinal();
    if (rates[i] == 0 || !streams[i].chance(rates[i], OUT_OF) || counts[i] >= limits[i]) {
      return false;
    }
    counts[i]++;
    trace.add("fault", Trace.Kind.FAULT, -1, i, 0);
    return true;
  }

  /// A number from 0 to `bound - 1` about a fault that fired.
  public int below(Fault fault, int bound) {
    return streams[fault.ordinal()].below(bound);
  }
}
