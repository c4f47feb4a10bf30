package twemlab.sim.model.redis;

import java.nio.charset.StandardCharsets;

/// An error reply that ends a command: thrown before the command wrote or changed anything.
final class RedisError extends RuntimeException {
  private static final long serialVersionUID = 1;

  static final String NOT_AN_INTEGER = "ERR value is not an integer or out of range";
  static final String SYNTAX = "ERR syntax error";
  static final String WRONG_TYPE =
      "WRONGTYPE Operation against a key holding the wrong kind of value";
  static final String TOO_LONG = "ERR string exceeds maximum allowed size (proto-max-bulk-len)";

  /// How much of an unknown command, and of its arguments together, an error shows.
  static final int SHOWN = 128;

  /// @param text the line without `-` and line end
  RedisError(String text) {
    super(text, null, false, false);
  }

  /// As C's `%.*s` prints it: at most `length` bytes, none after a NUL.
  static String cut(byte[] text, int length) {
    int end = 0;
    while (end < text.length && end < length && text[end] != 0) {
      end++;
    }
    return new String(text, 0, end, StandardCharsets.ISO_8859_1);
  }

  static RedisError arity(String command) {
    return new RedisError("ERR wrong number of arguments for '" + command + "' command");
  }

  static RedisError expireTime(String command) {
    return new RedisError("ERR invalid expire time in '" + command + "' command");
  }
}
