package twemlab.sim.world;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Bytes in the order in which they came: a socket's buffer, without a limit of its own.
public final class ByteQueue {
  private byte[] bytes = new byte[256];
  private int from;
  private int to;

  public int size() {
    return to - from;
  }

  public boolean isEmpty() {
    return to == from;
  }

  void clear() {
    from = 0;
    to = 0;
  }

  public void add(MemorySegment source, long offset, int length) {
    reserve(length);
    MemorySegment.copy(source, JAVA_BYTE, offset, bytes, to, length);
    to += length;
  }

  public void add(byte[] source) {
    reserve(source.length);
    System.arraycopy(source, 0, bytes, to, source.length);
    to += source.length;
  }

  /// Moves the first `length` bytes to `target`.
  public void take(MemorySegment target, long offset, int length) {
    MemorySegment.copy(bytes, from, target, JAVA_BYTE, offset, length);
    skip(length);
  }

  /// Takes the first `length` bytes.
  public byte[] take(int length) {
    byte[] taken = Arrays.copyOfRange(bytes, from, from + length);
    skip(length);
    return taken;
  }

  private void skip(int length) {
    from += length;
    if (from == to) {
      clear();
    }
  }

  private void reserve(int length) {
    if (bytes.length - to >= length) {
      return;
    }
    int size = size();
    byte[] target = size + length > bytes.length ? new byte[2 * (size + length)] : bytes;
    System.arraycopy(bytes, from, target, 0, size);
    bytes = target;
    from = 0;
    to = size;
  }
}
