package twemlab.protocol.bytes;

/// A decimal number that arrives byte by byte.
///
/// A value beyond what a long holds stays at the nearest long: whoever has a limit finds it passed.
public final class Decimal {
  private boolean negative;
  private int digits;
  private long value;

  /// Forgets the number.
  public void clear() {
    negative = false;
    digits = 0;
    value = 0;
  }

  /// Takes a digit, or a minus before the first digit. False if `b` is neither.
  public boolean accept(byte b) {
    if (b == '-' && digits == 0 && !negative) {
      negative = true;
      return true;
    }
    if (!Memory.isDigit(b)) {
      return false;
    }
    digits = Math.min(digits + 1, 2);
    int digit = b - '0';
    value = value > (Long.MAX_VALUE - digit) / 10 ? Long.MAX_VALUE : value * 10 + digit;
    return true;
  }

  /// Whether there was a digit.
  public boolean isComplete() {
    return digits > 0;
  }

  /// Whether there was a minus.
  boolean isNegative() {
    return negative;
  }

  /// The value, or the nearest long.
  public long saturated() {
    return negative ? -value : value;
  }
}
