package twemlab.event.mbuf;

import java.util.Arrays;
import java.util.Objects;

/// The ranges of an [MbufChain] that has more than one, as three parallel arrays.
///
/// Most messages have one range, which the chain itself holds; so few of these exist, and they are
/// used again ([MbufPool#takeRanges]). It holds one reference for each range.
final class MbufRanges {
  private static final int FIRST_SIZE = 4;

  private Mbuf[] mbufs = new Mbuf[FIRST_SIZE];
  private int[] froms = new int[FIRST_SIZE];
  private int[] tos = new int[FIRST_SIZE];
  private int count;
  private int length;

  /// So many at the front are released already.
  private int released;

  /// The range in which the last [#seek] ended, so that walking a message from front to back stays
  /// linear.
  private int cursor;

  private int cursorOffset;

  int length() {
    return length;
  }

  int count() {
    return count;
  }

  /// How many ranges there is room for.
  int capacity() {
    return mbufs.length;
  }

  Mbuf mbuf(int i) {
    return mbufs[i];
  }

  int from(int i) {
    return froms[i];
  }

  int to(int i) {
    return tos[i];
  }

  /// Whether a range goes on where the last one ends.
  boolean continues(Mbuf mbuf, int from) {
    return mbufs[count - 1] == mbuf && tos[count - 1] == from;
  }

  /// Makes the last range longer.
  void extend(int to) {
    length += to - tos[count - 1];
    tos[count - 1] = to;
  }

  /// Adds a range, whose reference is this object's from now on.
  void add(Mbuf mbuf, int from, int to) {
    if (count == mbufs.length) {
      mbufs = Arrays.copyOf(mbufs, count * 2);
      froms = Arrays.copyOf(froms, count * 2);
      tos = Arrays.copyOf(tos, count * 2);
    }
    mbufs[count] = mbuf;
    froms[count] = from;
    tos[count] = to;
    count++;
    length += to - from;
  }

  /// Moves to the range that holds the byte at an offset.
  ///
  /// @return that range
  int seek(int offset) {
    if (offset < cursorOffset) {
      cursor = 0;
      cursorOffset = 0;
    }
    while (cursor < count - 1 && offset >= cursorOffset + tos[cursor] - froms[cursor]) {
      cursorOffset += tos[cursor] - froms[cursor];
      cursor++;
    }
    return cursor;
  }

  /// The offset of the message at which the range of the last [#seek] begins.
  int cursorOffset() {
    return cursorOffset;
  }

  /// Releases the ranges before the one that holds the byte at an offset; never the last.
  void releaseBefore(int offset) {
    int end = seek(offset);
    for (; released < end; released++) {
      Objects.requireNonNull(mbufs[released]).release();
      mbufs[released] = null;
    }
  }

  /// The pool of the mbufs.
  MbufPool pool() {
    return mbufs[count - 1].pool();
  }

  /// Forgets the ranges; their references are released, or handed over by now.
  void forget() {
    Arrays.fill(mbufs, 0, count, null);
    count = 0;
    length = 0;
    released = 0;
    cursor = 0;
    cursorOffset = 0;
  }

  /// Releases the references and forgets the ranges.
  void release() {
    for (int i = released; i < count; i++) {
      Objects.requireNonNull(mbufs[i]).release();
    }
    forget();
  }
}
