package twemlab.sim.run.differential;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// nutcracker's 137 redis commands, written down once more: the proxy's own table is what is
/// tested.
final class RedisTable {
  /// Where a command's keys stand.
  enum Shape {
    NONE,
    LOCAL,
    FIRST,
    KEYS,
    PAIRS,
    SCRIPT
  }

  /// A command.
  ///
  /// @param arguments the number behind the name, or the least number if `more`
  record Row(String name, Shape shape, int arguments, boolean more) {
    boolean takes(int elements) {
      int given = elements - 1;
      boolean enough = more ? given >= arguments : given == arguments;
      return enough && (shape != Shape.PAIRS || given % 2 == 0);
    }
  }

  /// Commands that ours answers with a reason for not doing them, or with what is true without one.
  static final Set<String> REFUSED =
      Set.of(
          "multi",
          "watch",
          "exec",
          "discard",
          "unwatch",
          "reset",
          "subscribe",
          "psubscribe",
          "ssubscribe",
          "monitor",
          "blpop",
          "brpoplpush",
          "migrate",
          "flushall");

  /// Commands of which ours takes more arguments than nutcracker.
  static final Set<String> MORE_IN_OURS =
      Set.of(
          "ping",
          "quit",
          "auth",
          "expire",
          "expireat",
          "pexpire",
          "pexpireat",
          "zrank",
          "zrevrank");

  /// Commands that ours answers and nutcracker does not know.
  static final Set<String> LOCAL =
      Set.of("echo", "select", "client", "command", "info", "time", "hello");

  private static final Map<String, Row> ROWS = new HashMap<>();

  static {
    add(Shape.LOCAL, 0, false, "ping quit command");
    add(Shape.NONE, 0, true, "lolwut");
    add(
        Shape.FIRST,
        1,
        false,
        "auth persist pttl ttl type dump decr get getdel incr strlen hgetall hkeys hlen hvals llen"
            + " scard smembers zcard");
    add(
        Shape.FIRST,
        2,
        false,
        "expire expireat pexpire pexpireat append decrby getbit getset incrby incrbyfloat setnx"
            + " hexists hget hstrlen lindex rpoplpush sismember zrank zrevrank zscore move");
    add(
        Shape.FIRST,
        3,
        false,
        "getrange psetex setbit setex setrange hincrby hincrbyfloat hsetnx lrange lrem lset ltrim"
            + " smove zcount zlexcount zincrby zremrangebylex zremrangebyrank zremrangebyscore");
    add(Shape.FIRST, 4, false, "linsert lmove");
    add(
        Shape.FIRST,
        1,
        true,
        "sort copy bitcount bitpos bitfield exists getex set hdel hmget hmset hscan hset hrandfield"
            + " lpush lpushx rpush rpushx lpop rpop lpos sadd sdiff sdiffstore sinter sinterstore"
            + " srem sunion sunionstore srandmember sscan spop smismember pfadd pfmerge pfcount"
            + " zadd zdiff zdiffstore zinter zinterstore zmscore zpopmax zpopmin zrandmember"
            + " zrange zrangebylex zrangebyscore zrangestore zrem zrevrange zrevrangebylex"
            + " zrevrangebyscore zscan zunion zunionstore geodist geopos geohash geoadd georadius"
            + " georadiusbymember geosearch geosearchstore restore");
    add(Shape.KEYS, 1, true, "mget del unlink touch");
    add(Shape.PAIRS, 2, true, "mset");
    add(Shape.SCRIPT, 3, true, "eval evalsha");
  }

  private RedisTable() {}

  private static void add(Shape shape, int arguments, boolean more, String names) {
    for (String name : names.split(" ", -1)) {
      ROWS.put(name, new Row(name, shape, arguments, more));
    }
  }

  /// The row of a name in lower case, or null.
  static Row find(String name) {
    return ROWS.get(name);
  }

  /// All rows, in the order of their names.
  static List<Row> rows() {
    return ROWS.keySet().stream().sorted().map(ROWS::get).toList();
  }
}
