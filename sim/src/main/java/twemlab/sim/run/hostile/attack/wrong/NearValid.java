package twemlab.sim.run.hostile.attack.wrong;

import java.io.IOException;
import java.util.List;
import twemlab.sim.choice.Choices;
import twemlab.sim.run.hostile.attack.Arena;
import twemlab.sim.run.hostile.attack.Attack;
import twemlab.sim.run.hostile.attack.AttackClient;
import twemlab.sim.run.hostile.attack.Resp;
import twemlab.sim.run.hostile.attack.Wire;

/// Bytes near to valid ones, made from whole requests of both protocols.
public final class NearValid implements Attack {
  private static final List<String> REDIS =
      List.of(
          Resp.request("GET", "xa"),
          Resp.request("SET", "xa", "value\r\nvalue"),
          Resp.request("MGET", "xa", "xb", "xc"),
          Resp.request("DEL", "xa", "xb"),
          Resp.request("MSET", "xa", "1", "xb", "2"),
          Resp.request("EVAL", "return {1, {2, 'three'}}", "1", "xa"),
          Resp.request("ZADD", "xz", "1.5", "member"),
          Resp.request("HELLO", "2", "SETNAME", "x"),
          Resp.request("ECHO", "echo"),
          "PING\r\n",
          "GET xa\r\n");
  private static final List<String> MEMCACHED =
      List.of(
          "get xa xb\r\n",
          "gets xa\r\n",
          "set xa 0 0 5\r\nvalue\r\n",
          "set xa 0 0 5 noreply\r\nvalue\r\n",
          "cas xa 0 0 5 7\r\nvalue\r\n",
          "incr xn 1\r\n",
          "touch xa 0\r\n",
          "delete xa\r\n",
          "version\r\n");
  private static final String LIKELY = "\r\n $*+-:0123456789\0\377";

  private static void mutate(StringBuilder text, Choices choices) {
    int at = choices.below(text.length());
    int length = Math.min(choices.between(1, 8), text.length() - at);
    char likely = LIKELY.charAt(choices.below(LIKELY.length()));
    switch (choices.below(5)) {
      case 0 -> text.setCharAt(at, likely);
      case 1 -> text.insert(at, likely);
      case 2 -> text.insert(at, text.substring(at, at + length));
      case 3 -> text.setCharAt(at, (char) choices.below(256));
      default -> {
        if (length < text.length()) {
          text.delete(at, at + length);
        }
      }
    }
  }

  @Override
  public String name() {
    return "near-valid";
  }

  @Override
  public String what() {
    return "requests with a few bytes changed, cut, doubled or moved";
  }

  @Override
  public int clients() {
    return 4;
  }

  @Override
  public int pauseMillis() {
    return 2;
  }

  @Override
  public void round(AttackClient client) throws IOException {
    Choices choices = client.choices();
    boolean redis = choices.chance(1, 2);
    Wire wire =
        client.connect(
            redis ? choices.pick(List.of(Arena.REDIS, Arena.AUTH, Arena.EJECT)) : Arena.CACHE);
    StringBuilder text = new StringBuilder();
    for (int i = choices.between(1, 6); i > 0; i--) {
      text.append(choices.pick(redis ? REDIS : MEMCACHED));
    }
    for (int i = choices.between(0, 4); i > 0; i--) {
      mutate(text, choices);
    }
    wire.send(text.toString());
    if (choices.chance(1, 2)) {
      wire.halfClose();
    }
    client.heard(wire.answer(100));
    wire.drain(10, Long.MAX_VALUE);
  }
}
