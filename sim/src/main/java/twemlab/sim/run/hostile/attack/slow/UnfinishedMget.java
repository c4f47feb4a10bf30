package twemlab.sim.run.hostile.attack.slow;

import java.io.IOException;
import twemlab.sim.run.hostile.attack.Arena;
import twemlab.sim.run.hostile.attack.Attack;
import twemlab.sim.run.hostile.attack.AttackClient;
import twemlab.sim.run.hostile.attack.Resp;
import twemlab.sim.run.hostile.attack.Wire;

/// Keys of a request that never ends: they must be counted while it grows.
public final class UnfinishedMget implements Attack {
  private static final int KEYS = 1_000_000;
  private static final int HELD_MILLIS = 2000;

  @Override
  public String name() {
    return "unfinished-mget";
  }

  @Override
  public String what() {
    return "MGET of 1,000,000 empty keys, and memcached get of 1,000,000 keys, never finished";
  }

  @Override
  public int clients() {
    return 5;
  }

  @Override
  public int pauseMillis() {
    return 500;
  }

  @Override
  public void round(AttackClient client) throws IOException, InterruptedException {
    boolean redis = client.choices().chance(2, 3);
    Wire wire = client.connect(redis ? Arena.REDIS : Arena.CACHE);
    if (redis) {
      wire.send(Resp.head(1_048_576, "MGET")).repeat("$0\r\n\r\n", KEYS);
    } else {
      wire.send("get").repeat(" a", KEYS);
    }
    client.heard(wire.answer(HELD_MILLIS));
    client.hold(HELD_MILLIS);
  }
}
