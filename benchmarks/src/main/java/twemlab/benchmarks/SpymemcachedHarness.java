package twemlab.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import net.spy.memcached.ops.GetOperation;
import net.spy.memcached.ops.Operation;
import net.spy.memcached.ops.OperationState;
import net.spy.memcached.ops.OperationStatus;
import net.spy.memcached.protocol.ascii.AsciiOperationFactory;

/// Feeds a batch of replies to spymemcached's ASCII decoder, which is part of its operations: each
/// reply belongs to a new `get` operation, which is not written out here.
final class SpymemcachedHarness implements GetOperation.Callback {
  private final AsciiOperationFactory operations = new AsciiOperationFactory();
  private final List<String> keys = List.of(Traffic.key(1));
  private final ByteBuffer batch;
  private final int read;
  private Operation operation = operations.get(keys, this);
  private long values;

  /// @param read bytes of a read; 0 for all at once
  SpymemcachedHarness(byte[] batch, int read) {
    this.batch = ByteBuffer.allocateDirect(batch.length).put(batch);
    this.read = read == 0 ? batch.length : read;
  }

  /// Reads all replies.
  ///
  /// @return how many there were
  long messages() {
    long messages = 0;
    int end = batch.capacity();
    try {
      for (int from = 0; from < end; from += read) {
        batch.limit(Math.min(end, from + read)).position(from);
        while (batch.hasRemaining()) {
          operation.readFromBuffer(batch);
          if (operation.getState() == OperationState.COMPLETE) {
            messages++;
            operation = operations.get(keys, this);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return messages;
  }

  @Override
  public void gotData(String key, int flags, byte[] data) {
    values++;
  }

  @Override
  public void receivedStatus(OperationStatus status) {}

  @Override
  public void complete() {}

  long values() {
    return values;
  }
}
