package twemlab.sim.run.hostile.attack.slow;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import twemlab.sim.run.hostile.attack.Arena;
import twemlab.sim.run.hostile.attack.Attack;
import twemlab.sim.run.hostile.attack.AttackClient;
import twemlab.sim.run.hostile.attack.Resp;
import twemlab.sim.run.hostile.attack.Wire;

/// Small replies that wait for a slow reader, each perhaps in a large buffer.
public final class SlowSmall implements Attack {
  private static final int CONNECTIONS = 20;
  private static final int SIPS = 20;

  @Override
  public String name() {
    return "slow-small";
  }

  @Override
  public String what() {
    return "pipelines of GETs of 100 bytes, whose replies are read a few bytes at a time";
  }

  @Override
  public void round(AttackClient client) throws IOException, InterruptedException {
    String key = AttackClient.key(4);
    List<Wire> slow = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      Wire wire = client.connectSlow(Arena.REDIS);
      wire.send(Resp.request("SET", key, "v".repeat(100)));
      wire.repeat(Resp.request("GET", key), 1000);
      slow.add(wire);
    }
    for (int i = 0; i < SIPS; i++) {
      for (Wire wire : slow) {
        wire.sip(10, 10);
      }
      client.hold(50);
    }
    client.heard(slow.getFirst().answer(100));
  }
}
