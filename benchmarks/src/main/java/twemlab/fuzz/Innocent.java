package twemlab.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Errno;
import twemlab.hashing.KeyRouter;
import twemlab.hashing.Loads;
import twemlab.hashing.Node;
import twemlab.proxy.conf.PoolConf;
import twemlab.proxy.conf.ServerConf;
import twemlab.sim.kernel.EndpointHandler;
import twemlab.sim.kernel.SimEndpoint;
import twemlab.sim.kernel.SimHost;
import twemlab.sim.kernel.World;

/// A client that does nothing but set a key of the honest server and get it again. Whatever others
/// do, each of its replies is right, and comes in time.
final class Innocent implements EndpointHandler {
  /// What begins its key: scripts that know it would not leave it alone.
  static final String KEY = "innocent.";

  private static final long LATE_NANOS = 1_000_000_000;

  private final World world;
  private final ScriptSetup setup;
  private final String key;
  private final SimEndpoint endpoint;
  private byte[] expected = {};
  private int matched;
  private long askedAt;
  private long asked;
  private String lastAsked = "";

  Innocent(World world, SimHost host, Address proxy, ScriptSetup setup) {
    this.world = world;
    this.setup = setup;
    this.key = key(setup.pool(), setup.honest());
    this.endpoint = host.connect(proxy, this);
  }

  /// A key that belongs to a server.
  private static String key(PoolConf conf, int server) {
    List<Node> nodes = new ArrayList<>();
    for (ServerConf each : conf.servers()) {
      nodes.add(new Node(nodes.size(), each.name(), each.weight(), true));
    }
    KeyRouter router =
        new KeyRouter(conf.hash(), null, conf.distribution().build(nodes), nodes.size());
    for (int i = 0; ; i++) {
      byte[] key = bytes(KEY + i);
      if (router.route(key, 0, key.length, Loads.NONE, 0) == server) {
        return KEY + i;
      }
    }
  }

  /// Asks for the next thing, if the last was answered.
  void ask() {
    if (!answered()) {
      return;
    }
    String value = Long.toString(asked);
    if (setup.redis()) {
      boolean first = asked == 0 && setup.password() != null;
      ask(
          first ? "*2\r\n$4\r\nAUTH\r\n$6\r\nsesame\r\n" : "",
          "*3\r\n$3\r\nSET\r\n%s%s*2\r\n$3\r\nGET\r\n%s"
              .formatted(bulk(key), bulk(value), bulk(key)),
          (first ? "+OK\r\n" : "") + "+OK\r\n" + bulk(value));
    } else {
      ask(
          "",
          "set %s 0 0 %d\r\n%s\r\nget %s\r\n".formatted(key, value.length(), value, key),
          "STORED\r\nVALUE %s 0 %d\r\n%s\r\nEND\r\n".formatted(key, value.length(), value));
    }
  }

  private void ask(String before, String requests, String replies) {
    asked++;
    askedAt = world.scheduler().now();
    lastAsked = before + requests;
    expected = bytes(replies);
    matched = 0;
    endpoint.send(bytes(lastAsked));
  }

  /// Whether it has all its replies.
  boolean answered() {
    return matched == expected.length;
  }

  /// Throws when a reply is overdue.
  void check() {
    Violation.unless(
        answered() || world.scheduler().now() - askedAt < LATE_NANOS,
        "an innocent client waits for a second after " + ScriptText.quoted(bytes(lastAsked)));
  }

  /// It has had enough.
  void leave() {
    endpoint.close();
  }

  @Override
  public void bytes(SimEndpoint from, byte[] bytes) {
    for (byte b : bytes) {
      if (matched == expected.length || expected[matched] != b) {
        throw new Violation(
            "an innocent client asked %s and got %s, behind %d right bytes"
                .formatted(ScriptText.quoted(bytes(lastAsked)), ScriptText.quoted(bytes), matched));
      }
      matched++;
    }
  }

  @Override
  public void end(SimEndpoint from) {
    throw new Violation("an innocent client's connection was closed");
  }

  @Override
  public void failed(SimEndpoint from, Errno errno) {
    throw new Violation("an innocent client's connection failed: " + errno.text());
  }

  private static String bulk(String text) {
    return "$" + text.length() + "\r\n" + text + "\r\n";
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
