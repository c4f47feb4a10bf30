package twemlab.sim.run.hostile.attack;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import twemlab.proxy.conf.ConfException;
import twemlab.proxy.conf.ConfFile;
import twemlab.proxy.conf.PoolConf;
import twemlab.sim.run.servers.ServerProcess;

/// The servers, the configuration of the proxy before them, and which key belongs to which server.
public final class Setup implements AutoCloseable {
  private static final List<String> REDIS = List.of("r0", "r1", "r2", "r3", "rs");
  private static final List<String> MEMCACHED = List.of("m0", "m1", "m2", "ms");
  private static final String EVIL = "evil";

  private final Map<String, ServerProcess> servers = new LinkedHashMap<>();
  private final Map<Arena, Integer> ports = new EnumMap<>(Arena.class);
  private final Map<Arena, Keys> keys = new EnumMap<>(Arena.class);
  private final int statsPort = ServerProcess.freePort();
  private EvilServer evil;
  private String configuration;

  private Setup() throws IOException {}

  /// Starts the servers.
  public static Setup start(Path redis, Path memcached, long seed) throws IOException {
    Setup setup = new Setup();
    try {
      for (String name : REDIS) {
        setup.servers.put(name, ServerProcess.redis(redis));
      }
      setup.servers.put("ra", ServerProcess.redis(redis, "--requirepass", Arena.PASSWORD));
      for (String name : MEMCACHED) {
        setup.servers.put(name, ServerProcess.memcached(memcached));
      }
      setup.evil = EvilServer.start(seed);
      setup.configure();
    } catch (IOException e) {
      setup.close();
      throw e;
    }
    return setup;
  }

  private void configure() throws IOException {
    StringBuilder text = new StringBuilder();
    for (Arena arena : Arena.values()) {
      ports.put(arena, ServerProcess.freePort());
      text.append(arena.pool()).append(":\n  listen: 127.0.0.1:").append(ports.get(arena));
      text.append("\n  redis: ").append(arena.redis());
      if (!arena.directive().isEmpty()) {
        text.append("\n  ").append(arena.directive());
      }
      text.append("\n  servers:\n");
      for (String server : arena.servers()) {
        int port = server.startsWith(EVIL) ? evil.port() : servers.get(server).port();
        text.append("   - 127.0.0.1:").append(port).append(":1 ").append(server).append('\n');
      }
    }
    configuration = text.toString();
    try {
      Map<String, Keys> byPool = new LinkedHashMap<>();
      for (PoolConf pool : ConfFile.parse("hostile", configuration).pools()) {
        byPool.put(pool.name(), Keys.of(pool));
      }
      for (Arena arena : Arena.values()) {
        keys.put(arena, byPool.get(arena.pool()));
      }
    } catch (ConfException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The text of the proxy's configuration file.
  public String configuration() {
    return configuration;
  }

  /// Where the proxy listens for an arena.
  public int port(Arena arena) {
    return ports.get(arena);
  }

  /// Where it tells its statistics.
  public int statsPort() {
    return statsPort;
  }

  public Keys keys(Arena arena) {
    return keys.get(arena);
  }

  public ServerProcess server(String name) {
    return servers.get(name);
  }

  /// Those that are killed and stopped now and then.
  public List<ServerProcess> failing() {
    return List.of(server("r0"), server("r1"), server("m0"), server("m1"));
  }

  /// Those that are stopped nearly all the time.
  public List<ServerProcess> stalled() {
    return List.of(server("rs"), server("ms"));
  }

  @Override
  public void close() {
    servers.values().forEach(ServerProcess::close);
    if (evil != null) {
      evil.close();
    }
  }
}
