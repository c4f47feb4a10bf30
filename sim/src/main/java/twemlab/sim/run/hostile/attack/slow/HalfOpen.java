package twemlab.sim.run.hostile.attack.slow;

import java.io.IOException;
import twemlab.sim.choice.Choices;
import twemlab.sim.run.hostile.attack.Arena;
import twemlab.sim.run.hostile.attack.Attack;
import twemlab.sim.run.hostile.attack.AttackClient;
import twemlab.sim.run.hostile.attack.Resp;
import twemlab.sim.run.hostile.attack.Wire;

/// Half-closed connections: what was asked is answered, what was cut is not.
public final class HalfOpen implements Attack {
  private static final int CONNECTIONS = 40;

  @Override
  public String name() {
    return "half-open";
  }

  @Override
  public String what() {
    return "clients that end their stream at once, in a request, or after many, and stay";
  }

  @Override
  public void round(AttackClient client) throws IOException, InterruptedException {
    Choices choices = client.choices();
    String request = Resp.request("GET", AttackClient.key(9));
    for (int i = 0; i < CONNECTIONS; i++) {
      Wire wire = client.connect(choices.chance(1, 2) ? Arena.REDIS : Arena.STALLED_REDIS);
      wire.repeat(request, choices.between(1, 200));
      wire.send(request.substring(0, choices.below(request.length()))).halfClose();
      if (i % 10 == 0) {
        client.heard(wire.answer(200));
      }
    }
    client.hold(500);
  }
}
