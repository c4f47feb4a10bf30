package twemlab.protocol;

import static twemlab.protocol.Arity.atLeast;
import static twemlab.protocol.Arity.exactly;
import static twemlab.protocol.Handling.FORWARD;
import static twemlab.protocol.Handling.LOCAL;
import static twemlab.protocol.Handling.REFUSE_AND_CLOSE;
import static twemlab.protocol.KeyShape.AFTER_NUMKEYS;
import static twemlab.protocol.KeyShape.EVERY;
import static twemlab.protocol.KeyShape.FIRST;
import static twemlab.protocol.KeyShape.NONE;
import static twemlab.protocol.KeyShape.PAIRS;

import java.util.Locale;

/// The redis commands: one row each, and the row is all there is to a command.
///
/// The 137 names of twemproxy 0.5.0 with its numbers of arguments (`redis_arg0` to `redis_argeval`,
/// nc_redis.c), and a few that the proxy answers or must refuse with care. A command that is not
/// here is refused as unknown. To add one, add its row.
@SuppressWarnings("ImmutableEnumChecker") // it does not see that the record Arity is immutable
public enum RedisCommand implements Command {
  // Connections.
  PING(NONE, exactly(1), LOCAL),
  QUIT(NONE, exactly(1), LOCAL),
  AUTH(FIRST, exactly(2), LOCAL),

  // Handshakes of client libraries, and questions about the server.
  ECHO(NONE, exactly(2), LOCAL),
  SELECT(NONE, exactly(2), LOCAL),
  HELLO(NONE, atLeast(1), LOCAL),
  CLIENT(NONE, atLeast(2), LOCAL),
  COMMAND(NONE, atLeast(1), LOCAL),
  INFO(NONE, atLeast(1), LOCAL),
  TIME(NONE, exactly(1), LOCAL),

  // Would change the state of the connection.
  MULTI(NONE, atLeast(1), REFUSE_AND_CLOSE),
  WATCH(NONE, atLeast(1), REFUSE_AND_CLOSE),
  SUBSCRIBE(NONE, atLeast(1), REFUSE_AND_CLOSE),
  PSUBSCRIBE(NONE, atLeast(1), REFUSE_AND_CLOSE),
  SSUBSCRIBE(NONE, atLeast(1), REFUSE_AND_CLOSE),
  MONITOR(NONE, atLeast(1), REFUSE_AND_CLOSE),
  RESET(NONE, atLeast(1), REFUSE_AND_CLOSE),

  // No key: the proxy chooses the server.
  LOLWUT(NONE, atLeast(1)),

  // A key, no argument.
  PERSIST(FIRST, exactly(2)),
  PTTL(FIRST, exactly(2)),
  TTL(FIRST, exactly(2)),
  TYPE(FIRST, exactly(2)),
  DUMP(FIRST, exactly(2)),
  DECR(FIRST, exactly(2)),
  GET(FIRST, exactly(2)),
  GETDEL(FIRST, exactly(2)),
  INCR(FIRST, exactly(2)),
  STRLEN(FIRST, exactly(2)),
  HGETALL(FIRST, exactly(2)),
  HKEYS(FIRST, exactly(2)),
  HLEN(FIRST, exactly(2)),
  HVALS(FIRST, exactly(2)),
  LLEN(FIRST, exactly(2)),
  SCARD(FIRST, exactly(2)),
  SMEMBERS(FIRST, exactly(2)),
  ZCARD(FIRST, exactly(2)),

  // A key, 1 argument.
  EXPIRE(FIRST, exactly(3)),
  EXPIREAT(FIRST, exactly(3)),
  PEXPIRE(FIRST, exactly(3)),
  PEXPIREAT(FIRST, exactly(3)),
  APPEND(FIRST, exactly(3)),
  DECRBY(FIRST, exactly(3)),
  GETBIT(FIRST, exactly(3)),
  GETSET(FIRST, exactly(3)),
  INCRBY(FIRST, exactly(3)),
  INCRBYFLOAT(FIRST, exactly(3)),
  SETNX(FIRST, exactly(3)),
  HEXISTS(FIRST, exactly(3)),
  HGET(FIRST, exactly(3)),
  HSTRLEN(FIRST, exactly(3)),
  LINDEX(FIRST, exactly(3)),
  RPOPLPUSH(FIRST, exactly(3)),
  SISMEMBER(FIRST, exactly(3)),
  ZRANK(FIRST, exactly(3)),
  ZREVRANK(FIRST, exactly(3)),
  ZSCORE(FIRST, exactly(3)),
  MOVE(FIRST, exactly(3)),

  // A key, 2 arguments.
  GETRANGE(FIRST, exactly(4)),
  PSETEX(FIRST, exactly(4)),
  SETBIT(FIRST, exactly(4)),
  SETEX(FIRST, exactly(4)),
  SETRANGE(FIRST, exactly(4)),
  HINCRBY(FIRST, exactly(4)),
  HINCRBYFLOAT(FIRST, exactly(4)),
  HSETNX(FIRST, exactly(4)),
  LRANGE(FIRST, exactly(4)),
  LREM(FIRST, exactly(4)),
  LSET(FIRST, exactly(4)),
  LTRIM(FIRST, exactly(4)),
  SMOVE(FIRST, exactly(4)),
  ZCOUNT(FIRST, exactly(4)),
  ZLEXCOUNT(FIRST, exactly(4)),
  ZINCRBY(FIRST, exactly(4)),
  ZREMRANGEBYLEX(FIRST, exactly(4)),
  ZREMRANGEBYRANK(FIRST, exactly(4)),
  ZREMRANGEBYSCORE(FIRST, exactly(4)),

  // A key, 3 arguments.
  LINSERT(FIRST, exactly(5)),
  LMOVE(FIRST, exactly(5)),

  // A key and any number of arguments; the server says whether it takes them.
  SORT(FIRST, atLeast(2)),
  COPY(FIRST, atLeast(2)),
  BITCOUNT(FIRST, atLeast(2)),
  BITPOS(FIRST, atLeast(2)),
  BITFIELD(FIRST, atLeast(2)),
  EXISTS(FIRST, atLeast(2)),
  GETEX(FIRST, atLeast(2)),
  SET(FIRST, atLeast(2)),
  HDEL(FIRST, atLeast(2)),
  HMGET(FIRST, atLeast(2)),
  HMSET(FIRST, atLeast(2)),
  HSCAN(FIRST, atLeast(2)),
  HSET(FIRST, atLeast(2)),
  HRANDFIELD(FIRST, atLeast(2)),
  LPUSH(FIRST, atLeast(2)),
  LPUSHX(FIRST, atLeast(2)),
  RPUSH(FIRST, atLeast(2)),
  RPUSHX(FIRST, atLeast(2)),
  LPOP(FIRST, atLeast(2)),
  RPOP(FIRST, atLeast(2)),
  LPOS(FIRST, atLeast(2)),
  SADD(FIRST, atLeast(2)),
  SDIFF(FIRST, atLeast(2)),
  SDIFFSTORE(FIRST, atLeast(2)),
  SINTER(FIRST, atLeast(2)),
  SINTERSTORE(FIRST, atLeast(2)),
  SREM(FIRST, atLeast(2)),
  SUNION(FIRST, atLeast(2)),
  SUNIONSTORE(FIRST, atLeast(2)),
  SRANDMEMBER(FIRST, atLeast(2)),
  SSCAN(FIRST, atLeast(2)),
  SPOP(FIRST, atLeast(2)),
  SMISMEMBER(FIRST, atLeast(2)),
  PFADD(FIRST, atLeast(2)),
  PFMERGE(FIRST, atLeast(2)),
  PFCOUNT(FIRST, atLeast(2)),
  ZADD(FIRST, atLeast(2)),
  ZDIFF(FIRST, atLeast(2)),
  ZDIFFSTORE(FIRST, atLeast(2)),
  ZINTER(FIRST, atLeast(2)),
  ZINTERSTORE(FIRST, atLeast(2)),
  ZMSCORE(FIRST, atLeast(2)),
  ZPOPMAX(FIRST, atLeast(2)),
  ZPOPMIN(FIRST, atLeast(2)),
  ZRANDMEMBER(FIRST, atLeast(2)),
  ZRANGE(FIRST, atLeast(2)),
  ZRANGEBYLEX(FIRST, atLeast(2)),
  ZRANGEBYSCORE(FIRST, atLeast(2)),
  ZRANGESTORE(FIRST, atLeast(2)),
  ZREM(FIRST, atLeast(2)),
  ZREVRANGE(FIRST, atLeast(2)),
  ZREVRANGEBYLEX(FIRST, atLeast(2)),
  ZREVRANGEBYSCORE(FIRST, atLeast(2)),
  ZSCAN(FIRST, atLeast(2)),
  ZUNION(FIRST, atLeast(2)),
  ZUNIONSTORE(FIRST, atLeast(2)),
  GEODIST(FIRST, atLeast(2)),
  GEOPOS(FIRST, atLeast(2)),
  GEOHASH(FIRST, atLeast(2)),
  GEOADD(FIRST, atLeast(2)),
  GEORADIUS(FIRST, atLeast(2)),
  GEORADIUSBYMEMBER(FIRST, atLeast(2)),
  GEOSEARCH(FIRST, atLeast(2)),
  GEOSEARCHSTORE(FIRST, atLeast(2)),
  RESTORE(FIRST, atLeast(2)),

  // Several keys: divided among the servers.
  MGET(EVERY, atLeast(2), FanOut.KEYS, Gather.ARRAY),
  DEL(EVERY, atLeast(2), FanOut.KEYS, Gather.SUM),
  UNLINK(EVERY, atLeast(2), FanOut.KEYS, Gather.SUM),
  TOUCH(EVERY, atLeast(2), FanOut.KEYS, Gather.SUM),
  MSET(PAIRS, atLeast(3), FanOut.PAIRS, Gather.STATUS),

  // Scripts.
  EVAL(AFTER_NUMKEYS, atLeast(4), Author.SCRIPT),
  EVALSHA(AFTER_NUMKEYS, atLeast(4), Author.SCRIPT);

  private final String wireName = name().toLowerCase(Locale.ROOT);
  private final KeyShape keyShape;
  private final Arity arity;
  private final Handling handling;
  private final FanOut fanOut;
  private final Gather gather;
  private final Author author;

  RedisCommand(KeyShape keyShape, Arity arity) {
    this(keyShape, arity, FORWARD, FanOut.NONE, Gather.NONE, Author.SERVER);
  }

  RedisCommand(KeyShape keyShape, Arity arity, Author author) {
    this(keyShape, arity, FORWARD, FanOut.NONE, Gather.NONE, author);
  }

  RedisCommand(KeyShape keyShape, Arity arity, Handling handling) {
    this(keyShape, arity, handling, FanOut.NONE, Gather.NONE, Author.SERVER);
  }

  RedisCommand(KeyShape keyShape, Arity arity, FanOut fanOut, Gather gather) {
    this(keyShape, arity, FORWARD, fanOut, gather, Author.SERVER);
  }

  RedisCommand(
      KeyShape keyShape,
      Arity arity,
      Handling handling,
      FanOut fanOut,
      Gather gather,
      Author author) {
    this.keyShape = keyShape;
    this.arity = arity;
    this.handling = handling;
    this.fanOut = fanOut;
    this.gather = gather;
    this.author = author;
  }

  @Override
  public String wireName() {
    return wireName;
  }

  @Override
  public Arity arity() {
    return arity;
  }

  @Override
  public KeyShape keyShape() {
    return keyShape;
  }

  @Override
  public FanOut fanOut() {
    return fanOut;
  }

  @Override
  public Gather gather() {
    return gather;
  }

  @Override
  public Handling handling() {
    return handling;
  }

  @Override
  public Author author() {
    return author;
  }

  /// Whether a request of `elements` elements, the name included, is one of this command.
  boolean accepts(int elements) {
    return arity.accepts(elements) && (keyShape != PAIRS || elements % 2 == 1);
  }
}
