package twemlab.sim.run.demo;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import twemlab.event.Transport;
import twemlab.event.backend.EventBases;
import twemlab.event.backend.Kernels;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Kernel;
import twemlab.proxy.Context;
import twemlab.proxy.cli.NutcrackerTexts;
import twemlab.proxy.conf.ConfException;
import twemlab.proxy.conf.ConfFile;
import twemlab.proxy.log.Log;
import twemlab.proxy.log.LogLevel;
import twemlab.proxy.log.LogSink;
import twemlab.proxy.process.Instance;
import twemlab.proxy.process.LoopThread;
import twemlab.proxy.stats.StatsHeader;
import twemlab.proxy.stats.StatsServer;
import twemlab.sim.model.ServerModel;
import twemlab.sim.model.memcached.MemcachedModel;
import twemlab.sim.model.redis.RedisModel;
import twemlab.sim.workload.WireProtocol;

/// Embedded servers, the proxy before them, and its statistics port, each in a loop and a thread of
/// its own. All ports are loopback ones.
///
/// ```text
/// redis clients     ──► base      ┐         ┌──► 3 redis models
///                                 │  proxy  │
/// memcached clients ──► base + 1  ┘         └──► 3 memcached models
/// statistics        ◄── base + 101
/// ```
final class Demo implements AutoCloseable {
  /// Servers of each protocol.
  static final int SERVERS = 3;

  private static final int MBUF_BYTES = 16 * 1024;
  private static final int ITEM_BYTES_MAX = 1 << 20;
  private static final long SEED = 1;

  private final List<AutoCloseable> open = new ArrayList<>();
  private final Map<WireProtocol, Address> proxies = new EnumMap<>(WireProtocol.class);
  private Instance instance;
  private LoopThread thread;

  private Demo() {}

  /// Starts everything.
  ///
  /// @param portBase the redis port; memcached has the next one, statistics `portBase + 101`
  /// @throws Transport.ListenException if one of these ports cannot be had; nothing is left open
  static Demo start(int portBase) throws Transport.ListenException {
    var demo = new Demo();
    try {
      demo.open(portBase);
    } catch (Transport.ListenException e) {
      demo.close();
      throw e;
    }
    return demo;
  }

  private void open(int portBase) throws Transport.ListenException {
    ModelServers servers = ModelServers.start(models());
    open.add(servers);
    Kernel kernel = Kernels.host();
    EventBases base = EventBases.on(kernel).getFirst();
    var log = new Log(LogSink.stderr(), LogLevel.ALERT, InstantSource.system());
    var settings = new Context.Settings(MBUF_BYTES, SEED, Integer.MAX_VALUE);
    String text = configuration(portBase, servers.addresses());
    try {
      instance = Instance.open(kernel, base, -1, ConfFile.parse("demo", text), settings, log);
    } catch (ConfException e) {
      throw new AssertionError("the demo's own configuration", e);
    }
    open.add(instance);
    StatsServer stats =
        StatsServer.open(
            Kernels.host(),
            base,
            Address.loopback(statsPort(portBase)),
            instance.context().stats(),
            header());
    open.add(stats);
    open.add(LoopThread.start(stats.loop(), "stats"));
    thread = LoopThread.start(instance.loop(), "proxy");
    open.add(thread);
    proxies.put(WireProtocol.REDIS, Address.loopback(portBase));
    proxies.put(WireProtocol.MEMCACHED, Address.loopback(portBase + 1));
  }

  /// Where the statistics are.
  static int statsPort(int portBase) {
    return portBase + 101;
  }

  /// Memcached with cas numbers for each key, so that replies through the proxy can be foretold.
  private static List<ServerModel> models() {
    List<ServerModel> models = new ArrayList<>();
    for (int i = 0; i < SERVERS; i++) {
      models.add(new RedisModel());
    }
    for (int i = 0; i < SERVERS; i++) {
      models.add(new MemcachedModel(ITEM_BYTES_MAX, MemcachedModel.CasNumbers.PER_KEY));
    }
    return models;
  }

  private static String configuration(int portBase, List<Address> servers) {
    return pool("redis", portBase, true, servers.subList(0, SERVERS))
        + pool("memcached", portBase + 1, false, servers.subList(SERVERS, servers.size()));
  }

  private static String pool(String name, int port, boolean redis, List<Address> servers) {
    var text = new StringBuilder();
    text.append(name).append(":\n");
    text.append("  listen: 127.0.0.1:").append(port).append('\n');
    text.append("  redis: ").append(redis).append('\n');
    text.append("  servers:\n");
    for (int i = 0; i < servers.size(); i++) {
      // Named, so that the ring does not depend on the ports that the system chose.
      text.append("   - ").append(servers.get(i)).append(":1 ").append(name).append('-');
      text.append(i + 1).append('\n');
    }
    return text.toString();
  }

  private static Supplier<StatsHeader> header() {
    long start = System.currentTimeMillis();
    return () -> {
      long now = System.currentTimeMillis();
      String version = NutcrackerTexts.VERSION;
      return new StatsHeader("nutcracker", "demo", version, (now - start) / 1000, now / 1000);
    };
  }

  /// Where the proxy listens for each protocol.
  Map<WireProtocol, Address> proxies() {
    return proxies;
  }

  /// What the proxy has done up to the end of its last turn.
  ProxyCounts counts() {
    return HostLoop.ask(instance.loop(), () -> ProxyCounts.of(instance));
  }

  /// Serves until the process is ended from outside, or the proxy's loop fails.
  ///
  /// @return what ended the proxy's loop
  Throwable serve() throws InterruptedException {
    return thread.join();
  }

  /// What ended the proxy's loop, or null.
  Throwable failure() {
    return thread.failure();
  }

  @Override
  public void close() {
    for (AutoCloseable each : open.reversed()) {
      try {
        each.close();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
