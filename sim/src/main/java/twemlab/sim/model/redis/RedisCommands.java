package twemlab.sim.model.redis;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import twemlab.sim.model.Bytes;

/// The commands of [RedisModel], one row each.
final class RedisCommands {
  private static final List<Row> ROWS =
      List.of(
          new Row("get", 2, RedisStrings::get),
          new Row("set", -3, RedisStrings::set),
          new Row("setex", 4, RedisStrings::setex),
          new Row("psetex", 4, RedisStrings::psetex),
          new Row("setnx", 3, RedisStrings::setnx),
          new Row("getset", 3, RedisStrings::getset),
          new Row("getdel", 2, RedisStrings::getdel),
          new Row("append", 3, RedisStrings::append),
          new Row("strlen", 2, RedisStrings::strlen),
          new Row("getrange", 4, RedisStrings::getrange),
          new Row("setrange", 4, RedisStrings::setrange),
          new Row("incr", 2, RedisStrings::incr),
          new Row("incrby", 3, RedisStrings::incrby),
          new Row("decr", 2, RedisStrings::decr),
          new Row("decrby", 3, RedisStrings::decrby),
          new Row("mget", -2, RedisStrings::mget),
          new Row("mset", -3, RedisStrings::mset),
          new Row("del", -2, RedisKeys::delete),
          new Row("unlink", -2, RedisKeys::delete),
          new Row("exists", -2, RedisKeys::exists),
          new Row("touch", -2, RedisKeys::exists),
          new Row("expire", -3, RedisKeys::expire),
          new Row("pexpire", -3, RedisKeys::pexpire),
          new Row("expireat", -3, RedisKeys::expireat),
          new Row("pexpireat", -3, RedisKeys::pexpireat),
          new Row("ttl", 2, RedisKeys::ttl),
          new Row("pttl", 2, RedisKeys::pttl),
          new Row("persist", 2, RedisKeys::persist),
          new Row("type", 2, RedisKeys::type),
          new Row("hset", -4, RedisHashes::hset),
          new Row("hget", 3, RedisHashes::hget),
          new Row("hdel", -3, RedisHashes::hdel),
          new Row("hgetall", 2, RedisHashes::hgetall),
          new Row("hlen", 2, RedisHashes::hlen),
          new Row("lpush", -3, RedisLists::lpush),
          new Row("rpush", -3, RedisLists::rpush),
          new Row("lpop", -2, RedisLists::lpop),
          new Row("rpop", -2, RedisLists::rpop),
          new Row("lrange", 4, RedisLists::lrange),
          new Row("llen", 2, RedisLists::llen),
          new Row("sadd", -3, RedisSets::sadd),
          new Row("srem", -3, RedisSets::srem),
          new Row("smembers", 2, RedisSets::smembers),
          new Row("scard", 2, RedisSets::scard),
          new Row("sismember", 3, RedisSets::sismember),
          new Row("ping", -1, RedisConnectionCommands::ping),
          new Row("echo", 2, RedisConnectionCommands::echo),
          new Row("select", 2, RedisConnectionCommands::select),
          new Row("eval", -3, RedisConnectionCommands::eval),
          new Row("auth", -2, RedisConnectionCommands::auth),
          new Row("quit", -1, RedisConnectionCommands::quit),
          new Row("command", -1, RedisConnectionCommands::command),
          new Row("config", -2, RedisConnectionCommands::config),
          new Row("flushall", -1, RedisConnectionCommands::flushall));

  private static final Map<String, Row> BY_NAME = new LinkedHashMap<>();

  /// The usual spellings, so that none has to be converted.
  private static final Map<Bytes, Row> BY_BYTES = new LinkedHashMap<>();

  static {
    for (Row row : ROWS) {
      BY_NAME.put(row.name, row);
      for (String spelling : List.of(row.name, row.name.toUpperCase(Locale.ROOT))) {
        BY_BYTES.put(new Bytes(spelling.getBytes(StandardCharsets.ISO_8859_1)), row);
      }
    }
  }

  private RedisCommands() {}

  static List<Row> rows() {
    return ROWS;
  }

  /// The row of a name in lower case; null if there is none.
  static Row find(String name) {
    return BY_NAME.get(name);
  }

  /// The row of a name in any case; null if there is none.
  static Row find(Bytes name) {
    Row row = BY_BYTES.get(name);
    return row != null ? row : find(name.toString().toLowerCase(Locale.ROOT));
  }

  /// Runs a command whose name and arity are right.
  @FunctionalInterface
  interface Handler {
    void run(RedisCall call);
  }

  /// One command.
  ///
  /// @param name in lower case, as error texts have it
  /// @param arity how many elements, name included; negative for at least so many
  record Row(String name, int arity, Handler handler) {
    boolean accepts(int elements) {
      return arity >= 0 ? elements == arity : elements >= -arity;
    }

    /// AUTH and QUIT work before authentication.
    boolean open() {
      return name.equals("auth") || name.equals("quit");
    }
  }
}
