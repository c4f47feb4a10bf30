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

/// One hash of a key in an array, by other libraries, called as their documentation shows.
///
/// What it does **not** measure: the same function everywhere, see [PeerHash#same()]. Their results are mostly
/// objects, which the compiler may or may not remove.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class PeerHashBenchmark {
  /// The function.
  @Param public PeerHash hash;

  /// Bytes of a key.
  @Param({"8", "32", "250"})
  public int length;

  private byte[][] keys;
  private int turn;

  /// Lays out the keys.
  @Setup
  public void open() {
    keys = new byte[Keys.COUNT][];
    for (int i = 0; i < Keys.COUNT; i++) {
      keys[i] = Keys.key(i, length);
    }
  }

  /// One key.
  @Benchmark
  public int hash() {
    turn = (turn + 1) & (Keys.COUNT - 1);
    return hash.hash(keys[turn]);
  }
}
