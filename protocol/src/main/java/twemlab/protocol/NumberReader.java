package twemlab.protocol;

import java.lang.foreign.MemorySegment;
import twemlab.protocol.bytes.Memory;

/// Reads a decimal number of any length, which may be cut, and says when it passes its maximum.
final class NumberReader {
  /// Below this, a further digit fits 64 bits.
  private static final long NEVER_OVERFLOWS = Long.MAX_VALUE / 10;

  private boolean digits;
  private boolean negative;
  private boolean tooLarge;
  private long value;

  /// Begins with a number.
  void clear() {
    digits = false;
    negative = false;
    tooLarge = false;
    value = 0;
  }

  /// Takes a minus, if one is allowed, and digits, up to the first other byte, or to the digit that
  /// passes the maximum.
  ///
  /// @param maximum an unsigned long
  /// @return the place of the first byte that was not taken
  long read(MemorySegment segment, long from, long to, boolean signed, long maximum) {
    long at = from;
    if (!digits && !negative && signed && Memory.byteAt(segment, at) == '-') {
      negative = true;
      at++;
    }
    for (; at < to; at++) {
      byte b = Memory.byteAt(segment, at);
      if (!Memory.isDigit(b)) {
        return at;
      }
      digits = true;
      if (!add(b - '0', maximum)) {
        tooLarge = true;
        return at;
      }
    }
    return to;
  }

  /// False when the number passes the maximum.
  private boolean add(int digit, long maximum) {
    long longer = value * 10 + digit;
    boolean exact = Long.compareUnsigned(value, NEVER_OVERFLOWS) < 0 || isExact(digit);
    value = longer;
    return exact && Long.compareUnsigned(longer, maximum) <= 0;
  }

  /// Whether ten times the value and a digit more still fit 64 bits; the division is for the
  /// twentieth digit alone.
  private boolean isExact(int digit) {
    return Long.compareUnsigned(value, Long.divideUnsigned(-1L - digit, 10)) <= 0;
  }

  /// Whether the maximum was passed.
  boolean isTooLarge() {
    return tooLarge;
  }

  /// Whether there was a digit.
  boolean hasDigits() {
    return digits;
  }

  /// The number; without its sign if it is longer than 63 bits.
  long value() {
    return negative ? -value : value;
  }
}
