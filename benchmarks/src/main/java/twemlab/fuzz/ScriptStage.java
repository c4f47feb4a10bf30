package twemlab.fuzz;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import twemlab.event.Transport;
import twemlab.event.TransportCounts;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.CallCounts;
import twemlab.proxy.Context;
import twemlab.proxy.conf.Conf;
import twemlab.proxy.conf.PoolConf;
import twemlab.proxy.log.Log;
import twemlab.proxy.log.LogLevel;
import twemlab.proxy.process.Drain;
import twemlab.proxy.process.Instance;
import twemlab.proxy.stats.FieldType;
import twemlab.proxy.stats.PoolField;
import twemlab.proxy.stats.ServerField;
import twemlab.proxy.stats.StatsSnapshot;
import twemlab.sim.choice.SeededChoices;
import twemlab.sim.kernel.SimKernel;
import twemlab.sim.world.Settings;
import twemlab.sim.world.World;

/// A [Script] on a simulated kernel: the unmodified proxy, clients and servers that do what they
/// are told, and one innocent client that must not notice.
///
/// ```text
/// ScriptClient 0..3 ──┐             ┌── ScriptServer 0, 1     say anything
///                     ├── Instance ─┤
/// Innocent ───────────┘             └── ScriptServer, honest  the innocent's, and everybody's
/// ```
final class ScriptStage implements AutoCloseable {
  private static final int CLIENTS = 4;
  private static final long MILLISECOND = 1_000_000;
  private static final int WAIT_MAX_MILLIS = 2_000;
  private static final int DRIPS_MAX = 256;
  private static final int SMALL_BUFFER = 4_608;

  /// Longer than any script: an end that takes so long has not come.
  private static final long DRAIN_NANOS = 3_600_000 * MILLISECOND;

  /// What all clients together may send again.
  private static final int AGAIN_BYTES = 2 << 20;

  /// A millisecond of a proxy that has work has some hundred turns.
  private static final int TURNS_MAX = 20_000;

  /// See the simulator's check of the same name.
  private static final int IDLE_TURNS_MAX = 1_000;

  private final Script script;
  private final ScriptTrace trace;
  private final World world;
  private final SimKernel kernel;
  private final Instance instance;
  private final int descriptorsAtStart;
  private final List<ScriptServer> servers = new ArrayList<>();
  private final List<ScriptClient> clients = new ArrayList<>();
  private final Innocent innocent;
  private int againLeft = AGAIN_BYTES;
  private int idleTurns;

  /// The end of the proxy, once it was asked for.
  private Drain drain;

  /// @param trace shows what happens, or null
  ScriptStage(Script script, ScriptTrace trace) {
    this.script = script;
    this.trace = trace;
    ScriptSetup setup = script.setup();
    this.world = new World(settings(setup), new SeededChoices(setup.seed()));
    world.trace().listen(trace);
    for (int i = 0; i <= setup.servers(); i++) {
      Address address =
          Address.inet(new byte[] {10, 0, 1, (byte) (i + 1)}, ScriptSetup.SERVER_PORT);
      servers.add(new ScriptServer(world.host("server" + i), address, setup, this::millis));
    }
    this.kernel = new SimKernel(world, "proxy");
    this.instance = open(setup);
    this.descriptorsAtStart = kernel.openDescriptors();
    Address proxy = Address.loopback(ScriptSetup.PORT);
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(new ScriptClient(world.host("client" + i), proxy, setup.redis()));
    }
    this.innocent = new Innocent(world, world.host("innocent"), proxy, setup);
  }

  private static Settings settings(ScriptSetup setup) {
    Settings settings = Settings.linux();
    return setup.is(ScriptSetup.Flag.SMALL_BUFFERS)
        ? settings.withBuffers(SMALL_BUFFER, SMALL_BUFFER).withSegments(1_460, 500)
        : settings;
  }

  private Instance open(ScriptSetup setup) {
    Log log =
        new Log((_, _) -> {}, LogLevel.EMERG, () -> Instant.ofEpochMilli(millis()), ZoneOffset.UTC);
    PoolConf pool = setup.pool();
    try {
      return Instance.open(
          kernel,
          setup.backend(),
          30_000,
          new Conf("script", List.of(pool)),
          new Context.Settings(setup.mbufBytes(), setup.seed(), 100),
          log);
    } catch (Transport.ListenException e) {
      throw new IllegalStateException(e);
    }
  }

  private long millis() {
    return world.settings().wallMillis() + world.scheduler().now() / MILLISECOND;
  }

  /// Plays the script to its end; throws what the proxy throws, and a [Violation] for what it must
  /// not do.
  void play() {
    innocent.ask();
    run(MILLISECOND);
    boolean together = false;
    for (Script.Step step : script.steps()) {
      act(step);
      together = step.action() == ScriptAction.TOGETHER;
      if (!together) {
        innocent.ask();
        run(MILLISECOND);
      }
    }
    finish();
  }

  private void act(Script.Step step) {
    if (trace != null) {
      trace.begin(step);
    }
    switch (step.action().actor()) {
      case CLIENT -> act(clients.get(step.who()), step);
      case SERVER -> act(servers.get(step.who() % script.setup().servers()), step);
      case WORLD -> {
        if (step.action() == ScriptAction.WAIT) {
          run(Math.min(WAIT_MAX_MILLIS, step.number()) * MILLISECOND);
        } else if (step.action() == ScriptAction.TERM && drain == null) {
          innocent.expectEnd();
          drain = new Drain(instance.context(), DRAIN_NANOS);
        }
      }
    }
  }

  private void act(ScriptClient client, Script.Step step) {
    switch (step.action()) {
      case SENDS -> client.send(step.bytes());
      case ASKS -> client.ask(step.bytes());
      case DRIPS -> {
        for (int i = 0; i < Math.min(DRIPS_MAX, step.bytes().length); i++) {
          client.send(new byte[] {step.bytes()[i]});
          innocent.ask();
          run(MILLISECOND / 4);
        }
      }
      case AGAIN -> againLeft -= client.again(step.number(), againLeft);
      case ENDS -> client.halfClose();
      case LEAVES -> client.close();
      case RESETS -> client.reset();
      case STALLS -> client.pause();
      case READS -> client.resume();
      default -> throw new IllegalStateException(step.action() + " is not a client's");
    }
  }

  private static void act(ScriptServer server, Script.Step step) {
    switch (step.action()) {
      case SAYS -> server.say(step.bytes());
      case HOLDS -> server.hold();
      case ANSWERS -> server.answer(step.number());
      case HANGS_UP -> server.hangUp();
      case BREAKS -> server.reset();
      case PAUSES -> server.pause();
      case REFUSES -> server.refuse();
      case LISTENS -> server.listen();
      default -> throw new IllegalStateException(step.action() + " is not a server's");
    }
  }

  private void run(long nanos) {
    long end = world.scheduler().now() + nanos;
    int turns = 0;
    while (world.scheduler().now() < end) {
      turn((int) Math.ceilDiv(end - world.scheduler().now(), MILLISECOND));
      innocent.check();
      if (++turns > TURNS_MAX + nanos / MILLISECOND) {
        throw new Violation("the loop does not come to rest in " + turns + " turns");
      }
    }
  }

  private void turn(int waitMillis) {
    long calls = callsBesideWaits();
    long bytes = moved();
    int events = instance.loop().runOnce(waitMillis);
    if (instance.context().failures().count() > 0) {
      throw instance.context().failures().first(); // it costs a user a connection: a finding here
    }
    boolean idle = events > 0 && callsBesideWaits() == calls && moved() == bytes;
    idleTurns = idle ? idleTurns + 1 : 0;
    Violation.unless(idleTurns < IDLE_TURNS_MAX, "the loop turns and does nothing");
    Violation.unless(kernel.unasked() == 0, "a descriptor was read that no wait had told of");
  }

  private long callsBesideWaits() {
    return kernel.counts().total() - kernel.counts().of(CallCounts.Call.WAIT);
  }

  private long moved() {
    TransportCounts counts = instance.loop().transport().counts();
    return counts.bytesRead + counts.bytesWritten;
  }

  /// Everybody leaves, and nothing is left behind.
  private void finish() {
    innocent.ask();
    while (!innocent.answered()) {
      run(MILLISECOND);
    }
    innocent.leave();
    clients.forEach(ScriptClient::resume);
    clients.forEach(ScriptClient::halfClose);
    run(100 * MILLISECOND);
    clients.forEach(ScriptClient::reset);
    servers.forEach(ScriptServer::listen);
    servers.forEach(server -> server.answer(0));
    servers.forEach(ScriptServer::reset);
    run(3_000 * MILLISECOND);
    checkNothingIsLeft();
  }

  private void checkNothingIsLeft() {
    Violation.unless(drain == null || drain.over(), "the proxy's end does not come");
    int listeners = drain == null ? 1 : 0;
    int messages = instance.context().messagesInUse();
    Violation.unless(messages == 0, messages + " messages are left");
    long held = instance.loop().transport().counts().mbufsHeld;
    // The transport reads into one mbuf and the writer writes into another.
    long mbufs = instance.mbufs().used() - held;
    Violation.unless(mbufs <= 2, mbufs + " mbufs are in use by nobody");
    StatsSnapshot snapshot = instance.context().stats().snapshot();
    long connections = 0;
    for (int server = 0; server < servers.size(); server++) {
      connections += snapshot.server(0, server, ServerField.SERVER_CONNECTIONS);
      for (ServerField gauge : ServerField.values()) {
        boolean zero = gauge.type() == FieldType.GAUGE && gauge != ServerField.SERVER_CONNECTIONS;
        long value = zero ? snapshot.server(0, server, gauge) : 0;
        Violation.unless(value == 0, gauge.fieldName() + " is " + value);
      }
    }
    long clientsLeft = snapshot.pool(0, PoolField.CLIENT_CONNECTIONS);
    Violation.unless(clientsLeft == 0, clientsLeft + " clients are connected");
    long channels = instance.loop().transport().openCount();
    Violation.unless(
        channels == listeners + connections,
        channels + " channels, " + connections + " to servers");
    int opened = kernel.openDescriptors() - (descriptorsAtStart - 1 + listeners);
    boolean preconnect = script.setup().is(ScriptSetup.Flag.PRECONNECT);
    Violation.unless(
        preconnect || opened == connections,
        opened + " descriptors were opened and not closed, " + connections + " to servers");
  }

  /// The honest server answers nothing: what no script can do.
  void stopHonestServer() {
    servers.getLast().hold();
  }

  @Override
  public void close() {
    kernel.close();
  }
}
