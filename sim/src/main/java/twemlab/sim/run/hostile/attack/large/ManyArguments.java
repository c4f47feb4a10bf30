package twemlab.sim.run.hostile.attack.large;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import twemlab.sim.choice.Choices;
import twemlab.sim.run.hostile.attack.Arena;
import twemlab.sim.run.hostile.attack.Attack;
import twemlab.sim.run.hostile.attack.AttackClient;
import twemlab.sim.run.hostile.attack.Resp;
import twemlab.sim.run.hostile.attack.Wire;

/// The commands that the proxy answers itself, with more arguments than they know.
public final class ManyArguments implements Attack {
  private static final int REQUESTS = 20;
  private static final List<String> COMMANDS =
      List.of("HELLO", "CLIENT", "ECHO", "SELECT", "COMMAND", "AUTH", "INFO", "TIME", "PING");
  private static final List<String> WORDS =
      List.of(
          "2", "3", "SETNAME", "AUTH", "default", "a", "", "0", "LIST", "ID", "GETNAME", "DOCS");

  @Override
  public String name() {
    return "many-arguments";
  }

  @Override
  public String what() {
    return "HELLO, CLIENT, ECHO and their like with up to 2,000 arguments";
  }

  @Override
  public void round(AttackClient client) throws IOException {
    Choices choices = client.choices();
    Wire wire = client.connect(choices.chance(1, 2) ? Arena.AUTH : Arena.REDIS);
    for (int i = 0; i < REQUESTS; i++) {
      wire.send(choices.chance(1, 3) ? hello(choices) : words(choices));
    }
    client.heard(wire.answer(2000));
    wire.drain(100, Long.MAX_VALUE);
  }

  /// The options of HELLO as they should be, but too often.
  private static String hello(Choices choices) {
    int options = choices.between(1, 40);
    List<String> arguments = new ArrayList<>(List.of("HELLO", "2"));
    for (int i = 0; i < options; i++) {
      arguments.addAll(
          choices.pick(List.of(List.of("SETNAME", "a"), List.of("AUTH", "default", "x"))));
    }
    return Resp.request(arguments.toArray(String[]::new));
  }

  private static String words(Choices choices) {
    int arguments = choices.between(0, choices.pick(List.of(3, 12, 2000)));
    StringBuilder request = new StringBuilder();
    request.append(Resp.head(1 + arguments, choices.pick(COMMANDS)));
    for (int i = 0; i < arguments; i++) {
      request.append(Resp.bulk(choices.pick(WORDS)));
    }
    return request.toString();
  }
}
