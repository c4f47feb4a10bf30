package twemlab.sim.run.hostile.attack.wrong;

import java.io.IOException;
import java.util.List;
import twemlab.sim.run.hostile.attack.Arena;
import twemlab.sim.run.hostile.attack.Attack;
import twemlab.sim.run.hostile.attack.AttackClient;
import twemlab.sim.run.hostile.attack.Resp;
import twemlab.sim.run.hostile.attack.Wire;

/// What is added up or put together comes from a server that answers what it likes.
public final class OddNumbers implements Attack {
  private static final int REQUESTS = 30;
  private static final int KEYS_MAX = 12;
  private static final List<String> COMMANDS =
      List.of("DEL", "DEL", "DEL", "MGET", "TOUCH", "EXISTS");

  @Override
  public String name() {
    return "odd-numbers";
  }

  @Override
  public String what() {
    return "DEL and MGET whose fragments a server answers with odd numbers and other replies";
  }

  @Override
  public int pauseMillis() {
    return 100;
  }

  @Override
  public void round(AttackClient client) throws IOException {
    Wire wire = client.connect(Arena.EVIL);
    for (int i = 0; i < REQUESTS; i++) {
      StringBuilder request = new StringBuilder();
      int keys = client.choices().between(1, KEYS_MAX);
      request.append(Resp.head(1 + keys, client.choices().pick(COMMANDS)));
      for (int j = 0; j < keys; j++) {
        request.append(Resp.bulk(AttackClient.key(client.choices().below(1000))));
      }
      wire.send(request.toString());
      client.heard(wire.answer(6000));
    }
  }
}
