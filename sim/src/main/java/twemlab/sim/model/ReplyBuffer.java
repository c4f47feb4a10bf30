package twemlab.sim.model;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A growing array of reply bytes.
public final class ReplyBuffer implements ReplySink {
  private byte[] bytes = new byte[128];
  private int size;
  private int limit = Integer.MAX_VALUE;

  /// More was written than may be.
  public static final class Full extends Error {
    private static final long serialVersionUID = 1L;

    Full(int limit) {
      super("replies of more than " + limit + " bytes");
    }
  }

  /// From now on no more bytes are taken than these.
  public void limit(int most) {
    limit = most;
  }

  @Override
  public void write(byte[] source, int from, int to) {
    int length = to - from;
    reserve(length);
    System.arraycopy(source, from, bytes, size, length);
    size += length;
  }

  /// Appends a whole array.
  public ReplyBuffer append(byte[] source) {
    write(source, 0, source.length);
    return this;
  }

  /// Appends text, one byte per character (ISO 8859-1, so that any byte can be written so).
  public ReplyBuffer append(String text) {
    return append(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /// Appends a number in decimal.
  public ReplyBuffer append(long number) {
    return append(Long.toString(number));
  }

  /// Bytes held.
  public int size() {
    return size;
  }

  /// Forgets all bytes.
  public void clear() {
    size = 0;
  }

  /// Writes all bytes to `out`, then forgets them.
  public void drainTo(ReplySink out) {
    if (size > 0) {
      out.write(bytes, 0, size);
      size = 0;
    }
  }

  /// A copy of the bytes.
  public byte[] toByteArray() {
    return Arrays.copyOf(bytes, size);
  }

  private void reserve(int length) {
    if (length > limit - size) {
      throw new Full(limit);
    }
    if (bytes.length - size < length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, Math.addExact(size, length)));
    }
  }

  @Override
  public String toString() {
    return new String(bytes, 0, size, StandardCharsets.ISO_8859_1);
  }
}
