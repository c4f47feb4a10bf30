package twemlab.sim.run.differential;

import java.util.ArrayList;
import java.util.List;

/// The words of a redis request that is a line, written once more from `sdssplitargs`: the proxy's
/// own reading is what is tested.
final class InlineWords {
  private static final String BLANKS = " \t\n\u000b\f\r";
  private static final String ENDS = " \t\n\r";

  private final String line;
  private int at;

  private InlineWords(String line) {
    this.line = line;
  }

  /// The words, or null when quotes are unbalanced.
  static List<String> of(String line) {
    InlineWords reader = new InlineWords(line);
    List<String> words = new ArrayList<>();
    while (reader.skipBlanks()) {
      StringBuilder word = new StringBuilder();
      if (!reader.word(word)) {
        return null;
      }
      words.add(word.toString());
    }
    return words;
  }

  private boolean skipBlanks() {
    while (at < line.length() && BLANKS.indexOf(line.charAt(at)) >= 0) {
      at++;
    }
    return at < line.length();
  }

  private boolean word(StringBuilder word) {
    while (at < line.length()) {
      char c = line.charAt(at++);
      if (ENDS.indexOf(c) >= 0) {
        return true;
      } else if (c == '"' || c == '\'') {
        return quoted(c, word);
      }
      word.append(c);
    }
    return true;
  }

  private boolean quoted(char quote, StringBuilder word) {
    while (at < line.length()) {
      char c = line.charAt(at++);
      if (c == quote) {
        return at == line.length() || BLANKS.indexOf(line.charAt(at)) >= 0;
      }
      boolean more = at < line.length();
      if (c == '\\' && more && quote == '"') {
        word.append(escaped());
      } else if (c == '\\' && more && line.charAt(at) == '\'') {
        at++;
        word.append('\'');
      } else {
        word.append(c);
      }
    }
    return false;
  }

  private char escaped() {
    String hex = line.substring(at, Math.min(line.length(), at + 3));
    if (hex.matches("x[0-9a-fA-F]{2}")) {
      at += 3;
      return (char) Integer.parseInt(hex.substring(1), 16);
    }
    char c = line.charAt(at++);
    int place = "nrtba".indexOf(c);
    return place < 0 ? c : "\n\r\t\b\u0007".charAt(place);
  }
}
