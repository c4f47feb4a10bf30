package twemlab.sim.choice;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// [Choices] drawn from a seed, the same on every machine and every JVM.
///
/// Each stream is a xoshiro256** generator (Blackman and Vigna, "Scrambled linear pseudorandom
/// number generators", 2021) whose state splitmix64 (Steele, Lea and Flood, "Fast splittable
/// pseudorandom number generators", 2014) fills from the seed and the FNV-1a hash of the stream's
/// name. Numbers below a bound come from a multiplication with rejection (Lemire, "Fast random
/// integer generation in an interval", 2019), so they are exactly uniform.
public final class SeededChoices implements Choices {
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;
  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private final long seed;
  private final String name;
  private final ChoiceLog log;
  private final Map<String, SeededChoices> streams = new LinkedHashMap<>();
  private long s0;
  private long s1;
  private long s2;
  private long s3;

  /// Draws from `seed` and keeps no log: for runs that would draw more than memory holds.
  public SeededChoices(long seed) {
    this(seed, ChoiceLog.ROOT, null);
  }

  /// Draws from `seed`; every number of this and of all its streams is added to `log`.
  public SeededChoices(long seed, ChoiceLog log) {
    this(seed, ChoiceLog.ROOT, log);
  }

  private SeededChoices(long seed, String name, ChoiceLog log) {
    this.seed = seed;
    this.name = name;
    this.log = log;
    long state = mix(seed) ^ hash(name);
    s0 = mix(state += GOLDEN);
    s1 = mix(state += GOLDEN);
    s2 = mix(state += GOLDEN);
    s3 = mix(state + GOLDEN);
  }

  @Override
  public int below(int bound) {
    if (bound < 1) {
      throw new IllegalArgumentException("bound must be at least 1, not " + bound);
    }
    int drawn = draw(bound);
    if (log != null) {
      log.add(name, drawn);
    }
    return drawn;
  }

  @Override
  public void beginUnit() {
    if (log != null) {
      log.beginUnit(name);
    }
  }

  @Override
  public Choices stream(String stream) {
    String path = name.equals(ChoiceLog.ROOT) ? stream : name + "/" + stream;
    return streams.computeIfAbsent(stream, s -> new SeededChoices(seed, path, log));
  }

  private int draw(int bound) {
    long product = (next() >>> 32) * bound;
    if ((product & 0xffffffffL) < bound) {
      // 2^32 mod bound: products below it belong to an interval that is one number too long.
      long threshold = 0x1_0000_0000L % bound;
      while ((product & 0xffffffffL) < threshold) {
        product = (next() >>> 32) * bound;
      }
    }
    return (int) (product >>> 32);
  }

  private long next() {
    long result = Long.rotateLeft(s1 * 5, 7) * 9;
    long t = s1 << 17;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= t;
    s3 = Long.rotateLeft(s3, 45);
    return result;
  }

  /// The output function of splitmix64: a bijection that makes neighbours unlike.
  public static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  private static long hash(String name) {
    long hash = FNV_OFFSET;
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * FNV_PRIME;
    }
    return hash;
  }
}
