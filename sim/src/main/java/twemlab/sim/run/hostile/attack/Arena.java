package twemlab.sim.run.hostile.attack;

import java.util.List;
import twemlab.sim.workload.WireProtocol;

/// A pool of the proxy that is attacked, and in which innocent clients work.
///
/// ```text
/// redis          r0 r1        fail now and then
/// cache          m0 m1        fail now and then
/// stalled-redis  stopped r2   the first is stopped nearly all the time, and there is no timeout
/// stalled-cache  stopped m2   the same
/// eject          r2 r3        ejects servers; these never fail
/// evil           evil r3 evil2  the first and the last answer what they like
/// auth           ra           with a password
/// few            r2           few clients at a time
/// ```
public enum Arena {
  REDIS("redis", WireProtocol.REDIS, true, "r0 r1", "timeout: 5000"),
  CACHE("cache", WireProtocol.MEMCACHED, true, "m0 m1", "timeout: 5000"),
  STALLED_REDIS("stalled-redis", WireProtocol.REDIS, false, "rs r2", ""),
  STALLED_CACHE("stalled-cache", WireProtocol.MEMCACHED, false, "ms m2", ""),
  EJECT("eject", WireProtocol.REDIS, false, "r2 r3", "auto_eject_hosts: true"),
  EVIL("evil", WireProtocol.REDIS, false, "evil r3 evil2", "timeout: 5000"),
  AUTH("auth", WireProtocol.REDIS, false, "ra", "redis_auth: " + Arena.PASSWORD),
  FEW("few", WireProtocol.REDIS, false, "r2", "client_connections: " + Arena.FEW_CLIENTS);

  /// Of the pool whose clients must authenticate.
  public static final String PASSWORD = "secret";

  /// How many clients the smallest pool has at a time.
  public static final int FEW_CLIENTS = 40;

  /// `timeout:` of the pools whose servers fail.
  public static final int TIMEOUT_MILLIS = 5000;

  private final String pool;
  private final WireProtocol protocol;
  private final boolean failing;
  private final String servers;
  private final String directive;

  Arena(String pool, WireProtocol protocol, boolean failing, String servers, String directive) {
    this.pool = pool;
    this.protocol = protocol;
    this.failing = failing;
    this.servers = servers;
    this.directive = directive;
  }

  /// The pool's name.
  public String pool() {
    return pool;
  }

  public WireProtocol protocol() {
    return protocol;
  }

  public boolean redis() {
    return protocol == WireProtocol.REDIS;
  }

  /// Whether its servers are killed and stopped now and then.
  public boolean failing() {
    return failing;
  }

  /// The names of its servers.
  public List<String> servers() {
    return List.of(servers.split(" ", -1));
  }

  /// The servers whose keys innocent clients use.
  public List<String> honest() {
    List<String> all = servers();
    return failing || all.size() == 1 || this == EJECT ? all : all.subList(1, 2);
  }

  /// A line of its configuration, or nothing.
  String directive() {
    return directive;
  }
}
