package twemlab.sim.run.hostile.attack.large;

import java.io.IOException;
import twemlab.sim.run.hostile.attack.Arena;
import twemlab.sim.run.hostile.attack.Attack;
import twemlab.sim.run.hostile.attack.AttackClient;
import twemlab.sim.run.hostile.attack.Resp;
import twemlab.sim.run.hostile.attack.Wire;

/// New clients are refused; those that are there work on.
public final class PoolFlood implements Attack {
  private static final int CONNECTIONS = 500;

  @Override
  public String name() {
    return "pool-flood";
  }

  @Override
  public String what() {
    return "more connections to the pools than the proxy has descriptors, held, then closed";
  }

  @Override
  public int clients() {
    return 3;
  }

  @Override
  public int pauseMillis() {
    return 300;
  }

  @Override
  public boolean takesPlaces() {
    return true;
  }

  @Override
  public void round(AttackClient client) throws IOException, InterruptedException {
    for (int i = 0; i < CONNECTIONS; i++) {
      Wire wire = client.connect(Arena.values()[i % Arena.values().length]);
      if (i % 60 == 0) {
        wire.send(Resp.request("GET", AttackClient.key(i)));
        client.heard(wire.answer(100));
      }
    }
    client.hold(2000);
  }
}
