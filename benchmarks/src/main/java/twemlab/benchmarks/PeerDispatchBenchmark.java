package twemlab.benchmarks;

import com.google.common.hash.Hashing;
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

/// The peer of [DispatchBenchmark]: Guava's `Hashing.consistentHash`, which is the jump hash over
/// buckets that are all live.
///
/// What it does **not** measure: as there.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class PeerDispatchBenchmark {
  /// Buckets.
  @Param({"10", "100", "1000"})
  public int servers;

  private int hash = 1;

  /// Begins the sequence.
  @Setup
  public void open() {
    hash = 1;
  }

  /// One lookup.
  @Benchmark
  public int guava() {
    hash ^= hash << 13;
    hash ^= hash >>> 17;
    hash ^= hash << 5;
    return Hashing.consistentHash(hash, servers);
  }
}
