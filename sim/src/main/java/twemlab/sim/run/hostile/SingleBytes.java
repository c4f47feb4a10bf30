package twemlab.sim.run.hostile;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Each byte may pin the buffer that it came in, if the next bytes in it are another client's.
final class SingleBytes implements Attack {
  private static final int CONNECTIONS = 80;
  private static final int BYTES = 100;

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
    return 1;
  }

  @Override
  public void round(AttackClient client) throws IOException {
    List<Wire> unfinished = new ArrayList<>();
    Wire busy = client.connect(Arena.REDIS);
    for (int i = 0; i < CONNECTIONS; i++) {
      unfinished.add(client.connect(Arena.REDIS).send("*2\r\n$3\r\nGET\r\n$16000\r\n"));
    }
    String request = Resp.request("SET", AttackClient.key(3), "v".repeat(2000));
    for (int i = 0; i < BYTES; i++) {
      for (Wire wire : unfinished) {
        wire.send("k");
      }
      busy.repeat(request, 8);
      busy.drain(1, 1);
    }
    client.heard(busy.answer(1000));
  }
}
