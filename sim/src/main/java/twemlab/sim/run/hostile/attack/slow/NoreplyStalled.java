package twemlab.sim.run.hostile.attack.slow;

import java.io.IOException;
import twemlab.sim.run.hostile.attack.Arena;
import twemlab.sim.run.hostile.attack.Attack;
import twemlab.sim.run.hostile.attack.AttackClient;
import twemlab.sim.run.hostile.attack.Wire;

/// Bytes of requests to which no reply is owed wait for a server that does not read.
public final class NoreplyStalled implements Attack {
  private static final int TIMES = 600;
  private static final int SIZE = 1_000_000;

  @Override
  public String name() {
    return "noreply-stalled";
  }

  @Override
  public String what() {
    return "600 noreply sets of 1 MB before a stopped memcached";
  }

  @Override
  public int pauseMillis() {
    return 500;
  }

  @Override
  public void round(AttackClient client) throws IOException, InterruptedException {
    String key = client.key(Arena.STALLED_CACHE, "n", "ms");
    Wire wire = client.connect(Arena.STALLED_CACHE);
    for (int i = 0; i < TIMES; i++) {
      wire.send("set " + key + " 0 0 " + SIZE + " noreply\r\n").fill(SIZE).send("\r\n");
    }
    client.heard("all taken");
    client.hold(1000);
  }
}
