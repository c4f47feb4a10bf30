package twemlab.event;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Objects;

/// A message as a list of ranges of mbufs, in order; C counterpart `struct mhdr` (nc_mbuf.h).
///
/// Holds one reference for each range. Neighbouring ranges of one mbuf are joined, so that a
/// pipeline read in one piece is sent as one piece. Offsets count from the message's first byte.
/// Pooled and mutable, and bound to its loop's thread.
public final class MbufChain {
  private Mbuf[] mbufs = new Mbuf[2];
  private int[] froms = new int[2];
  private int[] tos = new int[2];
  private int count;
  private int length;

  /// The range in which the last [#append] out of this chain ended, so that walking a message from
  /// front to back stays linear.
  private int cursor;

  private int cursorOffset;

  /// Bytes in all ranges.
  public int length() {
    return length;
  }

  /// How many ranges there are.
  public int rangeCount() {
    return count;
  }

  /// The mbuf of range `i`.
  public Mbuf mbuf(int i) {
    return mbufs[i];
  }

  /// The position of range `i`'s first byte in its mbuf.
  public int from(int i) {
    return froms[i];
  }

  /// The position behind range `i`'s last byte.
  public int to(int i) {
    return tos[i];
  }

  /// Appends a range and retains its mbuf.
  public void append(Mbuf mbuf, int from, int to) {
    if (from == to) {
      return;
    }
    int tail = count - 1;
    if (tail >= 0 && mbufs[tail] == mbuf && tos[tail] == from) {
      tos[tail] = to;
    } else {
      grow();
      mbuf.retain();
      mbufs[count] = mbuf;
      froms[count] = from;
      tos[count] = to;
      count++;
    }
    length += to - from;
  }

  private void grow() {
    if (count == mbufs.length) {
      mbufs = Arrays.copyOf(mbufs, count * 2);
      froms = Arrays.copyOf(froms, count * 2);
      tos = Arrays.copyOf(tos, count * 2);
    }
  }

  /// Appends the bytes `[from, to)` of another chain's message, which keeps its own references.
  /// Cheap when called with ascending offsets.
  public void append(MbufChain source, int from, int to) {
    Objects.checkFromToIndex(from, to, source.length);
    source.seek(from);
    int remaining = to - from;
    int skip = from - source.cursorOffset;
    while (remaining > 0) {
      int i = source.cursor;
      int start = source.froms[i] + skip;
      int taken = Math.min(remaining, source.tos[i] - start);
      append(source.mbufs[i], start, start + taken);
      remaining -= taken;
      if (remaining > 0) {
        source.cursorOffset += source.tos[i] - source.froms[i];
        source.cursor++;
        skip = 0;
      }
    }
  }

  /// Moves the cursor to the range that holds the byte at an offset.
  private void seek(int offset) {
    if (offset < cursorOffset) {
      cursor = 0;
      cursorOffset = 0;
    }
    while (cursor < count - 1 && offset >= cursorOffset + tos[cursor] - froms[cursor]) {
      cursorOffset += tos[cursor] - froms[cursor];
      cursor++;
    }
  }

  /// The range that holds the whole of `[from, to)`, or -1 if the bytes lie in several.
  public int rangeOf(int from, int to) {
    Objects.checkFromToIndex(from, to, length);
    if (count == 0) {
      return -1;
    }
    seek(from);
    return to - cursorOffset <= tos[cursor] - froms[cursor] ? cursor : -1;
  }

  /// The offset in its mbuf's segment at which the byte at a message offset lies; the byte must be
  /// in the range that [#rangeOf] answered.
  public long segmentOffset(int range, int offset) {
    return mbufs[range].base() + froms[range] + (offset - cursorOffset);
  }

  /// Copies `[from, to)` to native memory; for keys that straddle mbufs, never for payload.
  public void copy(int from, int to, MemorySegment target, long targetOffset) {
    Objects.checkFromToIndex(from, to, length);
    seek(from);
    int position = from;
    int range = cursor;
    int rangeStart = cursorOffset;
    while (position < to) {
      int skip = position - rangeStart;
      int taken = Math.min(to - position, tos[range] - froms[range] - skip);
      MemorySegment.copy(
          mbufs[range].segment(),
          mbufs[range].base() + froms[range] + skip,
          target,
          targetOffset + (position - from),
          taken);
      position += taken;
      rangeStart += tos[range] - froms[range];
      range++;
    }
  }

  /// The byte at an offset.
  public byte byteAt(int offset) {
    Objects.checkIndex(offset, length);
    seek(offset);
    return mbufs[cursor]
        .segment()
        .get(JAVA_BYTE, mbufs[cursor].base() + froms[cursor] + (offset - cursorOffset));
  }

  /// Sends everything and empties the chain: the references go over to the channel.
  public void sendTo(Channel channel) {
    for (int i = 0; i < count; i++) {
      channel.send(mbufs[i], froms[i], tos[i]);
      mbufs[i] = null;
    }
    reset();
  }

  /// Releases everything.
  public void clear() {
    for (int i = 0; i < count; i++) {
      mbufs[i].release();
      mbufs[i] = null;
    }
    reset();
  }

  private void reset() {
    count = 0;
    length = 0;
    cursor = 0;
    cursorOffset = 0;
  }
}
