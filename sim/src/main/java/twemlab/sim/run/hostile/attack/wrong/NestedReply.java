package twemlab.sim.run.hostile.attack.wrong;

import java.io.IOException;
import twemlab.sim.run.hostile.attack.Arena;
import twemlab.sim.run.hostile.attack.Attack;
import twemlab.sim.run.hostile.attack.AttackClient;
import twemlab.sim.run.hostile.attack.Resp;
import twemlab.sim.run.hostile.attack.Wire;

/// A reply that the parser does not understand, on a connection that others share.
public final class NestedReply implements Attack {
  private static final int TIMES = 5;
  private static final String SCRIPT = "local t = {} for i = 1, 200 do t = {t} end return t";

  @Override
  public String name() {
    return "nested-reply";
  }

  @Override
  public String what() {
    return "EVAL whose reply is nested 200 deep, beside plain requests in one pipeline";
  }

  @Override
  public int pauseMillis() {
    return 100;
  }

  @Override
  public void round(AttackClient client) throws IOException {
    String key = AttackClient.key(client.choices().below(100));
    Wire wire = client.connect(client.choices().chance(1, 4) ? Arena.EJECT : Arena.REDIS);
    for (int i = 0; i < TIMES; i++) {
      wire.send(Resp.request("GET", key) + Resp.request("EVAL", SCRIPT, "1", key));
      wire.send(Resp.request("GET", key));
    }
    wire.answer(5000);
    wire.send(Resp.request("EVAL", SCRIPT, "1", key));
    wire.drain(200, Long.MAX_VALUE);
    wire.send(Resp.request("EVAL", SCRIPT, "1", key));
    client.heard(wire.answer(5000));
  }
}
