package twemlab.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.redis.RedisArrayAggregator;
import io.netty.handler.codec.redis.RedisBulkStringAggregator;
import io.netty.handler.codec.redis.RedisDecoder;
import io.netty.util.ReferenceCountUtil;

/// Feeds a batch to decoders of Netty in a pipeline, in reads of a given size. Each read is a slice
/// of one direct buffer, so nothing is copied but by the decoders themselves.
final class NettyHarness {
  /// The array of 10,000 elements needs more than the default of 1,024.
  private static final int ELEMENTS = 1 << 20;

  private static final int DEPTH = 16;

  private final EmbeddedChannel channel;
  private final ByteBuf batch;
  private final int read;

  /// @param read bytes of a read; 0 for all at once
  NettyHarness(byte[] batch, int read, ChannelHandler... handlers) {
    this.channel = new EmbeddedChannel(handlers);
    this.batch = Unpooled.directBuffer(batch.length).writeBytes(batch);
    this.read = read == 0 ? batch.length : read;
  }

  /// The redis codec as its users put it into a pipeline.
  static NettyHarness redis(byte[] batch, int read) {
    return new NettyHarness(
        batch,
        read,
        new RedisDecoder(),
        new RedisBulkStringAggregator(),
        new RedisArrayAggregator(ELEMENTS, DEPTH));
  }

  /// Reads all messages.
  ///
  /// @return how many there were
  long messages() {
    long messages = 0;
    int end = batch.writerIndex();
    for (int from = 0; from < end; from += read) {
      channel.writeInbound(batch.retainedSlice(from, Math.min(read, end - from)));
      for (Object message = channel.readInbound();
          message != null;
          message = channel.readInbound()) {
        messages++;
        ReferenceCountUtil.release(message);
      }
    }
    return messages;
  }

  void close() {
    channel.finishAndReleaseAll();
    batch.release();
  }
}
