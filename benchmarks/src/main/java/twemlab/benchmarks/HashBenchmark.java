package twemlab.benchmarks;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
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
import twemlab.hashing.KeyHash;

/// One hash of a key in native memory, as the proxy hashes it. The keys take turns, and differ in
/// every byte.
///
/// What it does **not** measure: how well the hash spreads keys (see the page about hashing); a key
/// that is not in the cache, since the last one that looked at it was the parser.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class HashBenchmark {
  /// The function.
  @Param public KeyHash hash;

  /// Bytes of a key.
  @Param({"8", "32", "250"})
  public int length;

  private MemorySegment keys;
  private int turn;

  /// Lays out the keys.
  @Setup
  public void open() {
    keys = Arena.global().allocate(Keys.COUNT * 256L);
    for (int i = 0; i < Keys.COUNT; i++) {
      MemorySegment.copy(MemorySegment.ofArray(Keys.key(i, length)), 0, keys, i * 256L, length);
    }
  }

  /// One key.
  @Benchmark
  public int hash() {
    turn = (turn + 1) & (Keys.COUNT - 1);
    return hash.hash(keys, turn * 256L, length);
  }
}
