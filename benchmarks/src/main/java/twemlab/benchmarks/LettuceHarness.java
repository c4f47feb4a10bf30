package twemlab.benchmarks;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.output.ValueListOutput;
import io.lettuce.core.output.ValueOutput;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.protocol.RedisStateMachine;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/// Feeds a batch of replies to Lettuce's decoder as its `CommandHandler` does: each read is added
/// to the connection's buffer, and each reply is decoded into the output of its command.
final class LettuceHarness {
  private final RedisStateMachine decoder = new RedisStateMachine();
  private final ByteBuf source;
  private final ByteBuf buffer;
  private final int read;
  private final boolean arrays;
  private CommandOutput<byte[], byte[], ?> output;

  /// @param read bytes of a read; 0 for all at once
  /// @param arrays whether the replies are arrays, not bulk strings
  LettuceHarness(byte[] batch, int read, boolean arrays) {
    this.source = Unpooled.directBuffer(batch.length).writeBytes(batch);
    this.buffer = Unpooled.directBuffer(batch.length);
    this.read = read == 0 ? batch.length : read;
    this.arrays = arrays;
    decoder.setProtocolVersion(ProtocolVersion.RESP2);
    output = newOutput();
  }

  private CommandOutput<byte[], byte[], ?> newOutput() {
    return arrays
        ? new ValueListOutput<>(ByteArrayCodec.INSTANCE)
        : new ValueOutput<>(ByteArrayCodec.INSTANCE);
  }

  /// Reads all replies.
  ///
  /// @return how many there were
  long messages() {
    long messages = 0;
    int end = source.writerIndex();
    for (int from = 0; from < end; from += read) {
      buffer.writeBytes(source, from, Math.min(read, end - from));
      while (buffer.isReadable() && decoder.decode(buffer, output)) {
        messages++;
        output = newOutput();
      }
      buffer.discardReadBytes();
    }
    return messages;
  }

  void close() {
    decoder.close();
    source.release();
    buffer.release();
  }
}
