package twemlab.sim.run.hostile.attack.slow;

import java.io.IOException;
import twemlab.sim.run.hostile.attack.Arena;
import twemlab.sim.run.hostile.attack.Attack;
import twemlab.sim.run.hostile.attack.AttackClient;
import twemlab.sim.run.hostile.attack.Resp;
import twemlab.sim.run.hostile.attack.Wire;

/// Requests of clients that left, which wait for a server that does not answer, without a timeout.
public final class LeaveStalled implements Attack {
  private static final int TIMES = 20;

  @Override
  public String name() {
    return "leave-stalled";
  }

  @Override
  public String what() {
    return "connect, 1,024 GETs before a stopped server, reset, again and again";
  }

  @Override
  public int clients() {
    return 3;
  }

  @Override
  public int pauseMillis() {
    return 50;
  }

  @Override
  public void round(AttackClient client) throws IOException {
    boolean redis = client.choices().chance(1, 2);
    Arena arena = redis ? Arena.STALLED_REDIS : Arena.STALLED_CACHE;
    String key = client.key(arena, "s", redis ? "rs" : "ms");
    String request = redis ? Resp.request("GET", key) : "get " + key + "\r\n";
    for (int i = 0; i < TIMES; i++) {
      Wire wire = client.connect(arena).repeat(request, 1024);
      if (i == 0) {
        client.heard(wire.answer(50));
      }
      wire.reset();
    }
  }
}
