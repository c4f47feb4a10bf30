package twemlab.sim.run.hostile.attack.large;

import java.io.IOException;
import twemlab.sim.run.hostile.attack.Arena;
import twemlab.sim.run.hostile.attack.Attack;
import twemlab.sim.run.hostile.attack.AttackClient;
import twemlab.sim.run.hostile.attack.Resp;
import twemlab.sim.run.hostile.attack.Wire;

/// A value above every limit of what a client may be owed; it is not owed, but sent.
public final class LargeSet implements Attack {
  private static final long SIZE = 300_000_000;

  @Override
  public String name() {
    return "large-set";
  }

  @Override
  public String what() {
    return "SET of 300 MB";
  }

  @Override
  public int clients() {
    return 1;
  }

  @Override
  public int pauseMillis() {
    return 2000;
  }

  @Override
  public void round(AttackClient client) throws IOException {
    String key = AttackClient.key(6);
    Wire wire = client.connect(Arena.REDIS);
    wire.send(Resp.head(3, "SET", key) + "$" + SIZE + "\r\n").fill(SIZE).send("\r\n");
    client.heard(wire.answer(10_000));
    client.connect(Arena.REDIS).send(Resp.request("DEL", key)).answer(5000);
  }
}
