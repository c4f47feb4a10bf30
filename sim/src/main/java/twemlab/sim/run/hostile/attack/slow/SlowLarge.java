package twemlab.sim.run.hostile.attack.slow;

import java.io.IOException;
import twemlab.sim.run.hostile.attack.Arena;
import twemlab.sim.run.hostile.attack.Attack;
import twemlab.sim.run.hostile.attack.AttackClient;
import twemlab.sim.run.hostile.attack.Resp;
import twemlab.sim.run.hostile.attack.Wire;

/// Large replies that wait for a slow reader, while others use the same server connection.
public final class SlowLarge implements Attack {
  private static final int SIZE = 500_000;
  private static final int GETS = 100;
  private static final int SIPS = 60;

  @Override
  public String name() {
    return "slow-large";
  }

  @Override
  public String what() {
    return "pipelines of GETs of 500 KB, whose replies are hardly read";
  }

  @Override
  public int clients() {
    return 4;
  }

  @Override
  public int pauseMillis() {
    return 500;
  }

  @Override
  public void round(AttackClient client) throws IOException, InterruptedException {
    boolean redis = client.choices().chance(1, 2);
    String key = AttackClient.key(5);
    Wire wire = client.connectSlow(redis ? Arena.REDIS : Arena.CACHE);
    if (redis) {
      wire.send(Resp.head(3, "SET", key) + "$" + SIZE + "\r\n").fill(SIZE).send("\r\n");
      wire.repeat(Resp.request("GET", key), GETS);
    } else {
      wire.send("set " + key + " 0 0 " + SIZE + "\r\n").fill(SIZE).send("\r\n");
      wire.repeat("get " + key + "\r\n", GETS);
    }
    client.heard(wire.answer(3000));
    for (int i = 0; i < SIPS && wire.sip(1000, 10); i++) {
      client.hold(50);
    }
    client.heard(wire.answer(100));
  }
}
