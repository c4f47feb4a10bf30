package twemlab.sim.run.hostile;

import java.io.IOException;

/// An early reply to a request that is not yet whole, on a connection that others share.
final class RefusedSet implements Attack {
  private static final int SIZE = 8_000_000;

  @Override
  public String name() {
    return "refused-set";
  }

  @Override
  public String what() {
    return "sets that a server refuses before it has read them: above the item size, or above 512"
               + " MB";
  }

  @Override
  public int pauseMillis() {
    return 300;
  }

  @Override
  public void round(AttackClient client) throws IOException {
    boolean redis = client.choices().chance(1, 2);
    String key = AttackClient.key(client.choices().below(100));
    Wire wire = client.connect(redis ? Arena.EJECT : Arena.CACHE);
    if (redis) {
      wire.send(Resp.head(3, "SET", key) + "$600000000\r\n").fill(1_000_000);
    } else {
      wire.send("set " + key + " 0 0 " + SIZE + "\r\n").fill(SIZE).send("\r\n");
    }
    client.heard((redis ? "redis: " : "memcached: ") + wire.answer(5000));
  }
}
