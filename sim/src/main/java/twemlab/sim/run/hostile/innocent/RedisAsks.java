package twemlab.sim.run.hostile.innocent;

import static twemlab.sim.run.hostile.innocent.OwnKey.bytes;

import java.util.Arrays;
import java.util.List;
import twemlab.sim.choice.Choices;
import twemlab.sim.run.hostile.attack.Resp;

/// GET, SET, MGET and DEL.
public final class RedisAsks {
  private static final int KEYS_MAX = 8;

  private RedisAsks() {}

  static Ask next(OwnKeys keys, Choices choices) {
    return switch (choices.weighted(45, 30, 15, 10)) {
      case 0 -> get(keys.any());
      case 1 -> set(keys.any(), keys);
      case 2 -> mget(keys.some(KEYS_MAX));
      default -> del(keys.some(KEYS_MAX));
    };
  }

  public static Ask get(OwnKey key) {
    return ask(Resp.request("GET", key.name), List.of(key), bulk(key.value), () -> {});
  }

  private static Ask set(OwnKey key, OwnKeys keys) {
    String value = keys.value(key);
    return ask(
        Resp.request("SET", key.name, value), List.of(key), "+OK\r\n", () -> key.value = value);
  }

  public static Ask mget(List<OwnKey> keys) {
    StringBuilder expected = new StringBuilder("*" + keys.size() + "\r\n");
    keys.forEach(key -> expected.append(bulk(key.value)));
    return ask(request("MGET", keys), keys, expected.toString(), () -> {});
  }

  public static Ask del(List<OwnKey> keys) {
    long there = keys.stream().filter(key -> key.value != null).count();
    return ask(
        request("DEL", keys),
        keys,
        ":" + there + "\r\n",
        () -> keys.forEach(key -> key.value = null));
  }

  private static String request(String command, List<OwnKey> keys) {
    StringBuilder text = new StringBuilder(Resp.head(1 + keys.size(), command));
    keys.forEach(key -> text.append(Resp.bulk(key.name)));
    return text.toString();
  }

  private static String bulk(String value) {
    return value == null ? "$-1\r\n" : Resp.bulk(value);
  }

  private static Ask ask(String request, List<OwnKey> keys, String expected, Runnable done) {
    byte[] reply = bytes(expected);
    return new Ask(request, keys, answer -> Arrays.equals(reply, answer), done);
  }
}
