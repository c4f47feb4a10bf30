package twemlab.sim.run.hostile.attack.slow;

import java.io.IOException;
import twemlab.sim.run.hostile.attack.Arena;
import twemlab.sim.run.hostile.attack.Attack;
import twemlab.sim.run.hostile.attack.AttackClient;
import twemlab.sim.run.hostile.attack.Resp;
import twemlab.sim.run.hostile.attack.Wire;

/// Each byte may pin the buffer that it came in, if the next bytes in it are another client's.
public final class SingleBytes implements Attack {
  private static final int BYTES = 4000;
  private static final int ANSWER_MILLIS = 6000;

  @Override
  public String name() {
    return "single-bytes";
  }

  @Override
  public String what() {
    return "unfinished requests byte by byte, between the requests of another client";
  }

  @Override
  public int clients() {
    return 3;
  }

  @Override
  public void round(AttackClient client) throws IOException {
    Wire unfinished = client.connect(Arena.REDIS).send("*2\r\n$3\r\nGET\r\n$16000\r\n");
    Wire busy = client.connect(Arena.REDIS);
    String request = Resp.request("SET", AttackClient.key(3), "v".repeat(16_000));
    for (int i = 0; i < BYTES; i++) {
      unfinished.send("k");
      busy.send(request).answer(ANSWER_MILLIS);
    }
    client.heard(busy.send(request).answer(ANSWER_MILLIS));
  }
}
