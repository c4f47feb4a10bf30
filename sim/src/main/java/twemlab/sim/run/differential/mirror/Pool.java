package twemlab.sim.run.differential.mirror;

import java.util.ArrayList;
import java.util.List;

/// A pool of a [twemlab.sim.run.differential.Bench]'s configuration: the same for both proxies, but
/// for the ports.
///
/// @param password of clients and servers, or null
/// @param lines of the configuration file
/// @param weights of its servers, one each
public record Pool(
    String name, boolean redis, String password, List<String> lines, List<Integer> weights) {
  public static final int TIMEOUT_MILLIS = 600;
  public static final int RETRY_MILLIS = 2000;

  private static final List<String> HASHES =
      List.of(
          "fnv1a_64",
          "one_at_a_time",
          "md5",
          "crc16",
          "crc32",
          "crc32a",
          "fnv1_64",
          "fnv1_32",
          "fnv1a_32",
          "hsieh",
          "murmur",
          "jenkins");

  /// The pools that most streams go to.
  public static List<Pool> standard() {
    List<Pool> pools = new ArrayList<>();
    for (int i = 0; i < HASHES.size(); i++) {
      pools.add(routed("redis" + i, true, i));
      if (i % 3 == 0) {
        pools.add(routed("memcached" + i, false, i));
      }
    }
    pools.add(redis("auth", "sesame", 2, "redis_auth: sesame"));
    pools.add(redis("database", null, 2, "redis_db: 3"));
    pools.add(redis("timeout", null, 1, "timeout: " + TIMEOUT_MILLIS));
    pools.add(new Pool("late", false, null, List.of("timeout: " + TIMEOUT_MILLIS), List.of(1)));
    pools.add(redis("single", null, 1));
    pools.add(new Pool("plain", false, null, List.of(), List.of(1)));
    pools.add(redis("authdatabase", "sesame", 1, "redis_auth: sesame", "redis_db: 5"));
    pools.add(redis("refused", "wrong", 1, "redis_auth: wrong"));
    return pools;
  }

  /// The pools of a bench for ejection.
  public static List<Pool> ejecting() {
    String retry = "server_retry_timeout: " + RETRY_MILLIS;
    List<Pool> pools = new ArrayList<>();
    for (int limit = 1; limit <= 3; limit++) {
      String failures = "server_failure_limit: " + limit;
      pools.add(redis("eject" + limit, null, 3, "auto_eject_hosts: true", retry, failures));
    }
    return pools;
  }

  private static Pool routed(String name, boolean redis, int i) {
    List<String> lines = new ArrayList<>();
    lines.add("hash: " + HASHES.get(i));
    lines.add("distribution: " + (i % 2 == 0 ? "ketama" : "modula"));
    if (i % 4 < 2) {
      lines.add("hash_tag: \"{}\"");
    }
    return new Pool(name, redis, null, lines, i % 3 == 0 ? List.of(1, 2, 1) : List.of(1, 1, 1));
  }

  private static Pool redis(String name, String password, int servers, String... lines) {
    return new Pool(name, true, password, List.of(lines), List.of(1, 1, 1).subList(0, servers));
  }

  /// Its part of the configuration file.
  public String text(int port, List<MirrorServer> mirrors) {
    StringBuilder text = new StringBuilder(name + ":\n  listen: 127.0.0.1:" + port + "\n");
    if (redis) {
      text.append("  redis: true\n");
    }
    lines.forEach(line -> text.append("  ").append(line).append('\n'));
    text.append("  servers:\n");
    for (int i = 0; i < weights.size(); i++) {
      int weight = weights.get(i);
      text.append("   - 127.0.0.1:" + mirrors.get(i).port() + ":" + weight + " s" + i + "\n");
    }
    return text.toString();
  }
}
