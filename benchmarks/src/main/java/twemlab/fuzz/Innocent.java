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
import twemlab.sim.world.EndpointHandler;
import twemlab.sim.world.SimEndpoint;
import twemlab.sim.world.SimHost;
import twemlab.sim.world.World;

/// A client that does nothing but set a key of the honest server and get it again. Whatever others
/// do, each of its replies is right, and comes in time.
final class Innocent implements EndpointHandler {
  /// What begins its key: scripts that know it would not leave it alone.
  static final String KEY = "innocent.";

  private static final String AUTH = "*2\r\n$4\r\nAUTH\r\n" + bulk(ScriptSetup.PASSWORD);
  private static final long LATE_NANOS = 1_000_000_000;

  private final World world;
  private final ScriptSetup setup;
  private final String key;
  private final SimEndpoint endpoint;
  private byte[] expected = {};
  private int matched;
  private long askedAt;
  private long asked;
  private boolean ending;
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

  /// Asks for what it set last, and sets something else, if the last was answered.
  void ask() {
    if (ending || !answered()) {
      return;
    }
    String old = Long.toString(asked);
    String value = Long.toString(++asked);
    if (asked == 1) {
      boolean password = setup.password() != null;
      ask((password ? AUTH : "") + set(value), (password ? "+OK\r\n" : "") + stored());
    } else {
      ask(get() + set(value), got(old) + stored());
    }
  }

  private void ask(String requests, String replies) {
    askedAt = world.scheduler().now();
    lastAsked = requests;
    expected = bytes(replies);
    matched = 0;
    endpoint.send(bytes(lastAsked));
  }

  private String set(String value) {
    return setup.redis()
        ? "*3\r\n$3\r\nSET\r\n" + bulk(key) + bulk(value)
        : "set %s 0 0 %d\r\n%s\r\n".formatted(key, value.length(), value);
  }

  private String stored() {
    return setup.redis() ? "+OK\r\n" : "STORED\r\n";
  }

  private String get() {
    return setup.redis() ? "*2\r\n$3\r\nGET\r\n" + bulk(key) : "get " + key + "\r\n";
  }

  private String got(String value) {
    return setup.redis()
        ? bulk(value)
        : "VALUE %s 0 %d\r\n%s\r\nEND\r\n".formatted(key, value.length(), value);
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

  /// The proxy ends: it is asked no more, and closes when it has answered.
  void expectEnd() {
    ending = true;
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
    Violation.unless(ending && answered(), "an innocent client's connection was closed");
    endpoint.close();
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
