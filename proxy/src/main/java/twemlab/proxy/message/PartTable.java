package twemlab.proxy.message;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import twemlab.event.mbuf.MbufChain;
import twemlab.event.mbuf.MbufWriter;

/// Writes and reads which part each key of a request belongs to, a slice of keys at a time. The
/// table itself is a chain: one byte for each key, in pools of more than 256 servers two, and four
/// in those of more than 65,536.
public final class PartTable {
  private final MbufWriter writer;
  private final int width;
  private byte[] bytes = new byte[0];
  private MemorySegment view = MemorySegment.ofArray(bytes);

  /// The parts of the keys of the slice, to be written or just read.
  private int[] parts = new int[0];

  public PartTable(MbufWriter writer, int servers) {
    this.writer = writer;
    this.width = servers <= 1 << 8 ? 1 : servers <= 1 << 16 ? 2 : 4;
  }

  /// An array with room for the parts of a slice.
  public int[] slice(int keys) {
    if (parts.length < keys) {
      parts = new int[keys];
      bytes = new byte[keys * width];
      view = MemorySegment.ofArray(bytes);
    }
    return parts;
  }

  /// Appends the slice to a table.
  public void append(MbufChain table, int keys) {
    int at = 0;
    for (int key = 0; key < keys; key++) {
      for (int shift = 0; shift < width; shift++) {
        bytes[at++] = (byte) (parts[key] >>> (8 * shift));
      }
    }
    writer.append(table, bytes, 0, at);
  }

  /// Reads a slice of a table.
  ///
  /// @param first the first key of the slice
  public int[] read(MbufChain table, int first, int keys) {
    slice(keys);
    table.copy(first * width, (first + keys) * width, view, 0);
    Arrays.fill(parts, 0, keys, 0);
    int at = 0;
    for (int key = 0; key < keys; key++) {
      for (int shift = 0; shift < width; shift++) {
        parts[key] |= (bytes[at++] & 0xff) << (8 * shift);
      }
    }
    return parts;
  }
}
