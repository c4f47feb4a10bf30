package twemlab.sim.model.redis;

import java.nio.charset.StandardCharsets;

/// Integers as redis reads them (`string2ll` in `util.c`).
public final class RedisNumbers {
  private RedisNumbers() {}

  /// The number; null unless it is canonical: an optional minus, no plus, no leading zeros, no
  /// spaces, in 64 bits.
  public static Long parse(byte[] text) {
    if (text.length == 0 || text.length > 20 || !canonical(text)) {
      return null;
    }
    boolean minus = text[0] == '-';
    long number = 0; // negative: there is one more of those
    for (int i = minus ? 1 : 0; i < text.length; i++) {
      int digit = text[i] - '0';
      if (number < (Long.MIN_VALUE + digit) / 10) {
        return null; // more than 64 bits
      }
      number = number * 10 - digit;
    }
    return minus ? (Long) number : number == Long.MIN_VALUE ? null : (Long) (-number);
  }

  private static boolean canonical(byte[] text) {
    int first = text[0] == '-' ? 1 : 0;
    if (first == text.length || (text[first] == '0' && text.length > 1)) {
      return false;
    }
    for (int i = first; i < text.length; i++) {
      if (text[i] < '0' || text[i] > '9') {
        return false;
      }
    }
    return true;
  }

  public static byte[] format(long number) {
    return Long.toString(number).getBytes(StandardCharsets.ISO_8859_1);
  }
}
