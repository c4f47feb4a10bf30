package twemlab.sim.model.memcached;

/// Integers as memcached reads them (`safe_strtoull` and its relatives in `util.c`): `strtoull`
/// semantics, that is leading white space and a sign are fine, and white space or the end must
/// follow the digits.
final class CNumbers {
  private CNumbers() {}

  /// An unsigned 64-bit number, in the bits of a long; null if the text is none. A minus negates in
  /// 64 bits, and is refused if the result is 2^63 or more.
  static Long unsigned64(byte[] text) {
    Scan scan = Scan.of(text);
    if (scan == null || scan.overflow) {
      return null;
    }
    long value = scan.negative ? -scan.magnitude : scan.magnitude;
    return value < 0 && scan.negative ? null : Long.valueOf(value);
  }

  /// The low 32 bits of an unsigned 64-bit number; null if the text is none.
  static Integer unsigned32(byte[] text) {
    Long value = unsigned64(text);
    return value == null ? null : Integer.valueOf(value.intValue());
  }

  /// The low 32 bits of a signed 64-bit number, as a signed number; null if the text is none.
  static Integer signed32(byte[] text) {
    Scan scan = Scan.of(text);
    boolean lowest = scan != null && scan.negative && scan.magnitude == Long.MIN_VALUE;
    if (scan == null || scan.overflow || (scan.magnitude < 0 && !lowest)) {
      return null;
    }
    return (int) (scan.negative ? -scan.magnitude : scan.magnitude);
  }

  /// The white space of `isspace` in the C locale.
  private static boolean space(byte b) {
    return b == ' ' || (b >= '\t' && b <= '\r');
  }

  /// @param magnitude the digits' value as an unsigned 64-bit number
  private record Scan(boolean negative, long magnitude, boolean overflow) {
    /// Null if there are no digits, or something other than white space follows them.
    static Scan of(byte[] text) {
      int at = 0;
      while (at < text.length && space(text[at])) {
        at++;
      }
      boolean signed = at < text.length && (text[at] == '-' || text[at] == '+');
      boolean negative = signed && text[at] == '-';
      int first = signed ? at + 1 : at;
      long magnitude = 0;
      boolean overflow = false;
      int end = first;
      for (; end < text.length && text[end] >= '0' && text[end] <= '9'; end++) {
        int digit = text[end] - '0';
        overflow |= Long.compareUnsigned(magnitude, Long.divideUnsigned(-1L - digit, 10)) > 0;
        magnitude = magnitude * 10 + digit;
      }
      boolean ends = end == text.length || space(text[end]);
      return end > first && ends ? new Scan(negative, magnitude, overflow) : null;
    }
  }
}
