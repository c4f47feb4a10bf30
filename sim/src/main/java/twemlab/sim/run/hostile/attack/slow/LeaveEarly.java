package twemlab.sim.run.hostile.attack.slow;

import java.io.IOException;
import twemlab.sim.run.hostile.attack.Arena;
import twemlab.sim.run.hostile.attack.Attack;
import twemlab.sim.run.hostile.attack.AttackClient;
import twemlab.sim.run.hostile.attack.Resp;
import twemlab.sim.run.hostile.attack.Wire;

/// Requests of clients that left: their replies come, and belong to nobody.
public final class LeaveEarly implements Attack {
  private static final int TIMES = 10;

  @Override
  public String name() {
    return "leave-early";
  }

  @Override
  public String what() {
    return "connect, 1,024 GETs, reset, again and again";
  }

  @Override
  public int pauseMillis() {
    return 100;
  }

  @Override
  public void round(AttackClient client) throws IOException {
    for (int i = 0; i < TIMES; i++) {
      Wire wire = client.connect(Arena.REDIS);
      wire.repeat(Resp.request("GET", AttackClient.key(client.choices().below(100))), 1024);
      wire.reset();
    }
  }
}
