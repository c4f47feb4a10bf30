package twemlab.sim.run.hostile.attack.wrong;

import java.io.IOException;
import java.util.List;
import twemlab.sim.choice.Choices;
import twemlab.sim.run.hostile.attack.Arena;
import twemlab.sim.run.hostile.attack.Attack;
import twemlab.sim.run.hostile.attack.AttackClient;
import twemlab.sim.run.hostile.attack.Resp;
import twemlab.sim.run.hostile.attack.Wire;

/// Replies that are none, too many, or cut: they may cost the server's own connection and nothing
/// else.
public final class EvilReplies implements Attack {
  private static final int PIPELINE = 20;

  @Override
  public String name() {
    return "evil-replies";
  }

  @Override
  public String what() {
    return "all kinds of requests before a server that answers what it likes, in pipelines";
  }

  @Override
  public int pauseMillis() {
    return 100;
  }

  @Override
  public void round(AttackClient client) throws IOException {
    Choices choices = client.choices();
    Wire wire = client.connect(Arena.EVIL);
    String key = client.key(Arena.EVIL, "e" + choices.below(50) + ".", "evil");
    StringBuilder requests = new StringBuilder();
    for (int i = 0; i < PIPELINE; i++) {
      requests.append(
          choices.pick(
              List.of(
                  Resp.request("GET", key),
                  Resp.request("SET", key, "value"),
                  Resp.request("INCR", key),
                  Resp.request("LRANGE", key, "0", "-1"),
                  Resp.request("EVAL", "return 1", "1", key),
                  Resp.request("MSET", key, "1", AttackClient.key(i), "2"))));
    }
    wire.send(requests.toString());
    client.heard(wire.answer(6000));
    wire.drain(200, Long.MAX_VALUE);
  }
}
