package twemlab.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import twemlab.hashing.Distribution;
import twemlab.hashing.DistributionKind;
import twemlab.hashing.Loads;

/// Choosing the server of a key by its hash. Hashes are drawn by an xorshift generator (Marsaglia,
/// 2003), whose cost, below a nanosecond, is included: a sequence that repeats would be learnt by
/// the branch prediction.
///
/// What it does **not** measure: hashing the key; a table that other work has driven out of the cache;
/// `ketama_bounded` with servers that are busy, which then goes on around the ring.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class DispatchBenchmark {
  /// How servers share keys.
  @Param public DistributionKind distribution;

  /// Live servers, of equal weight.
  @Param({"10", "100", "1000"})
  public int servers;

  private Distribution ring;
  private int hash;

  /// Builds the distribution.
  @Setup
  public void open() {
    ring = distribution.build(Keys.servers(servers, 0));
    hash = 1;
  }

  /// One lookup.
  @Benchmark
  public int pick() {
    hash ^= hash << 13;
    hash ^= hash >>> 17;
    hash ^= hash << 5;
    return ring.pick(hash, Loads.NONE, hash);
  }
}
