package twemlab.proxy.log;

/// Text of unknown origin made fit for one line of a log or a message: nobody who names a server,
/// sends a reply or writes a file can end a line, colour a terminal or move its cursor.
public final class Printable {
  private Printable() {}

  /// The text with each control character, and each half of a broken pair, written as `\xNN`, or
  /// with a `u` and four digits. The same object when there is none.
  public static String of(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!isPlain(text, i)) {
        return escaped(text);
      }
    }
    return text;
  }

  /// The same, of the first characters; the rest is given as a number.
  ///
  /// @param most characters to keep, above 0
  public static String cut(String text, int most) {
    if (text.length() <= most) {
      return of(text);
    }
    int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
    return of(text.substring(0, end)) + "... (" + text.length() + " characters)";
  }

  private static String escaped(String text) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (isPlain(text, i)) {
        line.append(c);
      } else {
        line.append(c < 0x100 ? "\\x%02x".formatted((int) c) : "\\u%04x".formatted((int) c));
      }
    }
    return line.toString();
  }

  private static boolean isPlain(String text, int at) {
    char c = text.charAt(at);
    if (c < 0x7f) {
      return c >= ' ';
    }
    if (Character.isHighSurrogate(c)) {
      return at + 1 < text.length() && Character.isLowSurrogate(text.charAt(at + 1));
    }
    if (Character.isLowSurrogate(c)) {
      return at > 0 && Character.isHighSurrogate(text.charAt(at - 1));
    }
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
