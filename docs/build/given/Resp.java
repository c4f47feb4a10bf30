package twemlab.exercise.build;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The frames of redis' protocol: where a message ends, and what it is made of.
final class Resp {
  /// The bytes so far are the beginning of a message.
  static final int INCOMPLETE = 0;

  /// They are no message and will never be one.
  static final int WRONG = -1;

  private static final int LENGTH_MAX = 1 << 20;

  private Resp() {}

  /// Where the first message of some bytes ends.
  ///
  /// @param to the end of the bytes
  /// @return the position behind it, [#INCOMPLETE], or [#WRONG]
  static int end(byte[] bytes, int from, int to) {
    int line = lineEnd(bytes, from, to);
    if (line <= 0) {
      return line;
    }
    return switch (bytes[from]) {
      case '+', '-', ':' -> line;
      case '$' -> bulkEnd(line, number(bytes, from, line), to);
      case '*' -> arrayEnd(bytes, line, number(bytes, from, line), to);
      default -> WRONG;
    };
  }

  private static int lineEnd(byte[] bytes, int from, int to) {
    for (int i = from; i + 1 < to; i++) {
      if (bytes[i] == '\r') {
        return bytes[i + 1] == '\n' ? i + 2 : WRONG;
      }
    }
    return to - from > 64 ? WRONG : INCOMPLETE;
  }

  private static int bulkEnd(int line, int length, int to) {
    if (length < -1) {
      return WRONG;
    }
    int end = length < 0 ? line : line + length + 2;
    return end <= to ? end : INCOMPLETE;
  }

  private static int arrayEnd(byte[] bytes, int line, int count, int to) {
    int at = count < -1 ? WRONG : line;
    for (int i = 0; i < count && at > 0; i++) {
      at = at == to ? INCOMPLETE : end(bytes, at, to);
    }
    return at;
  }

  /// The number in a line behind its first byte; less than -1 if there is none.
  private static int number(byte[] bytes, int from, int line) {
    String digits = new String(bytes, from + 1, line - from - 3, StandardCharsets.ISO_8859_1);
    if (!digits.matches("-1|\\d{1,7}")) {
      return -2;
    }
    int number = Integer.parseInt(digits);
    return number > LENGTH_MAX ? -2 : number;
  }

  /// The elements of an array, each as it stands there. Empty if the message is no array.
  static List<byte[]> elements(byte[] message) {
    List<byte[]> elements = new ArrayList<>();
    if (message[0] == '*') {
      int at = lineEnd(message, 0, message.length);
      while (at < message.length) {
        int end = end(message, at, message.length);
        elements.add(Arrays.copyOfRange(message, at, end));
        at = end;
      }
    }
    return elements;
  }

  /// The words of a request: the contents of its bulk strings.
  static List<byte[]> words(byte[] request) {
    return elements(request).stream()
        .map(each -> Arrays.copyOfRange(each, lineEnd(each, 0, each.length), each.length - 2))
        .toList();
  }

  /// An array of elements that are messages themselves.
  static byte[] array(List<byte[]> elements) {
    byte[] message = bytes("*" + elements.size() + "\r\n");
    for (byte[] each : elements) {
      int length = message.length;
      message = Arrays.copyOf(message, length + each.length);
      System.arraycopy(each, 0, message, length, each.length);
    }
    return message;
  }

  /// A request of some words.
  static byte[] request(List<byte[]> words) {
    return array(
        words.stream()
            .map(
                word -> bytes("$" + word.length + "\r\n" + text(word) + "\r\n"))
            .toList());
  }

  /// A reply that says that something went wrong.
  static byte[] error(String text) {
    return bytes("-ERR " + text + "\r\n");
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
