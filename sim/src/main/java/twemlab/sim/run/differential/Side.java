package twemlab.sim.run.differential;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import twemlab.event.Transport;
import twemlab.event.backend.EventBases;
import twemlab.event.backend.Kernels;
import twemlab.proxy.Context;
import twemlab.proxy.conf.ConfException;
import twemlab.proxy.conf.ConfFile;
import twemlab.proxy.log.Log;
import twemlab.proxy.log.LogLevel;
import twemlab.proxy.process.Instance;
import twemlab.proxy.process.LoopThread;
import twemlab.sim.run.differential.mirror.MirrorServer;
import twemlab.sim.run.differential.mirror.Pool;
import twemlab.sim.run.servers.ServerProcess;

/// One of the two proxies, with the servers behind it.
final class Side implements AutoCloseable {
  private static final int SERVERS = 3;

  private final List<MirrorServer> redis;
  private final List<MirrorServer> memcached;
  private final Map<String, Integer> ports = new HashMap<>();
  private final String configuration;
  private AutoCloseable proxy;

  private Side(List<Pool> pools, boolean closesOnErrors) throws IOException {
    redis = mirrors(true, closesOnErrors);
    memcached = mirrors(false, closesOnErrors);
    StringBuilder text = new StringBuilder();
    for (Pool pool : pools) {
      int port = ServerProcess.freePort();
      ports.put(pool.name(), port);
      text.append(pool.text(port, pool.redis() ? redis : memcached));
    }
    configuration = text.toString();
  }

  private static List<MirrorServer> mirrors(boolean redis, boolean closesOnErrors) {
    return IntStream.range(0, SERVERS)
        .mapToObj(i -> MirrorServer.start(redis, i, closesOnErrors))
        .toList();
  }

  /// The installed nutcracker.
  static Side nutcracker(Path executable, List<Pool> pools, int mbufBytes) throws IOException {
    Side side = new Side(pools, true);
    try {
      side.proxy =
          ServerProcess.nutcracker(
              executable, side.configuration, mbufBytes, ServerProcess.freePort());
      for (Pool pool : pools) {
        ServerProcess.awaitListening(side.port(pool));
      }
    } catch (IOException e) {
      side.close();
      throw e;
    }
    return side;
  }

  /// Our proxy, in this process.
  static Side ours(EventBases base, List<Pool> pools, int mbufBytes) throws IOException {
    Side side = new Side(pools, false);
    try {
      var settings = new Context.Settings(mbufBytes, 1, Integer.MAX_VALUE);
      Instance instance =
          Instance.open(
              Kernels.host(),
              base,
              30_000,
              ConfFile.parse("differential", side.configuration),
              settings,
              silent());
      LoopThread thread = LoopThread.start(instance.loop(), "ours");
      side.proxy = () -> end(thread, instance);
    } catch (ConfException | Transport.ListenException e) {
      side.close();
      throw new IOException(e);
    }
    return side;
  }

  private static void end(LoopThread thread, Instance instance) {
    thread.close();
    instance.close();
    if (thread.failure() != null) {
      throw new IllegalStateException("the loop failed", thread.failure());
    }
  }

  private static Log silent() {
    return new Log((_, _) -> {}, LogLevel.of(0), InstantSource.system());
  }

  int port(Pool pool) {
    return ports.get(pool.name());
  }

  /// The servers of a pool.
  List<MirrorServer> mirrors(Pool pool) {
    return (pool.redis() ? redis : memcached).subList(0, pool.weights().size());
  }

  /// Waits until the proxy has closed the server connections that it must close.
  void settle() {
    Stream.concat(redis.stream(), memcached.stream()).forEach(MirrorServer::settle);
  }

  /// What each server of a pool was asked since the last call.
  List<List<String>> takeLogs(Pool pool) {
    List<List<String>> logs = new ArrayList<>();
    mirrors(pool).forEach(mirror -> logs.add(mirror.takeLog()));
    return logs;
  }

  /// How many requests the servers of a pool got since they were last taken.
  int logged(Pool pool) {
    return mirrors(pool).stream().mapToInt(MirrorServer::logged).sum();
  }

  @Override
  public void close() {
    try {
      if (proxy != null) {
        proxy.close();
      }
    } catch (Exception e) {
      throw new IllegalStateException(e);
    } finally {
      redis.forEach(MirrorServer::close);
      memcached.forEach(MirrorServer::close);
    }
  }
}
