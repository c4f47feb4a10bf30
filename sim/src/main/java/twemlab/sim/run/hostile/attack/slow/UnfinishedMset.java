package twemlab.sim.run.hostile.attack.slow;

import java.io.IOException;
import twemlab.sim.run.hostile.attack.Arena;
import twemlab.sim.run.hostile.attack.Attack;
import twemlab.sim.run.hostile.attack.AttackClient;
import twemlab.sim.run.hostile.attack.Resp;
import twemlab.sim.run.hostile.attack.Wire;

/// A request that must be whole before it can be divided, and is larger than the memory for it.
public final class UnfinishedMset implements Attack {
  private static final long SIZE = 500_000_000;

  @Override
  public String name() {
    return "unfinished-mset";
  }

  @Override
  public String what() {
    return "an MSET of two values of 500 MB whose last bytes never come";
  }

  @Override
  public int clients() {
    return 1;
  }

  @Override
  public int pauseMillis() {
    return 1000;
  }

  @Override
  public void round(AttackClient client) throws IOException, InterruptedException {
    Wire wire = client.connect(Arena.REDIS);
    wire.send(Resp.head(5, "MSET", AttackClient.key(1)) + "$" + SIZE + "\r\n")
        .fill(SIZE)
        .send("\r\n");
    wire.send(Resp.bulk(AttackClient.key(2)) + "$" + SIZE + "\r\n").fill(SIZE - 1);
    client.heard(wire.answer(1000));
    client.hold(1000);
  }
}
