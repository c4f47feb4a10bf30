package twemlab.sim.run.hostile.innocent;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static twemlab.sim.run.hostile.innocent.OwnKey.bytes;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import twemlab.sim.choice.Choices;

/// get, gets, set and delete.
public final class MemcachedAsks {
  private static final int KEYS_MAX = 8;
  private static final Pattern HEAD = Pattern.compile("VALUE (\\S+) 0 (\\d+)( \\d+)?\r\n");

  private MemcachedAsks() {}

  static Ask next(OwnKeys keys, Choices choices) {
    return switch (choices.weighted(50, 35, 15, 5)) {
      case 0 -> get("get", keys.some(KEYS_MAX));
      case 1 -> set(keys.any(), keys);
      case 2 -> get("gets", keys.some(KEYS_MAX));
      default -> delete(keys.any());
    };
  }

  public static Ask get(String command, List<OwnKey> keys) {
    StringBuilder text = new StringBuilder(command);
    keys.forEach(key -> text.append(' ').append(key.name));
    boolean unique = command.equals("gets");
    return new Ask(
        text.append("\r\n").toString(),
        keys,
        reply -> holds(new String(reply, ISO_8859_1), keys, unique),
        () -> {});
  }

  private static Ask set(OwnKey key, OwnKeys keys) {
    String value = keys.value(key);
    String text = "set " + key.name + " 0 0 " + value.length() + "\r\n" + value + "\r\n";
    return ask(text, key, "STORED\r\n", () -> key.value = value);
  }

  private static Ask delete(OwnKey key) {
    String expected = key.value == null ? "NOT_FOUND\r\n" : "DELETED\r\n";
    return ask("delete " + key.name + "\r\n", key, expected, () -> key.value = null);
  }

  private static Ask ask(String request, OwnKey key, String expected, Runnable done) {
    byte[] reply = bytes(expected);
    return new Ask(request, List.of(key), answer -> Arrays.equals(reply, answer), done);
  }

  /// Whether a reply tells each key that exists once, with its value, in whatever order.
  private static boolean holds(String reply, List<OwnKey> keys, boolean unique) {
    List<OwnKey> missing = new ArrayList<>(keys);
    missing.removeIf(key -> key.value == null);
    Matcher head = HEAD.matcher(reply);
    int at = 0;
    while (head.region(at, reply.length()).lookingAt()) {
      int from = head.end();
      int to = from + Integer.parseInt(head.group(2));
      String name = head.group(1);
      boolean told =
          to <= reply.length()
              && unique == (head.group(3) != null)
              && missing.removeIf(
                  key -> key.name.equals(name) && key.value.equals(reply.substring(from, to)))
              && reply.startsWith("\r\n", to);
      if (!told) {
        return false;
      }
      at = to + 2;
    }
    return missing.isEmpty() && reply.substring(at).equals("END\r\n");
  }
}
