package twemlab.sim.run.hostile.attack.large;

import java.io.IOException;
import twemlab.sim.run.hostile.attack.Arena;
import twemlab.sim.run.hostile.attack.Attack;
import twemlab.sim.run.hostile.attack.AttackClient;
import twemlab.sim.run.hostile.attack.Wire;

/// A request of some KB whose reply has hundreds of MB, or more than 2 GiB.
public final class ReplyOverLimit implements Attack {
  private static final int SIZE = 1_000_000;

  @Override
  public String name() {
    return "reply-over-limit";
  }

  @Override
  public String what() {
    return "memcached get of one value of 1 MB, 300 or 2,300 times in one request";
  }

  @Override
  public int pauseMillis() {
    return 2000;
  }

  @Override
  public void round(AttackClient client) throws IOException, InterruptedException {
    String key = AttackClient.key(7);
    Wire wire = client.connect(Arena.CACHE);
    wire.send("set " + key + " 0 0 " + SIZE + "\r\n").fill(SIZE).send("\r\n");
    client.heard(wire.answer(5000));
    int times = client.choices().chance(1, 3) ? 2300 : 300;
    wire.send("get").repeat(" " + key, times).send("\r\n");
    client.heard(times + " times: " + wire.answer(8000));
    if (client.choices().chance(1, 2)) {
      client.hold(1000);
    }
    wire.drain(1000, Long.MAX_VALUE);
  }
}
