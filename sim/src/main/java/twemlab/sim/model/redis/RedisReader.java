package twemlab.sim.model.redis;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import twemlab.sim.model.InputBuffer;

/// Cuts the bytes of one redis connection into commands, as `processMultibulkBuffer` and
/// `processInlineBuffer` of redis' `networking.c` do: a line ends at CR and the byte after it is
/// skipped unseen, as are the two bytes after a bulk.
final class RedisReader {
  private static final int LINE_MAX = 64 * 1024;
  private static final long BULK_MAX = 512L * 1024 * 1024;

  private final InputBuffer input = new InputBuffer();
  private final List<byte[]> arguments = new ArrayList<>();
  private long argumentsLeft;
  private int bulkLength = -1;

  void append(byte[] bytes, int from, int to) {
    input.append(bytes, from, to);
  }

  /// Whether a command has begun and not ended.
  boolean partial() {
    return argumentsLeft > 0 || input.size() > 0;
  }

  /// The next command's name and arguments; null if more bytes are needed; empty for a request that
  /// redis accepts and does not answer (`*0`, an empty line).
  ///
  /// @throws RedisError if the connection must be closed after this error
  List<byte[]> next(boolean authenticated) {
    if (argumentsLeft == 0) {
      if (input.size() == 0) {
        return null;
      }
      if (input.at(0) != '*') {
        return inline();
      }
      int end = lineEnd("too big mbulk count string");
      if (end < 0) {
        return null;
      }
      argumentsLeft = multibulkLength(end, authenticated);
      if (argumentsLeft <= 0) {
        argumentsLeft = 0;
        return List.of();
      }
    }
    return bulks(authenticated) ? take() : null;
  }

  private long multibulkLength(int end, boolean authenticated) {
    Long count = RedisNumbers.parse(input.copy(1, end));
    if (count == null || count > Integer.MAX_VALUE) {
      throw protocolError("invalid multibulk length");
    }
    if (count > 10 && !authenticated) {
      throw protocolError("unauthenticated multibulk length");
    }
    input.skip(end + 2);
    return count;
  }

  private boolean bulks(boolean authenticated) {
    while (argumentsLeft > 0) {
      if (bulkLength < 0 && !bulkHeader(authenticated)) {
        return false;
      }
      if (input.size() < bulkLength + 2) {
        return false;
      }
      arguments.add(input.copy(0, bulkLength));
      input.skip(bulkLength + 2);
      bulkLength = -1;
      argumentsLeft--;
    }
    return true;
  }

  private boolean bulkHeader(boolean authenticated) {
    int end = lineEnd("too big bulk count string");
    if (end < 0) {
      return false;
    }
    if (input.at(0) != '$') {
      throw protocolError("expected '$', got '" + (char) (input.at(0) & 0xff) + "'");
    }
    Long length = RedisNumbers.parse(input.copy(1, end));
    if (length == null || length < 0 || length > BULK_MAX) {
      throw protocolError("invalid bulk length");
    }
    if (length > 16384 && !authenticated) {
      throw protocolError("unauthenticated bulk length");
    }
    input.skip(end + 2);
    bulkLength = length.intValue();
    return true;
  }

  /// The position of the CR, once the byte after it is there too; -1 if it is not.
  private int lineEnd(String tooLong) {
    int end = input.indexOf((byte) '\r', 0);
    int nul = input.indexOf((byte) 0, 0, end < 0 ? input.size() : end);
    boolean found = end >= 0 && nul < 0;
    if ((found ? end : input.size()) > LINE_MAX) {
      throw protocolError(tooLong);
    }
    return found && end + 1 < input.size() ? end : -1;
  }

  private List<byte[]> inline() {
    int end = input.indexOf((byte) '\n', 0);
    if ((end < 0 ? input.size() : end) > LINE_MAX) {
      throw protocolError("too big inline request");
    }
    if (end < 0) {
      return null;
    }
    int lineEnd = end > 0 && input.at(end - 1) == '\r' ? end - 1 : end;
    String line = new String(input.copy(0, lineEnd), StandardCharsets.ISO_8859_1);
    input.skip(end + 1);
    for (String word : line.split("[ \t\r\n]+", -1)) {
      if (!word.isEmpty()) {
        arguments.add(word.getBytes(StandardCharsets.ISO_8859_1));
      }
    }
    return take();
  }

  private List<byte[]> take() {
    List<byte[]> command = List.copyOf(arguments);
    arguments.clear();
    return command;
  }

  private static RedisError protocolError(String text) {
    return new RedisError("ERR Protocol error: " + text);
  }
}
