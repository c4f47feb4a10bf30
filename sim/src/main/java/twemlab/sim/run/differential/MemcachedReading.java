package twemlab.sim.run.differential;

import static twemlab.sim.run.differential.Item.Treatment.BOTH_ANSWER;
import static twemlab.sim.run.differential.Item.Treatment.ENDS;
import static twemlab.sim.run.differential.Item.Treatment.NUTCRACKER_MAY_CLOSE;
import static twemlab.sim.run.differential.Item.Treatment.OURS_ANSWERS;
import static twemlab.sim.run.differential.Item.Treatment.OURS_ANSWERS_AND_CLOSES;
import static twemlab.sim.run.differential.Item.Treatment.OURS_CLOSES;
import static twemlab.sim.run.differential.Item.Treatment.OURS_REFUSES;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import twemlab.sim.run.differential.mirror.MirrorReplies;

/// memcached requests, by section 5 of nutcracker's contract.
final class MemcachedReading implements Reading {
  private static final int KEY_MAX = 250;
  private static final int LINE_MAX = 2048;
  private static final int SPACES_MAX = 100;
  private static final BigInteger TWO = BigInteger.TWO;

  /// The numbers behind each verb's key: f flags, e expiry, b bytes, c cas, d delta, t touch.
  private static final Map<String, String> VERBS =
      Map.ofEntries(
          Map.entry("get", ""),
          Map.entry("gets", ""),
          Map.entry("set", "feb"),
          Map.entry("add", "feb"),
          Map.entry("replace", "feb"),
          Map.entry("append", "feb"),
          Map.entry("prepend", "feb"),
          Map.entry("cas", "febc"),
          Map.entry("incr", "d"),
          Map.entry("decr", "d"),
          Map.entry("touch", "t"),
          Map.entry("delete", ""),
          Map.entry("version", ""),
          Map.entry("quit", ""));

  private static final List<String> STORAGE =
      List.of("set", "add", "replace", "append", "prepend", "cas");

  private static final int BINARY_HEADER = 24;

  @Override
  public Item next(String text, int from) {
    if (text.charAt(from) == 0x80) {
      String rest = text.substring(from);
      return rest.length() < BINARY_HEADER
          ? null
          : Item.of(rest, OURS_ANSWERS_AND_CLOSES, Rule.LINE_ERROR, "(?s)\u0081.*");
    }
    int end = text.indexOf('\r', from);
    int feed = text.indexOf('\n', from);
    boolean whole = end >= 0 && end + 1 == feed;
    if (end < 0 ? feed < 0 : end == text.length() - 1) {
      return mayBecomeTooLong(text, from);
    }
    return whole ? line(text, from, end) : refused(text, from, Rule.KEY_CONTROL_BYTE);
  }

  private static Item mayBecomeTooLong(String text, int from) {
    boolean tooLong =
        text.length() - from > LINE_MAX + 1 || text.startsWith(" ".repeat(SPACES_MAX + 1), from);
    return tooLong ? refused(text, from, Rule.LINE_LENGTH) : null;
  }

  /// What ours does with a line that it does not take: it ends at the line feed, and the data block
  /// of a storage command is skipped, if its length is known.
  ///
  /// @param rule by which nutcracker may take it; null if it closes
  private static Item refused(String text, int from, Rule rule) {
    int feed = text.indexOf('\n', from);
    int lineEnd = feed < 0 ? text.length() : feed;
    String line = text.substring(from, lineEnd);
    boolean retrieval = line.matches("(?s) *gets? .*");
    if (line.startsWith(" ".repeat(SPACES_MAX + 1))
        || (!retrieval && line.length() > LINE_MAX + 1)) {
      return refusal(text.substring(from), rule, true, true);
    }
    if (feed < 0) {
      return null;
    }
    List<String> fields = new ArrayList<>(List.of(line.replaceFirst("\r$", "").split(" +", -1)));
    fields.removeIf(String::isEmpty);
    String verb = fields.isEmpty() ? "" : fields.getFirst();
    boolean storage = STORAGE.contains(verb.toLowerCase(Locale.ROOT)) || verb.equals("ms");
    int least = verb.equals("cas") ? 6 : 5;
    boolean known =
        STORAGE.contains(verb) && (fields.size() == least || fields.size() == least + 1);
    boolean silent = !fields.isEmpty() && fields.getLast().equals("noreply");
    if (!storage) {
      return refusal(text.substring(from, feed + 1), rule, false, !silent);
    }
    String bytes = known ? fields.get(4) : "";
    if (!bytes.matches("[0-9]{1,12}") || Long.parseLong(bytes) > 512L << 20) {
      return refusal(text.substring(from), rule, true, !(silent && known));
    }
    long dataEnd = feed + 1 + Long.parseLong(bytes);
    if (dataEnd == feed + 1) {
      return refusal(text.substring(from, feed + 1), rule, false, !silent);
    }
    boolean wrong =
        (dataEnd < text.length() && text.charAt((int) dataEnd) != '\r')
            || (dataEnd + 1 < text.length() && text.charAt((int) dataEnd + 1) != '\n');
    if (wrong) {
      return refusal(text.substring(from), rule, true, !silent);
    }
    return dataEnd + 2 > text.length()
        ? null
        : refusal(text.substring(from, (int) dataEnd + 2), rule, false, !silent);
  }

  private static Item refusal(String bytes, Rule rule, boolean closes, boolean says) {
    String words = "(ERROR|CLIENT_ERROR [^\r]+)\r\n";
    Item.Treatment treatment =
        rule == null
            ? (closes ? OURS_ANSWERS_AND_CLOSES : OURS_ANSWERS)
            : (closes ? OURS_CLOSES : OURS_REFUSES);
    // `noreply` silences what memcached finds out behind it.
    return Item.of(
        bytes, treatment, rule == null ? Rule.LINE_ERROR : rule, says ? words : "(" + words + ")?");
  }

  private static Item local(String bytes, String verb, List<String> fields) {
    String words =
        switch (verb) {
          case "stats" -> "((STAT [^\r]+\r\n)+END|CLIENT_ERROR [^\r]+)\r\n";
          case "verbosity" -> "(OK|ERROR|CLIENT_ERROR [^\r]+)\r\n";
          default -> "(ERROR|CLIENT_ERROR [^\r]+)\r\n";
        };
    boolean silent = !fields.isEmpty() && fields.getLast().equals("noreply");
    return Item.of(bytes, OURS_ANSWERS, Rule.LOCAL, silent ? "(" + words + ")?" : words);
  }

  private static Item line(String text, int from, int end) {
    String line = text.substring(from, end);
    String words = line.replaceAll("^ +| +$", "");
    boolean retrieval = words.matches("(?s)gets? .*");
    boolean tooLong = !retrieval && line.length() >= LINE_MAX;
    if (tooLong || line.length() - line.replaceFirst("^ +", "").length() > SPACES_MAX) {
      return refused(text, from, Rule.LINE_LENGTH);
    }
    List<String> fields = new ArrayList<>(List.of(words.split(" +", -1)));
    String verb = fields.removeFirst();
    String numbers = VERBS.get(verb);
    int lineEnd = end + 2;
    if (List.of("stats", "verbosity", "flush_all").contains(verb)) {
      return local(text.substring(from, lineEnd), verb, fields);
    }
    if (numbers == null) {
      return refused(text, from, null);
    }
    return switch (verb) {
      case "quit" ->
          fields.isEmpty()
              ? Item.of(text.substring(from, lineEnd), ENDS, null, null)
              : refused(text, from, null);
      case "version" ->
          fields.isEmpty() ? Item.same(text.substring(from, lineEnd)) : refused(text, from, null);
      case "get", "gets" -> retrieval(text, from, lineEnd, fields);
      default -> change(text, from, lineEnd, fields, numbers, verb);
    };
  }

  private static Item retrieval(String text, int from, int lineEnd, List<String> keys) {
    if (keys.isEmpty()) {
      return refused(text, from, null);
    }
    for (String key : keys) {
      Rule rule = keyRule(key);
      if (rule != null) {
        return refused(text, from, rule);
      }
    }
    String bytes = text.substring(from, lineEnd);
    return keys.size() > 1
        ? Item.of(bytes, NUTCRACKER_MAY_CLOSE, Rule.C17, null)
        : Item.same(bytes);
  }

  private static Rule keyRule(String key) {
    if (key.matches("(?s).*[\\x00-\\x1f\\x7f].*")) {
      return Rule.KEY_CONTROL_BYTE;
    }
    return key.length() > KEY_MAX ? Rule.KEY_LENGTH : null;
  }

  private static Item change(
      String text, int from, int lineEnd, List<String> fields, String numbers, String verb) {
    if (fields.isEmpty()) {
      return refused(text, from, null);
    }
    Rule rule = keyRule(fields.getFirst());
    if (rule != null) {
      return refused(text, from, rule);
    }
    int given = fields.size() - 1;
    boolean silent = given == numbers.length() + 1 && fields.getLast().equals("noreply");
    if (given != numbers.length() && !silent) {
      return refused(text, from, null);
    }
    long bytes = -1;
    for (int i = 0; i < numbers.length(); i++) {
      String number = fields.get(i + 1);
      char kind = numbers.charAt(i);
      boolean signed = kind == 'd' || kind == 't';
      if (!number.matches(signed ? "-?[0-9]+" : "[0-9]+") || number.isEmpty()) {
        return refused(text, from, null);
      }
      if (tooLarge(number.replace("-", "0"), kind)) {
        return refused(text, from, Rule.NUMBER_RANGE);
      }
      bytes = kind == 'b' ? Long.parseLong(number) : bytes;
    }
    if (bytes < 0) {
      return done(text.substring(from, lineEnd), silent, fields, verb, "");
    }
    if (lineEnd + bytes + 2 > text.length()) {
      int dataEnd = (int) Math.min(text.length(), lineEnd + bytes);
      boolean wrong = dataEnd < text.length() && text.charAt(dataEnd) != '\r';
      return wrong ? badChunk(text, from, silent) : null;
    }
    int dataEnd = (int) (lineEnd + bytes);
    if (!text.startsWith("\r\n", dataEnd)) {
      return badChunk(text, from, silent);
    }
    String data = text.substring(lineEnd, dataEnd + 2);
    return done(text.substring(from, dataEnd + 2), silent, fields, verb, data);
  }

  private static Item badChunk(String text, int from, boolean silent) {
    return refusal(text.substring(from), null, true, !silent);
  }

  /// An error for a `noreply` request is what nutcracker takes for the next request's reply.
  private static Item done(
      String bytes, boolean silent, List<String> fields, String verb, String data) {
    if (!silent) {
      return Item.same(bytes);
    }
    List<String> asked = new ArrayList<>(fields);
    asked.removeLast();
    asked.addFirst(verb);
    boolean error = MirrorReplies.memcached(0, asked, data).contains("ERROR");
    return error ? Item.of(bytes, BOTH_ANSWER, Rule.C5, "") : Item.same(bytes);
  }

  private static boolean tooLarge(String digits, char kind) {
    BigInteger limit =
        switch (kind) {
          case 'f' -> TWO.pow(32);
          case 'e', 't' -> TWO.pow(63);
          case 'b' -> BigInteger.valueOf((512L << 20) + 1);
          default -> TWO.pow(64);
        };
    return new BigInteger("0" + digits).compareTo(limit) >= 0;
  }
}
