package twemlab.sim.run.hostile.attack.large;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import twemlab.sim.run.hostile.attack.Arena;
import twemlab.sim.run.hostile.attack.Attack;
import twemlab.sim.run.hostile.attack.AttackClient;
import twemlab.sim.run.hostile.attack.Wire;

/// Each refused client costs a moment, and must not cost a line in the log.
public final class RefusedClients implements Attack {
  private static final int TIMES = 1000;

  @Override
  public String name() {
    return "refused-clients";
  }

  @Override
  public String what() {
    return "connect and close as fast as it goes, where the pool is full";
  }

  @Override
  public int pauseMillis() {
    return 50;
  }

  @Override
  public void round(AttackClient client) throws IOException {
    List<Wire> holding = new ArrayList<>();
    for (int i = 0; i < Arena.FEW_CLIENTS; i++) {
      holding.add(client.connect(Arena.FEW));
    }
    for (int i = 0; i < TIMES; i++) {
      try (Wire wire = client.connect(Arena.FEW)) {
        if (i % 100 == 0) {
          client.heard(wire.answer(100));
        }
      }
    }
    client.heard("held " + holding.getFirst().answer(1));
  }
}
