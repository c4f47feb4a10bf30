package twemlab.sim.run.hostile.attack.large;

import java.io.IOException;
import twemlab.sim.choice.Choices;
import twemlab.sim.run.hostile.attack.Arena;
import twemlab.sim.run.hostile.attack.Attack;
import twemlab.sim.run.hostile.attack.AttackClient;
import twemlab.sim.run.hostile.attack.Resp;
import twemlab.sim.run.hostile.attack.Wire;

/// Whole requests of very many keys, which must be divided and gathered without stopping others.
public final class LargeMget implements Attack {
  private static final int KEYS = 1_000_000;
  private static final int REQUESTS = 3;
  private static final String FOUR_KEYS =
      Resp.bulk("xa") + Resp.bulk("xb") + Resp.bulk("xc") + Resp.bulk("xd");

  @Override
  public String name() {
    return "large-mget";
  }

  @Override
  public String what() {
    return "three MGETs or DELs of 1,000,000 keys over two servers, and memcached get of as many";
  }

  @Override
  public int clients() {
    return 3;
  }

  @Override
  public int pauseMillis() {
    return 1000;
  }

  @Override
  public void round(AttackClient client) throws IOException {
    Choices choices = client.choices();
    int kind = choices.weighted(3, 1, 1);
    Wire wire = client.connect(kind == 2 ? Arena.CACHE : Arena.REDIS);
    for (int i = 0; i < REQUESTS; i++) {
      if (kind == 2) {
        wire.send("get").repeat(" xa xb xc xd", KEYS / 4).send("\r\n");
      } else {
        wire.send(Resp.head(1 + KEYS, kind == 0 ? "MGET" : "DEL")).repeat(FOUR_KEYS, KEYS / 4);
      }
    }
    client.heard(wire.answer(8000));
    wire.drain(1000, Long.MAX_VALUE);
  }
}
