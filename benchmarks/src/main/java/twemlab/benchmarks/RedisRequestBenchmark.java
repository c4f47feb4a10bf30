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
import org.openjdk.jmh.annotations.TearDown;
import twemlab.protocol.Limits;
import twemlab.protocol.RedisRequestParser;
import twemlab.protocol.RequestParser;

/// Reading a batch of redis requests: our parser, and Netty's codec as its users put it into a
/// pipeline (decoder, aggregator of bulk strings, aggregator of arrays).
///
/// What it does **not** measure: reading from a socket; what a proxy does with a request. The
/// results are not of the same kind, either: we say which command it is and where its keys lie, and
/// leave the bytes where they are; Netty hands out an object for each bulk string and does not know
/// commands. Both have said where each message ends, and both could be forwarded. Every request of
/// a batch is the same, which is kind to branch prediction on both sides.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
public class RedisRequestBenchmark {
  /// What the batch is made of.
  @Param({"REDIS_GET", "REDIS_SET_1K", "REDIS_MGET_100"})
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
    parser = new RedisRequestParser(Limits.standard());
    ours = new ParserHarness(traffic.nativeBatch(), read);
    netty = NettyHarness.redis(traffic.batch(), read);
  }

  /// A batch; the requests' number is in the lower half.
  @Benchmark
  public long twemlab() {
    return ours.requests(parser);
  }

  /// A batch.
  @Benchmark
  public long netty() {
    return netty.messages();
  }

  /// Gives Netty's buffers back.
  @TearDown
  public void close() {
    netty.close();
  }
}
