package twemlab.protocol.bytes;

import java.lang.foreign.MemorySegment;

/// Reads `$ digits CR LF` in one step when it lies whole in the range: the usual case.
///
/// It only ever says yes to what the state machines take too. Whatever is cut, wrong or unusual it
/// leaves to them, so that one place decides what is an error.
public final class NumberLine {
  /// So many digits fit an int.
  private static final int DIGITS_MAX = 9;

  private int value;

  /// The number of the last line that was read.
  public int value() {
    return value;
  }

  /// Where the bytes after the line begin, or -1 if the line is not whole or not of that form. A
  /// leading zero is not of that form.
  public long read(MemorySegment segment, long at, long to) {
    if (Memory.byteAt(segment, at) != '$') {
      return -1;
    }
    long last = Math.min(to - 2, at + 1 + DIGITS_MAX);
    long digit = at + 1;
    int number = 0;
    byte b = '0';
    while (digit <= last) {
      b = Memory.byteAt(segment, digit);
      if (!Memory.isDigit(b)) {
        break;
      }
      number = number * 10 + (b - '0');
      digit++;
    }
    boolean noDigits = digit == at + 1;
    boolean ends = digit <= last && b == Memory.CR;
    if (!ends || noDigits || Memory.byteAt(segment, digit + 1) != Memory.LF) {
      return -1;
    }
    boolean leadingZero = digit > at + 2 && Memory.byteAt(segment, at + 1) == '0';
    value = number;
    return leadingZero ? -1 : digit + 2;
  }

  /// Whether `length` bytes of data and their CR LF lie in the range, from `data` on.
  public static boolean isWholeData(MemorySegment segment, long data, int length, long to) {
    long end = data + length;
    return to - end >= 2
        && Memory.byteAt(segment, end) == Memory.CR
        && Memory.byteAt(segment, end + 1) == Memory.LF;
  }
}
