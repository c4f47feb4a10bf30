package twemlab.sim.run.differential.mirror;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/// What the two protocols look like to the servers and the generators here. Texts are ISO 8859-1,
/// so that each character is a byte.
///
/// It shares no code with the proxy's parsers: a judge that shares a parser shares its mistakes.
public final class Wire {
  private Wire() {}

  /// A redis request.
  public static String resp(String... words) {
    return resp(List.of(words));
  }

  /// A redis request.
  public static String resp(List<String> words) {
    StringBuilder text = new StringBuilder("*" + words.size() + "\r\n");
    words.forEach(word -> text.append(bulk(word)));
    return text.toString();
  }

  /// A redis bulk string.
  public static String bulk(String text) {
    return "$" + text.length() + "\r\n" + text + "\r\n";
  }

  /// Reads up to the end of a line, which it includes.
  ///
  /// @return null at the end of the stream
  static String readLine(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    while (line.isEmpty() || line.charAt(line.length() - 1) != '\n') {
      int b = in.read();
      if (b < 0 && line.isEmpty()) {
        return null;
      }
      if (b < 0) {
        throw new EOFException();
      }
      line.append((char) b);
    }
    return line.toString();
  }

  /// Reads a redis request.
  ///
  /// @return its words, or null at the end of the stream
  static List<String> readResp(InputStream in) throws IOException {
    String head = readLine(in);
    if (head == null) {
      return null;
    }
    List<String> words = new ArrayList<>();
    for (int left = number(head, '*'); left > 0; left--) {
      int length = number(readLine(in), '$');
      words.add(readExactly(in, length));
      if (!readExactly(in, 2).equals("\r\n")) {
        throw new IOException("no line end behind a bulk string");
      }
    }
    return words;
  }

  private static int number(String line, char mark) throws IOException {
    if (line == null || line.charAt(0) != mark || !line.endsWith("\r\n")) {
      throw new IOException("not a redis request: " + visible("" + line));
    }
    try {
      return Integer.parseInt(line.substring(1, line.length() - 2));
    } catch (NumberFormatException e) {
      throw new IOException("not a redis request: " + visible(line), e);
    }
  }

  /// Reads as many bytes.
  static String readExactly(InputStream in, int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException();
    }
    return text(bytes, bytes.length);
  }

  public static String text(byte[] bytes, int length) {
    return new String(bytes, 0, length, java.nio.charset.StandardCharsets.ISO_8859_1);
  }

  public static byte[] bytes(String text) {
    return text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
  }

  /// A text as it can be shown on a terminal.
  static String visible(String text) {
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\r' -> shown.append("\\r");
        case '\n' -> shown.append("\\n");
        case '\\' -> shown.append("\\\\");
        default -> shown.append(c >= ' ' && c < 0x7f ? "" + c : String.format("\\x%02x", (int) c));
      }
    }
    return shown.toString();
  }

  /// The same, cut in the middle where it is long.
  public static String brief(String text) {
    String shown = visible(text);
    int length = shown.length();
    return length <= 600
        ? shown
        : shown.substring(0, 380)
            + " ... "
            + (length - 560)
            + " more ... "
            + shown.substring(length - 180);
  }

  /// FNV-1a of a text, never negative: a number that depends on all of its bytes.
  public static int hash(String text) {
    int hash = 0x811c9dc5;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x01000193;
    }
    return (hash ^ (hash >>> 15)) & 0x7fffffff;
  }
}
