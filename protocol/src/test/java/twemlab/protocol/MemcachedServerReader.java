package twemlab.protocol;

import java.math.BigInteger;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// How memcached itself reads its input buffer, written from its source and independent of the
/// parsers (`try_read_command_ascii`, `process_update_command`, proto_text.c; 1.6.18).
///
/// @param consumed the bytes that the first request takes
/// @param tokens the fields of its line
/// @param answer whether the server says at least one thing for it
record MemcachedServerReader(int consumed, List<String> tokens, boolean answer) {
  private static final Set<String> STORAGE =
      Set.of("set", "add", "replace", "append", "prepend", "cas");
  private static final int LINE_MAX = 2048;
  private static final BigInteger UNSIGNED_MAX = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);
  private static final BigInteger SIGNED_MAX = BigInteger.TWO.pow(63).subtract(BigInteger.ONE);
  private static final BigInteger VALUE_MAX = BigInteger.valueOf(Integer.MAX_VALUE - 2);

  /// Reads the first request; null when memcached would wait for more bytes.
  ///
  /// A storage line that memcached finds wrong is a request without a data block: what was meant as
  /// data is read as the next line. Throws [IllegalArgumentException] when memcached would close.
  static MemcachedServerReader read(String buffer) {
    int lineFeed = buffer.indexOf('\n');
    if (lineFeed < 0) {
      if (buffer.length() > LINE_MAX && !isRetrieval(buffer)) {
        throw new IllegalArgumentException("line too long");
      }
      return null;
    }
    int end = lineFeed > 0 && buffer.charAt(lineFeed - 1) == '\r' ? lineFeed - 1 : lineFeed;
    String line = buffer.substring(0, end);
    // The line is a C string from here on.
    int terminator = line.indexOf('\0');
    String command = terminator < 0 ? line : line.substring(0, terminator);
    List<String> tokens =
        Pattern.compile(" +").splitAsStream(command).filter(t -> !t.isEmpty()).toList();
    int consumed = lineFeed + 1;
    if (!tokens.isEmpty() && STORAGE.contains(tokens.getFirst()) && storageIsRight(tokens)) {
      int data = Integer.parseInt(tokens.get(4)) + 2;
      if (buffer.length() - consumed < data) {
        return null;
      }
      consumed += data;
    }
    return new MemcachedServerReader(consumed, tokens, answers(tokens));
  }

  /// `set_noreply_maybe` looks at the last token, whatever it was meant to be; retrievals do not
  /// call it, nor does `delete` with a key alone.
  private static boolean answers(List<String> tokens) {
    if (tokens.isEmpty() || !tokens.getLast().equals("noreply")) {
      return true;
    }
    String verb = tokens.getFirst();
    return verb.matches("g[ea]ts?") || (verb.equals("delete") && tokens.size() == 2);
  }

  private static boolean isRetrieval(String buffer) {
    String start = buffer.stripLeading();
    boolean fewSpaces = buffer.length() - start.length() <= 100;
    return fewSpaces && (start.startsWith("get ") || start.startsWith("gets "));
  }

  private static boolean storageIsRight(List<String> tokens) {
    boolean cas = tokens.getFirst().equals("cas");
    int fields = cas ? 6 : 5;
    return tokens.size() >= fields
        && tokens.size() <= fields + 1
        && tokens.get(1).length() <= 250
        && fits(tokens.get(2), UNSIGNED_MAX)
        && fits(tokens.get(3), SIGNED_MAX)
        && fits(tokens.get(4), VALUE_MAX)
        && (!cas || fits(tokens.get(5), UNSIGNED_MAX));
  }

  private static boolean fits(String digits, BigInteger maximum) {
    return digits.matches("[0-9]+") && new BigInteger(digits).compareTo(maximum) <= 0;
  }
}
