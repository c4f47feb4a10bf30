package twemlab.sim.model;

import java.util.Arrays;

/// Bytes received and not yet understood: appended at the end, taken from the front. Positions are
/// relative to the front.
public final class InputBuffer {
  private byte[] bytes = new byte[256];
  private int start;
  private int end;

  public void append(byte[] source, int from, int to) {
    int length = to - from;
    if (bytes.length - end < length) {
      makeRoom(length);
    }
    System.arraycopy(source, from, bytes, end, length);
    end += length;
  }

  private void makeRoom(int length) {
    int kept = end - start;
    int needed = Math.addExact(kept, length);
    byte[] target = needed > bytes.length / 2 ? new byte[Math.max(needed, 2 * kept)] : bytes;
    System.arraycopy(bytes, start, target, 0, kept);
    bytes = target;
    start = 0;
    end = kept;
  }

  public int size() {
    return end - start;
  }

  public byte at(int position) {
    return bytes[start + position];
  }

  /// The position of the first `wanted`, at or after `from`; -1 if there is none.
  public int indexOf(byte wanted, int from) {
    return indexOf(wanted, from, end - start);
  }

  /// The position of the first `wanted` in `[from, to)`; -1 if there is none.
  public int indexOf(byte wanted, int from, int to) {
    for (int i = start + from; i < start + to; i++) {
      if (bytes[i] == wanted) {
        return i - start;
      }
    }
    return -1;
  }

  public byte[] copy(int from, int to) {
    return Arrays.copyOfRange(bytes, start + from, start + to);
  }

  public void skip(int count) {
    start += count;
    if (start == end) {
      start = 0;
      end = 0;
    }
  }
}
