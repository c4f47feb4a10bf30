package twemlab.sim.run.hostile.attack.large;

import java.io.IOException;
import twemlab.sim.run.hostile.attack.Attack;
import twemlab.sim.run.hostile.attack.AttackClient;
import twemlab.sim.run.hostile.attack.Wire;

/// The port of the statistics must not take the descriptors of clients and servers.
public final class StatsFlood implements Attack {
  private static final int CONNECTIONS = 400;

  @Override
  public String name() {
    return "stats-flood";
  }

  @Override
  public String what() {
    return "hundreds of connections to the statistics port, held";
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
  public void round(AttackClient client) throws IOException, InterruptedException {
    for (int i = 0; i < CONNECTIONS; i++) {
      Wire wire = client.connectStats();
      if (i % 50 == 0) {
        client.heard(wire.answer(200));
      }
    }
    client.hold(2000);
  }
}
