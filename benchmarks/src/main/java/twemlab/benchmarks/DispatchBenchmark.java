package twemlab.benchmarks;

import com.google.common.hash.Hashing;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import twemlab.hashing.Distribution;
import twemlab.hashing.DistributionKind;
import twemlab.hashing.Loads;

/// Choosing the server of a key by its hash: our distributions, and Guava's
/// `Hashing.consistentHash`, which is the jump hash over buckets that are all live.
///
/// What it does **not** measure: hashing the key; a table that other work has driven out of the
/// cache; `ketama_bounded` with servers that are busy, which then goes on around the ring.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DispatchBenchmark {
  /// Live servers of equal weight.
  @State(Scope.Thread)
  public static class Servers {
    /// How many.
    @Param({"10", "100", "1000"})
    public int servers;

    private int hash = 1;

    /// The next hash, by an xorshift generator (Marsaglia, 2003). Its cost, below a nanosecond, is
    /// part of every figure: a sequence that repeats would be learnt by the branch prediction.
    private int next() {
      hash ^= hash << 13;
      hash ^= hash >>> 17;
      hash ^= hash << 5;
      return hash;
    }
  }

  /// How they share keys.
  @State(Scope.Thread)
  public static class Ring {
    /// The rule.
    @Param public DistributionKind distribution;

    private Distribution ring;

    /// Builds the distribution.
    @Setup
    public void open(Servers servers) {
      ring = distribution.build(Keys.servers(servers.servers, 0));
    }
  }

  /// One lookup.
  @Benchmark
  public int twemlab(Servers servers, Ring ring) {
    int hash = servers.next();
    return ring.ring.pick(hash, Loads.NONE, hash);
  }

  /// One lookup.
  @Benchmark
  public int guava(Servers servers) {
    return Hashing.consistentHash(servers.next(), servers.servers);
  }
}
