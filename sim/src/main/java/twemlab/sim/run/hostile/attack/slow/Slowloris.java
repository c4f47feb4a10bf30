package twemlab.sim.run.hostile.attack.slow;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import twemlab.sim.run.hostile.attack.Arena;
import twemlab.sim.run.hostile.attack.Attack;
import twemlab.sim.run.hostile.attack.AttackClient;
import twemlab.sim.run.hostile.attack.Resp;
import twemlab.sim.run.hostile.attack.Wire;

/// Clients that cost a place and little else; nobody else may notice.
public final class Slowloris implements Attack {
  private static final int CONNECTIONS = 100;

  /// Fewer than a request has.
  private static final int BYTES = 25;

  @Override
  public String name() {
    return "slowloris";
  }

  @Override
  public String what() {
    return "100 clients that send a request one byte at a time, and never end it";
  }

  @Override
  public int clients() {
    return 1;
  }

  @Override
  public void round(AttackClient client) throws IOException, InterruptedException {
    List<Wire> slow = new ArrayList<>();
    List<String> requests = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      Arena arena = Arena.values()[i % Arena.values().length];
      slow.add(client.connect(arena));
      requests.add(
          arena.redis() ? Resp.request("GET", "x-slow-key") : "get x-a-slow-key x-slower\r\n");
    }
    for (int at = 0; at < BYTES; at++) {
      for (int i = 0; i < CONNECTIONS; i++) {
        slow.get(i).send(requests.get(i).substring(at, at + 1));
      }
      client.hold(100);
    }
    client.heard(slow.getFirst().answer(10));
  }
}
