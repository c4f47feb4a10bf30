package twemlab.sim;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Errno;
import twemlab.sim.choice.Choices;
import twemlab.sim.model.ReplyBuffer;
import twemlab.sim.oracle.PoolOracle;
import twemlab.sim.scenario.ClientFault;
import twemlab.sim.workload.WireProtocol;
import twemlab.sim.workload.Workload;
import twemlab.sim.workload.WorkloadSettings;
import twemlab.sim.world.EndpointHandler;
import twemlab.sim.world.SimEndpoint;
import twemlab.sim.world.SimHost;
import twemlab.sim.world.World;

/// A client that wishes the others ill, for as long as [ClientFault#HOSTILE] lasts: sends requests
/// that are nearly right, halves of them, some that never end, and leaves in any way.
///
/// What it gets is its own affair. What the others get is theirs: the oracle judges their replies
/// as in any other run. Its keys are its own.
final class HostileClient implements EndpointHandler {
  private static final int TICK_NANOS = 500_000;
  private static final int NEVER_ENDING_PIECES = 400;
  private static final int FLOOD = 1_500;

  /// Some runs take minutes of virtual time.
  private static final int ACTS_MAX = 300;

  /// The proxy answers some itself, and not all of them are well known.
  private static final List<String> ODD_REDIS =
      List.of(
          "HELLO 2 SETNAME a SETNAME b SETNAME c SETNAME d SETNAME e",
          "HELLO 2 AUTH default x",
          "HELLO 3 AUTH default x SETNAME a",
          "EVAL x 99999999999999 k",
          "EVAL x 2147483648 k",
          "EVAL x -1 k",
          "NOSUCHCOMMANDNOSUCHCOMMANDNOSUCHCOMMANDNOSUCHCOMMANDNOSUCHCOMMANDNOSUCHCOMMANDNOSUCHCOMMAND"
              + "NOSUCHCOMMANDNOSUCHCOMMANDNOSUCHCOMMANDNOSUCHCOMMANDNOSUCHCOMMANDNOSUCHCOMMANDNOSUCHCOMMAND",
          "CLIENT SETINFO LIB-NAME x",
          "COMMAND DOCS a b c d e f g h i j",
          "EVAL return{err='OOM'} 1 k",
          "NOSUCH a b c d e f g h i j k l",
          "MULTI",
          "AUTH user password");

  private static final List<String> ODD_MEMCACHED =
      List.of("nosuch a b c", "get", "set a 0 0", "verbosity 1", "touch a 0 noreply", "incr a x");

  private final World world;
  private final SimHost host;
  private final Address proxy;
  private final PoolOracle pool;
  private final boolean redis;
  private final Workload workload;
  private final Choices choices;
  private final Odds<ClientFault> odds;
  private SimEndpoint endpoint;
  private boolean neverEnding;
  private int actsLeft = ACTS_MAX;

  private HostileClient(
      World world,
      String name,
      Address proxy,
      PoolOracle pool,
      Odds<ClientFault> odds,
      Choices choices) {
    this.world = world;
    this.host = world.host(name);
    this.proxy = proxy;
    this.pool = pool;
    this.odds = odds;
    this.choices = choices.stream(name);
    WorkloadSettings settings = pool.pool().workload().withKeyPrefix(name + ":");
    this.redis = settings.protocol() == WireProtocol.REDIS;
    this.workload = new Workload(settings, choices.stream(name + "-requests"));
  }

  /// One that goes on until [ClientFault#HOSTILE] is over.
  static void enter(
      World world,
      String name,
      Address proxy,
      PoolOracle pool,
      Odds<ClientFault> odds,
      Choices choices) {
    new HostileClient(world, name, proxy, pool, odds, choices).tick();
  }

  private void tick() {
    world.scheduler().after(TICK_NANOS, this::act);
  }

  private void act() {
    if (!odds.on(ClientFault.HOSTILE)) {
      leave();
      return;
    }
    if (actsLeft > 0 && odds.fires(ClientFault.HOSTILE)) {
      actsLeft--;
      pool.failed(); // nobody says what becomes of it
      doHarm();
    }
    tick();
  }

  private void doHarm() {
    if (endpoint == null) {
      endpoint = host.connect(proxy, this);
      pool.pool()
          .conf()
          .redisAuth()
          .filter(_ -> choices.chance(3, 4))
          .ifPresent(this::authenticate);
    }
    switch (neverEnding ? choices.weighted(6, 0, 0, 0, 0, 1, 1) : choices.below(7)) {
      case 0 -> goOnForEver();
      case 1 -> send(nearlyRight(requests()));
      case 2 -> send(half(requests()));
      case 3 -> send(odd());
      case 4 -> flood();
      case 5 -> leave();
      default -> pauseOrEnd();
    }
  }

  private void authenticate(String password) {
    send(array("AUTH", password));
  }

  private void send(byte[] bytes) {
    endpoint.send(bytes);
  }

  private byte[] requests() {
    ReplyBuffer all = new ReplyBuffer();
    workload
        .nextBatch(world.settings().wallMillis() + world.scheduler().now() / 1_000_000)
        .forEach(request -> all.append(request.bytes()));
    return all.toByteArray();
  }

  /// The same with a few bytes lost, changed or doubled.
  private byte[] nearlyRight(byte[] bytes) {
    byte[] changed = bytes.clone();
    for (int times = choices.between(1, 3); times > 0; times--) {
      int at = choices.below(changed.length);
      switch (choices.below(3)) {
        case 0 -> changed[at] = (byte) choices.below(256);
        case 1 -> changed = spliced(changed, at, at + 1, changed.length);
        default ->
            changed = spliced(changed, at, Math.max(0, at - choices.below(20)), changed.length);
      }
      if (changed.length == 0) {
        return bytes;
      }
    }
    return changed;
  }

  private static byte[] spliced(byte[] bytes, int end, int from, int to) {
    byte[] result = Arrays.copyOf(bytes, end + to - from);
    System.arraycopy(bytes, from, result, end, to - from);
    return result;
  }

  private byte[] half(byte[] bytes) {
    return Arrays.copyOf(bytes, choices.below(bytes.length));
  }

  private byte[] odd() {
    return redis
        ? array(choices.pick(ODD_REDIS).split(" ", -1))
        : bytes(choices.pick(ODD_MEMCACHED) + "\r\n");
  }

  /// Begins a request of many keys, or adds some to it.
  private void goOnForEver() {
    if (!neverEnding) {
      neverEnding = true;
      send(bytes(redis ? "*1000001\r\n$4\r\nMGET\r\n" : "get"));
    }
    send(bytes((redis ? "$0\r\n\r\n" : " a").repeat(choices.between(1, NEVER_ENDING_PIECES))));
  }

  /// More requests than a client may have outstanding, and away, perhaps.
  private void flood() {
    byte[] request = redis ? array("GET", "x") : bytes("get x\r\n");
    ReplyBuffer all = new ReplyBuffer();
    for (int i = 0; i < FLOOD; i++) {
      all.append(request);
    }
    send(all.toByteArray());
    if (choices.chance(1, 2)) {
      world.scheduler().after(choices.below(300_000), this::leave);
    }
  }

  private void pauseOrEnd() {
    if (choices.chance(1, 2)) {
      endpoint.pause();
    } else {
      endpoint.halfClose();
    }
  }

  private void leave() {
    if (endpoint != null) {
      if (choices.chance(1, 2)) {
        endpoint.reset();
      } else {
        endpoint.vanish();
      }
      forget();
    }
  }

  private void forget() {
    endpoint = null;
    neverEnding = false;
  }

  @Override
  public void end(SimEndpoint from) {
    from.vanish();
    failed(from, Errno.UNKNOWN);
  }

  @Override
  public void failed(SimEndpoint from, Errno errno) {
    if (from == endpoint) {
      forget();
    }
  }

  private static byte[] array(String... words) {
    StringBuilder text = new StringBuilder("*" + words.length + "\r\n");
    for (String word : words) {
      text.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
    }
    return bytes(text.toString());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
