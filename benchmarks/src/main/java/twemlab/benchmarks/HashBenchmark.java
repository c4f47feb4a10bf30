package twemlab.benchmarks;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import twemlab.hashing.KeyHash;

/// One hash of a key: ours in native memory, as the proxy hashes it; other libraries' in an array,
/// called as their documentation shows. The keys take turns, and differ in every byte.
///
/// What it does **not** measure: how well the hash spreads keys (see the page about hashing); a key
/// that is not in the cache, since the last one that looked at it was the parser; the same function
/// everywhere, see [PeerHash#same()].
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HashBenchmark {
  /// Keys in native memory, and a function of ours.
  @State(Scope.Thread)
  public static class Ours {
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
  }

  /// Keys in arrays, and a function of another library.
  @State(Scope.Thread)
  public static class Peer {
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
      Arrays.setAll(keys, i -> Keys.key(i, length));
    }
  }

  /// One key.
  @Benchmark
  public int twemlab(Ours ours) {
    ours.turn = (ours.turn + 1) & (Keys.COUNT - 1);
    return ours.hash.hash(ours.keys, ours.turn * 256L, ours.length);
  }

  /// One key.
  @Benchmark
  public int peer(Peer peer) {
    peer.turn = (peer.turn + 1) & (Keys.COUNT - 1);
    return peer.hash.hash(peer.keys[peer.turn]);
  }
}
