package twemlab.sim.run.hostile.attack.large;

import java.io.IOException;
import java.util.List;
import twemlab.sim.choice.Choices;
import twemlab.sim.run.hostile.attack.Arena;
import twemlab.sim.run.hostile.attack.Attack;
import twemlab.sim.run.hostile.attack.AttackClient;
import twemlab.sim.run.hostile.attack.Wire;

/// A request whose first line never ends, or whose numbers are as large as they can be.
public final class EndlessLine implements Attack {
  private static final List<String> STARTS =
      List.of(
          "GET ",
          "*",
          "*1",
          "*2147483647\r\n$",
          "*2147483647\r\n$3\r\nDEL\r\n$1000000000\r\n",
          "*1\r\n$2147483647\r\n",
          "*3\r\n$3\r\nSET\r\n$2147483647\r\n",
          "set ",
          "set a 0 0 2147483647\r\n",
          "get ",
          "");

  @Override
  public String name() {
    return "endless-line";
  }

  @Override
  public String what() {
    return "lines, numbers and headers that promise more than anybody has, 64 MB of them";
  }

  @Override
  public int pauseMillis() {
    return 300;
  }

  @Override
  public void round(AttackClient client) throws IOException {
    Choices choices = client.choices();
    Wire wire = client.connect(choices.chance(1, 3) ? Arena.CACHE : Arena.AUTH);
    wire.send(choices.pick(STARTS)).fill(64_000_000);
    client.heard(wire.answer(1000));
  }
}
