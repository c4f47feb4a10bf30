package twemlab.sim;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import twemlab.event.EventBases;
import twemlab.event.Transport;
import twemlab.event.kernel.Address;
import twemlab.hashing.DistributionKind;
import twemlab.hashing.HashTag;
import twemlab.hashing.KeyHash;
import twemlab.proxy.Context;
import twemlab.proxy.Instance;
import twemlab.proxy.conf.Conf;
import twemlab.proxy.conf.Endpoint;
import twemlab.proxy.conf.ListenConf;
import twemlab.proxy.conf.PoolConf;
import twemlab.proxy.conf.ServerConf;
import twemlab.proxy.log.Log;
import twemlab.proxy.log.LogLevel;
import twemlab.proxy.stats.ServerField;
import twemlab.proxy.stats.StatsSnapshot;
import twemlab.sim.kernel.Fault;
import twemlab.sim.kernel.Settings;
import twemlab.sim.kernel.SimKernel;
import twemlab.sim.kernel.World;

/// One run: the unmodified proxy on a simulated kernel, between clients and servers that are drawn
/// from a seed, in virtual time, on the caller's thread.
///
/// ```text
/// ClientActor ×3 ── simulated network ── SimKernel ── EventLoop, Instance ── … ── ServerActor ×4
///   checks every reply                     virtual time                          reference models
/// ```
///
/// The same seed gives the same trace, step by step, on every machine.
public final class Simulation {
  private static final int REDIS_PORT = 22121;
  private static final int MEMCACHED_PORT = 22122;

  /// A run that takes longer, in virtual time, has come to a standstill.
  private static final long LIMIT_NANOS = 3_600_000_000_000L;

  private final World world;
  private final SimKernel kernel;
  private final Instance instance;
  private final List<ServerActor> servers = new ArrayList<>();
  private final List<ClientActor> clients = new ArrayList<>();
  private final long requestsPerClient;

  /// What a run came to.
  ///
  /// @param seed that it was drawn from
  /// @param requests sent by the clients
  /// @param replies received, each as expected
  /// @param turns of the proxy's loop
  /// @param steps of the trace
  /// @param virtualNanos how long it took in the simulated world
  /// @param traceHash of every step; equal for equal seeds
  /// @param partialReads how often a fault held back the rest of a segment
  /// @param partialWrites how often a fault cut a write
  public record Report(
      long seed,
      long requests,
      long replies,
      long turns,
      long steps,
      long virtualNanos,
      long traceHash,
      long partialReads,
      long partialWrites) {}

  private Simulation(long seed, EventBases base, long requestsPerClient) {
    this.requestsPerClient = requestsPerClient;
    Choices choices = new SeededChoices(seed);
    this.world = new World(Settings.linux(), choices);
    world.faults().rate(Fault.PARTIAL_READ, 2_000);
    world.faults().rate(Fault.PARTIAL_WRITE, 2_000);
    world.faults().rate(Fault.EAGAIN_ON_READ, 200);
    world.faults().rate(Fault.EINTR, 200);
    startServers(choices);
    this.kernel = world.kernel("proxy");
    this.instance = startProxy(base, seed);
    startClients(choices);
  }

  /// Runs the scenario `mixed`: two redis and two memcached servers, three clients, partial reads
  /// and writes.
  ///
  /// @param base the event base that the proxy waits on
  /// @throws Violation if the proxy did what it must not do
  public static Report run(long seed, EventBases base, long requestsPerClient) {
    try {
      return new Simulation(seed, base, requestsPerClient).run(seed);
    } catch (Violation e) {
      throw e;
    } catch (RuntimeException e) {
      throw new Violation("seed " + seed + ": " + e, e);
    }
  }

  private void startServers(Choices choices) {
    for (int i = 1; i <= 2; i++) {
      servers.add(
          new ServerActor(
              world, "redis" + i, server(i, 6379), WireProtocol.REDIS.model(), choices));
      servers.add(
          new ServerActor(
              world, "memcached" + i, server(i, 11211), WireProtocol.MEMCACHED.model(), choices));
    }
  }

  private static Address server(int i, int port) {
    return Address.inet(new byte[] {10, 0, 0, (byte) i}, port);
  }

  private Instance startProxy(EventBases base, long seed) {
    Log log =
        new Log(
            (_, _) -> {},
            LogLevel.EMERG,
            () -> Instant.ofEpochMilli(kernel.clock().wallMillis()),
            ZoneOffset.UTC);
    Conf conf =
        new Conf(
            "simulated",
            List.of(pool("alpha", REDIS_PORT, true), pool("beta", MEMCACHED_PORT, false)));
    try {
      return Instance.open(
          kernel, base, 30_000, conf, new Context.Settings(16_384, seed, 1_000), log);
    } catch (Transport.ListenException e) {
      throw new Violation("the proxy cannot listen: " + e.getMessage(), e);
    }
  }

  private static PoolConf pool(String name, int port, boolean redis) {
    List<ServerConf> servers = new ArrayList<>();
    for (int i = 1; i <= 2; i++) {
      String host = "10.0.0." + i;
      int serverPort = redis ? 6379 : 11211;
      String text = host + ":" + serverPort;
      servers.add(new ServerConf(text + ":1", text, new Endpoint.Inet(host, serverPort), 1));
    }
    String listen = "127.0.0.1:" + port;
    return new PoolConf(
        name,
        new ListenConf(listen, new Endpoint.Inet("127.0.0.1", port), -1),
        KeyHash.FNV1A_64,
        Optional.<HashTag>empty(),
        DistributionKind.KETAMA,
        5_000,
        512,
        0,
        false,
        false,
        redis,
        Optional.empty(),
        0,
        false,
        false,
        1,
        30_000,
        2,
        servers);
  }

  private void startClients(Choices choices) {
    client("client1", REDIS_PORT, WireProtocol.REDIS, choices);
    client("client2", MEMCACHED_PORT, WireProtocol.MEMCACHED, choices);
    client("client3", REDIS_PORT, WireProtocol.REDIS, choices);
  }

  private void client(String name, int port, WireProtocol protocol, Choices choices) {
    WorkloadSettings settings = WorkloadSettings.of(protocol, name + ":");
    clients.add(
        new ClientActor(world, name, Address.loopback(port), settings, requestsPerClient, choices));
  }

  private Report run(long seed) {
    while (!clients.stream().allMatch(ClientActor::finished)) {
      instance.loop().runOnce();
      if (world.scheduler().now() > LIMIT_NANOS) {
        throw new Violation("no end after an hour of virtual time");
      }
    }
    settle();
    Report report = report(seed);
    if (report.requests() == 0 || report.replies() == 0) {
      throw new Violation("nothing was asked");
    }
    instance.close();
    kernel.close();
    return report;
  }

  /// When all clients have gone, nothing of theirs is left.
  private void settle() {
    for (int i = 0; i < 1_000 && instance.context().messagesInUse() > 0; i++) {
      instance.loop().runOnce(10);
    }
    for (int i = 0; i < 10; i++) {
      instance.loop().runOnce(100);
    }
    if (instance.context().messagesInUse() > 0) {
      throw new Violation(instance.context().messagesInUse() + " messages are left");
    }
    // The transport reads into one mbuf and the writer writes into another.
    if (instance.mbufs().used() > 2) {
      throw new Violation(instance.mbufs().used() + " mbufs are in use by nobody");
    }
    checkGauges(instance.context().stats().snapshot());
  }

  private static void checkGauges(StatsSnapshot snapshot) {
    for (int pool = 0; pool < snapshot.names().size(); pool++) {
      for (int server = 0; server < snapshot.names().get(pool).servers().size(); server++) {
        for (ServerField gauge :
            List.of(
                ServerField.IN_QUEUE,
                ServerField.IN_QUEUE_BYTES,
                ServerField.OUT_QUEUE,
                ServerField.OUT_QUEUE_BYTES)) {
          if (snapshot.server(pool, server, gauge) != 0) {
            throw new Violation(
                gauge + " of an idle server is " + snapshot.server(pool, server, gauge));
          }
        }
      }
    }
  }

  private Report report(long seed) {
    return new Report(
        seed,
        clients.stream().mapToLong(ClientActor::sent).sum(),
        clients.stream().mapToLong(ClientActor::replies).sum(),
        instance.loop().turns(),
        world.trace().steps(),
        world.scheduler().now(),
        world.trace().hash(),
        world.faults().count(Fault.PARTIAL_READ),
        world.faults().count(Fault.PARTIAL_WRITE));
  }
}
