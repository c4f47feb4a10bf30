package twemlab.sim.model.redis;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import twemlab.sim.model.ServerModel;

/// A model of redis-server 7.0.15 that speaks RESP2: the commands of [RedisCommands], with redis'
/// own error texts.
///
/// It shares no code with the proxy's parsers, since an oracle that shares a parser shares its
/// bugs. Checked against the real server, command by command, in `RedisDifferentialTest`.
///
/// Where it differs, knowingly: `SMEMBERS` answers members that are all integers in numeric order
/// (as redis' intset does) and else in byte order; `HGETALL` answers fields in insertion order (as
/// redis does while the hash is a listpack: up to 128 fields of up to 64 bytes); `COMMAND` answers
/// an empty array; `CONFIG GET` knows `save` and `appendonly` by their exact names; inline commands
/// are split at spaces and know no quotes; lines are too long from 64 KiB on (redis decides at a
/// read, so a little later); memory is not limited.
public final class RedisModel implements ServerModel {
  /// Databases that SELECT can reach, as in redis' default configuration.
  public static final int DATABASES = 16;

  private final byte[] password;
  private final Map<Integer, RedisDatabase> databases = new LinkedHashMap<>();

  /// A server without a password.
  public RedisModel() {
    this(null);
  }

  /// A server with `requirepass`; null for none.
  public RedisModel(String password) {
    this.password = password == null ? null : password.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public Session connect() {
    return new RedisSession(this);
  }

  /// The password that AUTH must give, or null.
  byte[] password() {
    return password;
  }

  public RedisDatabase database(int index) {
    return databases.computeIfAbsent(index, i -> new RedisDatabase());
  }

  /// Keys in all databases, those included that expired and have not been looked at since.
  public int size() {
    return databases.values().stream().mapToInt(RedisDatabase::size).sum();
  }

  /// Forgets everything, as FLUSHALL and a restart without persistence do.
  public void clear() {
    databases.clear();
  }
}
