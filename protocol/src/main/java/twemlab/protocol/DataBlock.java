package twemlab.protocol;

import java.lang.foreign.MemorySegment;
import twemlab.protocol.bytes.Memory;

/// Passes over the data block behind a memcached line, and its line end.
final class DataBlock {
  private static final int DATA = 0;
  private static final int CR = 1;
  private static final int LF = 2;
  private static final int DONE = 3;
  private static final int BROKEN = 4;

  private int state;
  private int remaining;

  /// Begins with a block of that length, its line end not counted.
  void begin(int length) {
    remaining = length;
    state = length == 0 ? CR : DATA;
  }

  /// Takes what there is of the block.
  ///
  /// @return the place behind what was taken
  long read(MemorySegment segment, long from, long to) {
    if (state == DATA) {
      return data(segment, from, to);
    }
    byte b = Memory.byteAt(segment, from);
    if (state == CR) {
      state = b == Memory.CR ? LF : BROKEN;
    } else {
      state = b == Memory.LF ? DONE : BROKEN;
    }
    return from + 1;
  }

  private long data(MemorySegment segment, long at, long to) {
    long end = at + remaining;
    if (end + 2 <= to
        && Memory.byteAt(segment, end) == Memory.CR
        && Memory.byteAt(segment, end + 1) == Memory.LF) {
      state = DONE;
      return end + 2;
    }
    long taken = Math.min(remaining, to - at);
    remaining -= (int) taken;
    if (remaining == 0) {
      state = CR;
    }
    return at + taken;
  }

  /// Whether the block and its line end have been taken.
  boolean isDone() {
    return state == DONE;
  }

  /// Whether something else stands in the place of its line end.
  boolean isBroken() {
    return state == BROKEN;
  }
}
