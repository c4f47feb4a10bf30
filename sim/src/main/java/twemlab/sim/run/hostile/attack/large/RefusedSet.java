package twemlab.sim.run.hostile.attack.large;

import java.io.IOException;
import twemlab.sim.choice.Choices;
import twemlab.sim.run.hostile.attack.Arena;
import twemlab.sim.run.hostile.attack.Attack;
import twemlab.sim.run.hostile.attack.AttackClient;
import twemlab.sim.run.hostile.attack.Resp;
import twemlab.sim.run.hostile.attack.Wire;

/// An early reply to a request that is not yet whole, on a connection that others share.
public final class RefusedSet implements Attack {
  private static final int SIZE = 8_000_000;

  /// More than a redis takes (`proto-max-bulk-len`).
  private static final int ABOVE_REDIS = 600_000_000;

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
    Choices choices = client.choices();
    switch (choices.below(3)) {
      case 0 -> redis(client, Arena.EJECT, AttackClient.key(choices.below(100)), ABOVE_REDIS);
      case 1 -> redis(client, Arena.EVIL, client.key(Arena.EVIL, "s", "evil", "evil2"), SIZE);
      default -> memcached(client, AttackClient.key(choices.below(100)));
    }
  }

  /// The evil server answers when it has read the length.
  private static void redis(AttackClient client, Arena arena, String key, int length)
      throws IOException {
    Wire wire = client.connect(arena);
    wire.send(Resp.head(3, "SET", key) + "$" + length + "\r\n").fill(Math.min(length, SIZE));
    if (length == SIZE) {
      wire.send("\r\n");
    }
    client.heard(arena.pool() + ": " + wire.answer(5000));
  }

  private static void memcached(AttackClient client, String key) throws IOException {
    Wire wire = client.connect(Arena.CACHE);
    wire.send("set " + key + " 0 0 " + SIZE + "\r\n").fill(SIZE).send("\r\n");
    client.heard("cache: " + wire.answer(5000));
  }
}
