package twemlab.sim.run.differential;

import static twemlab.sim.run.differential.Item.Treatment.BOTH_ANSWER;
import static twemlab.sim.run.differential.Item.Treatment.ENDS;
import static twemlab.sim.run.differential.Item.Treatment.NUTCRACKER_MAY_CLOSE;
import static twemlab.sim.run.differential.Item.Treatment.OURS_CLOSES;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
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

  @Override
  public Item next(String text, int from) {
    int end = text.indexOf('\r', from);
    if (end < 0 || end == text.length() - 1) {
      return null;
    }
    Item item = line(text, from, end);
    boolean broken = text.charAt(end + 1) != '\n';
    return broken && (item == null || item.treatment() != OURS_CLOSES)
        ? Item.broken(text.substring(from))
        : item;
  }

  private static Item line(String text, int from, int end) {
    String line = text.substring(from, end);
    String rest = text.substring(from);
    String words = line.replaceAll("^ +| +$", "");
    boolean retrieval = words.matches("(?s)gets? .*");
    boolean tooLong = !retrieval && line.length() >= LINE_MAX;
    if (tooLong || line.length() - line.replaceFirst("^ +", "").length() > SPACES_MAX) {
      return Item.refused(rest, Rule.LINE_LENGTH);
    }
    List<String> fields = new ArrayList<>(List.of(words.split(" +", -1)));
    String verb = fields.removeFirst();
    String numbers = VERBS.get(verb);
    if (numbers == null) {
      return Item.broken(rest);
    }
    int lineEnd = end + 2;
    return switch (verb) {
      case "quit" ->
          fields.isEmpty()
              ? Item.of(text.substring(from, lineEnd), ENDS, null, null)
              : Item.broken(rest);
      case "version" ->
          fields.isEmpty() ? Item.same(text.substring(from, lineEnd)) : Item.broken(rest);
      case "get", "gets" -> retrieval(text.substring(from, lineEnd), rest, fields);
      default -> change(text, from, lineEnd, fields, numbers, verb);
    };
  }

  private static Item retrieval(String bytes, String rest, List<String> keys) {
    if (keys.isEmpty()) {
      return Item.broken(rest);
    }
    for (String key : keys) {
      Item refusal = refuseKey(rest, key);
      if (refusal != null) {
        return refusal;
      }
    }
    return keys.size() > 1
        ? Item.of(bytes, NUTCRACKER_MAY_CLOSE, Rule.C17, null)
        : Item.same(bytes);
  }

  private static Item refuseKey(String rest, String key) {
    if (key.matches("(?s).*[\\x00-\\x1f\\x7f].*")) {
      return Item.refused(rest, Rule.KEY_CONTROL_BYTE);
    }
    return key.length() > KEY_MAX ? Item.refused(rest, Rule.KEY_LENGTH) : null;
  }

  private static Item change(
      String text, int from, int lineEnd, List<String> fields, String numbers, String verb) {
    String rest = text.substring(from);
    if (fields.isEmpty()) {
      return Item.broken(rest);
    }
    Item refusal = refuseKey(rest, fields.getFirst());
    if (refusal != null) {
      return refusal;
    }
    int given = fields.size() - 1;
    boolean silent = given == numbers.length() + 1 && fields.getLast().equals("noreply");
    if (given != numbers.length() && !silent) {
      return Item.broken(rest);
    }
    long bytes = -1;
    for (int i = 0; i < numbers.length(); i++) {
      String number = fields.get(i + 1);
      char kind = numbers.charAt(i);
      boolean signed = kind == 'd' || kind == 't';
      if (!number.matches(signed ? "-?[0-9]*" : "[0-9]+") || number.isEmpty()) {
        return Item.broken(rest);
      }
      if (tooLarge(number.replace("-", "0"), kind)) {
        return Item.refused(rest, Rule.NUMBER_RANGE);
      }
      bytes = kind == 'b' ? Long.parseLong(number) : bytes;
    }
    if (bytes < 0) {
      return done(text.substring(from, lineEnd), silent, fields, verb, "");
    }
    if (lineEnd + bytes + 2 > text.length()) {
      int dataEnd = (int) Math.min(text.length(), lineEnd + bytes);
      boolean wrong = dataEnd < text.length() && text.charAt(dataEnd) != '\r';
      return wrong ? Item.broken(rest) : null;
    }
    int dataEnd = (int) (lineEnd + bytes);
    if (!text.startsWith("\r\n", dataEnd)) {
      return Item.broken(rest);
    }
    String data = text.substring(lineEnd, dataEnd + 2);
    return done(text.substring(from, dataEnd + 2), silent, fields, verb, data);
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
