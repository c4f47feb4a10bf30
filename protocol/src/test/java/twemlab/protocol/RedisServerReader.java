package twemlab.protocol;

import java.util.ArrayList;
import java.util.List;

/// How redis itself reads its input buffer, written from its source and independent of the parsers
/// (`processMultibulkBuffer`, networking.c; `string2ll`, util.c; redis 7.0).
///
/// @param consumed the bytes that the first request takes
/// @param arguments its elements; empty for a line that redis takes for no request at all
record RedisServerReader(int consumed, List<String> arguments) {
  private static final int MULTIBULK_MAX = 1024 * 1024;
  private static final int BULK_MAX = 512 * 1024 * 1024;

  /// Reads the first request; null when redis would wait for more bytes.
  ///
  /// Throws [IllegalArgumentException] when redis would answer a protocol error and close, or take
  /// the bytes for an inline command.
  static RedisServerReader read(String buffer) {
    if (buffer.isEmpty()) {
      return null;
    }
    if (buffer.charAt(0) != '*') {
      throw new IllegalArgumentException("inline");
    }
    int newline = buffer.indexOf('\r');
    if (newline < 0 || newline > buffer.length() - 2) {
      return null;
    }
    long count = integer(buffer.substring(1, newline), MULTIBULK_MAX);
    int at = newline + 2;
    List<String> arguments = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      newline = buffer.indexOf('\r', at);
      if (newline < 0 || newline > buffer.length() - 2) {
        return null;
      }
      if (buffer.charAt(at) != '$') {
        throw new IllegalArgumentException("expected '$'");
      }
      long length = integer(buffer.substring(at + 1, newline), BULK_MAX);
      if (length < 0) {
        throw new IllegalArgumentException("invalid bulk length");
      }
      at = newline + 2;
      if (buffer.length() - at < length + 2) {
        return null;
      }
      arguments.add(buffer.substring(at, (int) (at + length)));
      at += (int) length + 2;
    }
    return new RedisServerReader(at, arguments);
  }

  /// `string2ll` takes no leading zero, no plus, no space.
  private static long integer(String digits, long maximum) {
    if (!digits.matches("0|-?[1-9][0-9]{0,17}") || Long.parseLong(digits) > maximum) {
      throw new IllegalArgumentException("invalid length " + digits);
    }
    return Long.parseLong(digits);
  }
}
