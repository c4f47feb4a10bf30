package twemlab.benchmarks;

import io.netty.handler.codec.memcache.binary.BinaryMemcacheObjectAggregator;
import io.netty.handler.codec.memcache.binary.BinaryMemcacheRequestDecoder;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import twemlab.protocol.Limits;
import twemlab.protocol.MemcacheRequestParser;
import twemlab.protocol.RequestParser;

/// Reading a batch of memcached requests in the text protocol. Netty's codec knows the binary
/// protocol alone, so it reads the same requests in that one.
///
/// What it does **not** measure: reading from a socket; one parser against another on the same
/// bytes, because no library for Java reads memcached's text requests. A binary request announces
/// all its lengths in a fixed header, so the comparison is in Netty's favour; a multi-get, though,
/// is 101 messages there.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
public class MemcacheRequestBenchmark {
  /// What the batch is made of.
  @Param({"MEMCACHE_GET", "MEMCACHE_SET_1K", "MEMCACHE_MULTIGET_100"})
  public Traffic traffic;

  /// Bytes of a read; 0: the whole batch in one.
  @Param({"0", "512"})
  public int read;

  private RequestParser parser;
  private ParserHarness ours;
  private NettyHarness netty;

  /// Lays out the batch.
  @Setup
  public void open() {
    parser = new MemcacheRequestParser(Limits.standard());
    ours = new ParserHarness(traffic.nativeBatch(), read);
    netty =
        new NettyHarness(
            traffic.binaryBatch(),
            read,
            new BinaryMemcacheRequestDecoder(),
            new BinaryMemcacheObjectAggregator(1 << 20));
  }

  /// A batch; the requests' number is in the lower half.
  @Benchmark
  public long twemlab() {
    return ours.requests(parser);
  }

  /// A batch, in the binary protocol.
  @Benchmark
  public long nettyBinary() {
    return netty.messages();
  }

  /// Gives Netty's buffers back.
  @TearDown
  public void close() {
    netty.close();
  }
}
