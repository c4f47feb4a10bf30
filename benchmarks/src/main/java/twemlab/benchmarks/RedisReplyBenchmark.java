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
import twemlab.protocol.RedisReplyParser;
import twemlab.protocol.ReplyParser;

/// Reading a batch of redis replies: our parser, Netty's codec in a pipeline, and Lettuce's decoder
/// with the output of a command.
///
/// What it does **not** measure: reading from a socket, and matching replies to requests. The peers
/// are clients: Lettuce copies each value into an array of its own, as its callers need it; a proxy
/// needs to know only where a reply ends.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
public class RedisReplyBenchmark {
  /// What the batch is made of.
  @Param({"REDIS_BULK_1K", "REDIS_ARRAY_10000"})
  public Traffic traffic;

  /// Bytes of a read; 0: the whole batch in one.
  @Param({"0", "512"})
  public int read;

  private ReplyParser parser;
  private ParserHarness ours;
  private NettyHarness netty;
  private LettuceHarness lettuce;

  /// Lays out the batch.
  @Setup
  public void open() {
    byte[] batch = traffic.batch();
    parser = new RedisReplyParser();
    ours = new ParserHarness(traffic.nativeBatch(), read);
    netty = NettyHarness.redis(batch, read);
    lettuce = new LettuceHarness(batch, read, traffic == Traffic.REDIS_ARRAY_10000);
  }

  /// A batch; the replies' number is in the lower half.
  @Benchmark
  public long twemlab() {
    return ours.replies(parser);
  }

  /// A batch.
  @Benchmark
  public long netty() {
    return netty.messages();
  }

  /// A batch.
  @Benchmark
  public long lettuce() {
    return lettuce.messages();
  }

  /// Gives buffers back.
  @TearDown
  public void close() {
    netty.close();
    lettuce.close();
  }
}
