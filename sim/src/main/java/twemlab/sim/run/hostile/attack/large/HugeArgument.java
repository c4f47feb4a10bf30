package twemlab.sim.run.hostile.attack.large;

import java.io.IOException;
import java.util.List;
import twemlab.sim.choice.Choices;
import twemlab.sim.run.hostile.attack.Arena;
import twemlab.sim.run.hostile.attack.Attack;
import twemlab.sim.run.hostile.attack.AttackClient;
import twemlab.sim.run.hostile.attack.Resp;
import twemlab.sim.run.hostile.attack.Wire;

/// The commands that the proxy answers itself, with one argument that it must not copy.
public final class HugeArgument implements Attack {
  private static final int MIB_MAX = 40;
  private static final List<String> COMMANDS =
      List.of("ECHO", "SELECT", "HELLO", "CLIENT", "COMMAND", "AUTH", "INFO", "PING");

  @Override
  public String name() {
    return "huge-argument";
  }

  @Override
  public String what() {
    return "ECHO, SELECT, HELLO, CLIENT, COMMAND and AUTH with an argument of up to 40 MiB";
  }

  @Override
  public int pauseMillis() {
    return 500;
  }

  @Override
  public void round(AttackClient client) throws IOException {
    Choices choices = client.choices();
    Wire wire = client.connect(choices.chance(1, 2) ? Arena.AUTH : Arena.REDIS);
    long length = (long) choices.between(1, MIB_MAX) << 20;
    wire.send(Resp.head(2, choices.pick(COMMANDS)) + "$" + length + "\r\n")
        .fill(length)
        .send("\r\n");
    client.heard(wire.answer(3000));
    wire.drain(300, Long.MAX_VALUE);
  }
}
