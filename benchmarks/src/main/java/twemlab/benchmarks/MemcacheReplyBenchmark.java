package twemlab.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import twemlab.protocol.MemcacheReplyParser;
import twemlab.protocol.ReplyParser;

/// Reading a batch of memcached replies in the text protocol: our parser, and the decoder of
/// spymemcached.
///
/// What it does **not** measure: reading from a socket. The peer is a client and copies each value
/// into an array, as its callers need it.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
public class MemcacheReplyBenchmark {
  /// What the batch is made of.
  @Param({"MEMCACHE_VALUE_1K", "MEMCACHE_VALUES_100"})
  public Traffic traffic;

  /// Bytes of a read; 0: the whole batch in one.
  @Param({"0", "512"})
  public int read;

  private ReplyParser parser;
  private ParserHarness ours;
  private SpymemcachedHarness spymemcached;

  /// Lays out the batch.
  @Setup
  public void open() {
    parser = new MemcacheReplyParser();
    ours = new ParserHarness(traffic.nativeBatch(), read);
    spymemcached = new SpymemcachedHarness(traffic.batch(), read);
  }

  /// A batch; the replies' number is in the lower half.
  @Benchmark
  public long twemlab() {
    return ours.replies(parser);
  }

  /// A batch.
  @Benchmark
  public long spymemcached() {
    return spymemcached.messages();
  }
}
