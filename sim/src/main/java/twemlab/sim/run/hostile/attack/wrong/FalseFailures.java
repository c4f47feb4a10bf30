package twemlab.sim.run.hostile.attack.wrong;

import java.io.IOException;
import java.util.List;
import twemlab.sim.run.hostile.attack.Arena;
import twemlab.sim.run.hostile.attack.Attack;
import twemlab.sim.run.hostile.attack.AttackClient;
import twemlab.sim.run.hostile.attack.Resp;
import twemlab.sim.run.hostile.attack.Wire;

/// A client makes replies that look like those of a failing server, to have it ejected.
public final class FalseFailures implements Attack {
  private static final List<String> WORDS =
      List.of(
          "OOM", "LOADING", "BUSY", "MASTERDOWN", "READONLY", "NOREPLICAS", "MISCONF", "TRYAGAIN");

  @Override
  public String name() {
    return "false-failures";
  }

  @Override
  public String what() {
    return "EVAL that returns OOM, LOADING, BUSY and other words of failing servers";
  }

  @Override
  public int pauseMillis() {
    return 300;
  }

  @Override
  public void round(AttackClient client) throws IOException {
    Wire wire = client.connect(Arena.EJECT);
    for (String word : WORDS) {
      String key = AttackClient.key(client.choices().below(1000));
      String script = "return {err='" + word + " x'}";
      wire.send(Resp.request("EVAL", script, "1", key).repeat(3));
      client.heard(wire.answer(5000));
      wire.drain(20, Long.MAX_VALUE);
    }
  }
}
