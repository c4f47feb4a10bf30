package twemlab.sim;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntSupplier;
import twemlab.event.Transport;
import twemlab.event.backend.Backend;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Kernel;
import twemlab.proxy.Context;
import twemlab.proxy.conf.Conf;
import twemlab.proxy.conf.Endpoint;
import twemlab.proxy.conf.PoolConf;
import twemlab.proxy.log.Log;
import twemlab.proxy.log.LogLevel;
import twemlab.proxy.process.Drain;
import twemlab.proxy.process.Instance;
import twemlab.proxy.stats.PoolField;
import twemlab.proxy.stats.StatsSnapshot;
import twemlab.sim.choice.Choices;
import twemlab.sim.choice.SeededChoices;
import twemlab.sim.kernel.SimKernel;
import twemlab.sim.oracle.Books;
import twemlab.sim.oracle.PoolOracle;
import twemlab.sim.oracle.Tally;
import twemlab.sim.oracle.TurnWatch;
import twemlab.sim.oracle.Violation;
import twemlab.sim.scenario.ClientFault;
import twemlab.sim.scenario.Ending;
import twemlab.sim.scenario.ServerFault;
import twemlab.sim.scenario.SwarmDraw;
import twemlab.sim.scenario.SwarmSettings;
import twemlab.sim.world.Fault;
import twemlab.sim.world.Trace;
import twemlab.sim.world.World;

/// One run: the unmodified proxy on a simulated kernel, between clients and servers, all drawn from
/// a seed, in virtual time, on the caller's thread.
///
/// ```text
/// ClientActors ── simulated network ── SimKernel ── EventLoop, Instance ── … ── ServerActors
///   check every reply                    virtual time                       reference models
/// ```
///
/// A run has three phases. In the first, faults happen, and no check may fail. In the second they
/// have stopped, and every request is answered within its time. In the third, after a pause, a new
/// client of each pool gets all its replies without an error; after that nothing may be left. (Some
/// runs end by a signal instead, in the first phase.) The same choices give the same trace, step by
/// step, on every machine.
public final class Simulation {
  private static final long SECOND = 1_000_000_000L;

  private static final long PROBE_REQUESTS = 24;

  private final SwarmSettings settings;
  private final Choices choices;
  private final World world;
  private final SimKernel kernel;
  private final Instance instance;
  private final Odds<ServerFault> serverOdds;
  private final Odds<ClientFault> clientOdds;
  private final List<ServerActor> servers = new ArrayList<>();
  private final List<ClientActor> clients = new ArrayList<>();
  private final Tally tally = new Tally();
  private final Books books;
  private final List<PoolOracle> oracles = new ArrayList<>();
  private final TurnWatch watch;

  /// What a run came to.
  ///
  /// @param settings that it was drawn from
  /// @param requests sent by the clients
  /// @param replies received that the model predicted
  /// @param errors received in their place, each one that may occur in this run
  /// @param turns of the proxy's loop
  /// @param steps of the trace
  /// @param virtualNanos how long it took in the simulated world
  /// @param traceHash of every step; equal for equal seeds
  /// @param counts how often each fault happened and each state was seen, by name
  public record Report(
      SwarmSettings settings,
      long requests,
      long replies,
      long errors,
      long turns,
      long steps,
      long virtualNanos,
      long traceHash,
      Map<String, Long> counts) {}

  private Simulation(
      Choices choices, SwarmSettings settings, Trace.Listener listener, Opened opened) {
    this.settings = settings;
    this.world = new World(settings.kernel(), choices);
    world.trace().listen(listener == null ? null : new ListenerError.Guard(listener));
    this.serverOdds =
        new Odds<>(ServerFault.class, settings.serverFaults(), choices.stream("server-faults"));
    this.clientOdds =
        new Odds<>(ClientFault.class, settings.clientFaults(), choices.stream("client-faults"));
    for (SwarmSettings.Pool pool : settings.pools()) {
      int index = oracles.size();
      oracles.add(new PoolOracle(settings, pool, () -> ejected(pool.conf(), index), tally));
    }
    oracles.forEach(oracle -> startServers(oracle, choices));
    this.kernel = new SimKernel(world, "proxy");
    opened.world = world;
    opened.kernel = kernel;
    Observer observer = listener instanceof Observer it ? it : null;
    Kernel seen = observer == null ? kernel : observer.around(kernel);
    this.instance = startProxy(seen, choices.stream("proxy").below(1 << 30));
    if (observer != null) {
      observer.started(instance);
    }
    this.watch = new TurnWatch(instance.loop(), kernel, world.scheduler());
    this.books = new Books(settings, kernel, instance, tally);
    settings.faults().forEach(world.faults()::rate);
    oracles.forEach(oracle -> startClients(oracle, choices));
    this.choices = choices;
  }

  /// Runs what a seed gives.
  ///
  /// @throws Violation if the proxy did what it must not do
  public static Report run(long seed, SwarmSettings.Wish wish) {
    return run(new SeededChoices(seed), wish, null);
  }

  /// Runs what a seed gives on one event base.
  ///
  /// @throws Violation if the proxy did what it must not do
  public static Report run(long seed, Backend base, long requestsPerClient) {
    return run(seed, new SwarmSettings.Wish(Optional.of(base), requestsPerClient, Set.of()));
  }

  /// Runs what the choices give.
  ///
  /// @param listener takes each step of the trace, or null
  /// @throws Violation if the proxy did what it must not do
  public static Report run(Choices choices, SwarmSettings.Wish wish, Trace.Listener listener) {
    return run(choices, settings(choices, wish), listener);
  }

  /// Runs a given configuration; what else is left to chance comes from the choices.
  ///
  /// @param listener takes each step of the trace, or null
  /// @throws Violation if the proxy did what it must not do
  /// @throws ListenerError with what the listener threw: it says nothing about the proxy
  public static Report run(Choices choices, SwarmSettings settings, Trace.Listener listener) {
    try (Opened opened = new Opened()) {
      return new Simulation(choices, settings, listener, opened).run();
    } catch (Violation | ListenerError e) {
      throw e;
    } catch (RuntimeException | Error e) {
      throw new Violation("exception: " + e, e);
    }
  }

  /// What a run holds, however far it came: its kernel has all the memory and all descriptors. The
  /// proxy is not asked to close after a failure, for it may be in any state.
  private static final class Opened implements AutoCloseable {
    private World world;
    private SimKernel kernel;

    @Override
    public void close() {
      if (kernel != null) {
        world.trace().listen(null); // the run is over, and its steps were told
        kernel.close();
      }
    }
  }

  /// The configuration that choices give, without running it.
  public static SwarmSettings settings(Choices choices, SwarmSettings.Wish wish) {
    return new SwarmDraw(choices.stream("swarm"), wish).draw();
  }

  private boolean ejected(PoolConf conf, int pool) {
    return conf.autoEjectHosts() && snapshot().pool(pool, PoolField.SERVER_EJECTS) > 0;
  }

  private StatsSnapshot snapshot() {
    return instance.context().stats().snapshot();
  }

  private void startServers(PoolOracle oracle, Choices choices) {
    PoolConf conf = oracle.pool().conf();
    for (int i = 0; i < conf.servers().size(); i++) {
      Address address = address(conf, i);
      servers.add(new ServerActor(world, oracle, i, address, serverOdds, choices));
    }
  }

  private Address address(PoolConf conf, int server) {
    return switch (conf.servers().get(server).endpoint()) {
      case Endpoint.Unix(String path) -> new Address.Unix(path);
      case Endpoint.Inet(String host, int port) -> {
        int pool = conf.name().charAt(4) - '0';
        Address.Inet address =
            Address.inet(new byte[] {10, 0, (byte) pool, (byte) (server + 1)}, port);
        if (host.endsWith(".test")) {
          world.name(host, address);
        }
        yield address;
      }
    };
  }

  private Instance startProxy(Kernel seen, long seed) {
    Log log =
        new Log(
            (_, _) -> {},
            LogLevel.EMERG,
            () -> Instant.ofEpochMilli(kernel.clock().wallMillis()),
            ZoneOffset.UTC);
    List<PoolConf> pools = settings.pools().stream().map(SwarmSettings.Pool::conf).toList();
    try {
      return Instance.open(
          seen,
          settings.base(),
          30_000,
          new Conf("simulated", pools),
          new Context.Settings(settings.mbufBytes(), seed, 1_000, settings.memory())
              .withKeysPerTurn(settings.keysPerTurn()),
          log);
    } catch (Transport.ListenException e) {
      throw new Violation("listen: " + e.getMessage(), e);
    }
  }

  private void startClients(PoolOracle oracle, Choices choices) {
    PoolConf conf = oracle.pool().conf();
    int port = ((Endpoint.Inet) conf.listen().endpoint()).port();
    for (int i = 1; i <= oracle.pool().clients(); i++) {
      String name = conf.name() + "-client" + i;
      clients.add(client(name, port, oracle, settings.requestsPerClient(), choices));
    }
    // Where there are few places, it could take that of another.
    if (clientOdds.on(ClientFault.HOSTILE) && conf.clientConnections() == 0) {
      String name = conf.name() + "-hostile";
      HostileClient.enter(world, name, Address.loopback(port), oracle, clientOdds, choices);
    }
  }

  private ClientActor client(
      String name, int port, PoolOracle oracle, long requests, Choices from) {
    return new ClientActor(
        world, name, Address.loopback(port), oracle, clientOdds, tally, requests, from);
  }

  private Report run() {
    if (settings.ending().isSignalled()) {
      return runToTheSignal();
    }
    long safetyEnds = clients.size() * settings.requestsPerClient() / 4;
    while (requestsLeft() > safetyEnds) {
      turn();
    }
    stopFaults();
    finishClients();
    settle();
    recover();
    Report report = report();
    if (report.requests() == 0) {
      throw new Violation("nothing was asked");
    }
    instance.close();
    return report;
  }

  /// SIGTERM in the middle of everything: all that had arrived is answered, and nothing is left.
  private Report runToTheSignal() {
    Ending ending = settings.ending();
    long all = clients.size() * settings.requestsPerClient();
    while (requestsLeft() > all - all * ending.afterPercent() / 100) {
      turn();
    }
    // A read that is turned away without a reason would be taken for an empty socket.
    world.faults().rate(Fault.EAGAIN_ON_READ, 0);
    clients.forEach(ClientActor::proxyEnds);
    tally.add("orderly end");
    Drain drain = new Drain(instance.context(), ending.timeoutSeconds() * SECOND);
    for (int turns = 1; !drain.over(); turns++) {
      turn(drain::turn);
      if (turns == ending.secondAfter()) {
        tally.add("second signal");
        instance.close();
        return report();
      }
    }
    boolean complete = drain.complete();
    if (complete) {
      tally.add("orderly end that was complete");
      if (!settings.lossy()) {
        // Else a timed-out request may still stand in its server's queue.
        checkLeaks();
      }
    } else if (ending.timeoutSeconds() > 1 && !settings.lossy()) {
      throw new Violation("drain: not complete after %d s".formatted(ending.timeoutSeconds()));
    }
    Report report = report();
    instance.close();
    if (complete) {
      world.scheduler().runUntil(world.scheduler().now() + SECOND);
      clients.forEach(ClientActor::checkAnswered);
    }
    return report;
  }

  private long requestsLeft() {
    long left = 0;
    for (int i = 0; i < clients.size(); i++) {
      left += clients.get(i).left();
    }
    return left;
  }

  private boolean allFinished() {
    for (int i = 0; i < clients.size(); i++) {
      if (!clients.get(i).finished()) {
        return false;
      }
    }
    return true;
  }

  private void finishClients() {
    while (!allFinished()) {
      turn();
      checkAnsweredInTime();
    }
  }

  /// When nothing has gone wrong for a while, a new client of each pool gets all its replies: no
  /// server is given up, and no connection is stuck.
  private void recover() {
    servers.forEach(ServerActor::heal);
    rest(10);
    for (PoolOracle oracle : oracles) {
      oracle.recovering();
      PoolConf conf = oracle.pool().conf();
      int port = ((Endpoint.Inet) conf.listen().endpoint()).port();
      clients.add(client(oracle.probe(), port, oracle, PROBE_REQUESTS, choices));
    }
    finishClients();
    settle();
  }

  private void turn() {
    turn(instance.loop()::runOnce);
  }

  private void turn(IntSupplier one) {
    long accepted = instance.loop().transport().counts().accepted;
    watch.turn(one);
    checkNothingThrown();
    if (kernel.unasked() > 0) {
      throw new Violation("stale: a descriptor was read that no wait had told of");
    }
    if (instance.loop().transport().counts().accepted - accepted >= 64) {
      tally.add("a turn's fill of accepts");
    }
    if (instance.loop().turns() % 128 == 0) {
      books.checkGauges(false);
    }
  }

  /// An exception would cost a user one connection; here it is a finding.
  private void checkNothingThrown() {
    if (instance.context().failures().count() > 0) {
      throw instance.context().failures().first();
    }
  }

  private void stopFaults() {
    world.faults().stop();
    serverOdds.stop();
    clientOdds.stop();
  }

  /// Long enough for whatever the first phase left: requests behind requests that time out, and two
  /// connects that the kernel gives up after 127 s each, if a client was not read during the first.
  private void checkAnsweredInTime() {
    long oldest = Long.MAX_VALUE;
    for (int i = 0; i < clients.size(); i++) {
      oldest = Math.min(oldest, clients.get(i).oldest());
    }
    if (oldest != Long.MAX_VALUE && world.scheduler().now() - oldest > 300 * SECOND) {
      throw new Violation(
          "liveness: a request is unanswered after %d s without faults"
              .formatted((world.scheduler().now() - oldest) / SECOND));
    }
  }

  /// When all clients have gone, nothing of theirs is left.
  private void settle() {
    rest(300);
    checkLeaks();
    books.checkDescriptors();
    for (int pool = 0; pool < oracles.size(); pool++) {
      long ejects = snapshot().pool(pool, PoolField.SERVER_EJECTS);
      oracles.get(pool).checkCounters(ejects, snapshot().pool(pool, PoolField.FRAGMENTS));
    }
    servers.forEach(ServerActor::checkKeys);
    books.checkBytes(
        servers.stream().mapToLong(ServerActor::bytesReceived).sum(),
        servers.stream().mapToLong(ServerActor::bytesSent).sum());
    books.checkReads();
  }

  private void checkLeaks() {
    if (instance.context().messagesInUse() > 0) {
      throw new Violation("leak: " + instance.context().messagesInUse() + " messages are left");
    }
    long held = instance.loop().transport().counts().mbufsHeld;
    // The transport reads into one mbuf and the writer writes into another.
    if (instance.mbufs().used() - held > 2) {
      throw new Violation("leak: " + instance.mbufs().used() + " mbufs are in use by nobody");
    }
    books.checkGauges(true);
  }

  private void rest(int seconds) {
    long start = world.scheduler().now();
    while (world.scheduler().now() < start + seconds * SECOND) {
      turn(() -> instance.loop().runOnce(10_000));
    }
  }

  private Report report() {
    return new Report(
        settings,
        tally.requests,
        tally.replies,
        tally.errors,
        instance.loop().turns(),
        world.trace().steps(),
        world.scheduler().now(),
        world.trace().hash(),
        new RunCounts(settings, world, kernel, instance).of(serverOdds, clientOdds, books, tally));
  }
}
