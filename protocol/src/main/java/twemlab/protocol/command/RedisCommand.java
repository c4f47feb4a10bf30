package twemlab.protocol.command;

import static twemlab.protocol.command.Arity.atLeast;
import static twemlab.protocol.command.Arity.exactly;
import static twemlab.protocol.command.Handling.ADMINISTER;
import static twemlab.protocol.command.Handling.FORWARD;
import static twemlab.protocol.command.Handling.LOCAL;
import static twemlab.protocol.command.Handling.REFUSE;
import static twemlab.protocol.command.KeyShape.AFTER_NUMKEYS;
import static twemlab.protocol.command.KeyShape.COUNTED;
import static twemlab.protocol.command.KeyShape.EVERY;
import static twemlab.protocol.command.KeyShape.FIRST;
import static twemlab.protocol.command.KeyShape.FROM_SECOND;
import static twemlab.protocol.command.KeyShape.NONE;
import static twemlab.protocol.command.KeyShape.PAIRS;
import static twemlab.protocol.command.KeyShape.SECOND;
import static twemlab.protocol.command.KeyShape.TWO;
import static twemlab.protocol.command.Obstacle.BLOCKING;
import static twemlab.protocol.command.Obstacle.HIDDEN_KEYS;
import static twemlab.protocol.command.Obstacle.ONE_SERVER;
import static twemlab.protocol.command.Obstacle.SUBSCRIPTION;
import static twemlab.protocol.command.Obstacle.TRANSACTION;

import java.util.Locale;

/// The redis commands: one row each, and the row is all there is to a command.
///
/// The 137 names of twemproxy 0.5.0, with redis 7's numbers of arguments where those are larger
/// than twemproxy's (`redis_arg0` to `redis_argeval`, nc_redis.c), the data commands that redis and
/// valkey have besides, and those that the proxy answers or refuses with a reason. A command that
/// is not here is refused as unknown. To add one, add its row.
@SuppressWarnings("ImmutableEnumChecker") // it does not see that the record Arity is immutable
public enum RedisCommand implements Command {
  // Connections.
  PING(NONE, new Arity(1, 2), LOCAL),
  QUIT(NONE, atLeast(1), LOCAL),
  AUTH(FIRST, new Arity(2, 3), LOCAL),

  // Handshakes of client libraries, and questions about the server.
  ECHO(NONE, exactly(2), LOCAL),
  SELECT(NONE, exactly(2), LOCAL),
  HELLO(NONE, atLeast(1), LOCAL),
  CLIENT(NONE, atLeast(2), LOCAL),
  COMMAND(NONE, atLeast(1), LOCAL),
  INFO(NONE, atLeast(1), LOCAL),
  TIME(NONE, exactly(1), LOCAL),
  RESET(NONE, exactly(1), LOCAL),

  // Transactions: a refused one is answered to its end.
  MULTI(NONE, exactly(1), LOCAL),
  EXEC(NONE, exactly(1), LOCAL),
  DISCARD(NONE, exactly(1), LOCAL),
  UNWATCH(NONE, exactly(1), LOCAL),
  WATCH(atLeast(2), TRANSACTION),

  // What cannot be done on a server connection that is shared.
  SUBSCRIBE(atLeast(2), SUBSCRIPTION),
  PSUBSCRIBE(atLeast(2), SUBSCRIPTION),
  SSUBSCRIBE(atLeast(2), SUBSCRIPTION),
  UNSUBSCRIBE(atLeast(1), SUBSCRIPTION),
  PUNSUBSCRIBE(atLeast(1), SUBSCRIPTION),
  SUNSUBSCRIBE(atLeast(1), SUBSCRIPTION),
  PUBSUB(atLeast(2), SUBSCRIPTION),
  MONITOR(exactly(1), SUBSCRIPTION),
  BLPOP(atLeast(3), BLOCKING),
  BRPOP(atLeast(3), BLOCKING),
  BRPOPLPUSH(exactly(4), BLOCKING),
  BLMOVE(exactly(6), BLOCKING),
  BLMPOP(atLeast(5), BLOCKING),
  BZPOPMIN(atLeast(3), BLOCKING),
  BZPOPMAX(atLeast(3), BLOCKING),
  BZMPOP(atLeast(5), BLOCKING),
  WAIT(exactly(3), BLOCKING),
  WAITAOF(exactly(4), BLOCKING),
  XREAD(atLeast(4), HIDDEN_KEYS),
  XREADGROUP(atLeast(7), HIDDEN_KEYS),
  MIGRATE(atLeast(6), HIDDEN_KEYS),

  // What is said to one server.
  ACL(atLeast(2), ONE_SERVER),
  BGREWRITEAOF(exactly(1), ONE_SERVER),
  BGSAVE(atLeast(1), ONE_SERVER),
  DEBUG(atLeast(2), ONE_SERVER),
  FAILOVER(atLeast(1), ONE_SERVER),
  LASTSAVE(exactly(1), ONE_SERVER),
  LATENCY(atLeast(2), ONE_SERVER),
  PFDEBUG(exactly(3), ONE_SERVER),
  PFSELFTEST(exactly(1), ONE_SERVER),
  PSYNC(atLeast(3), ONE_SERVER),
  REPLCONF(atLeast(1), ONE_SERVER),
  REPLICAOF(exactly(3), ONE_SERVER),
  ROLE(exactly(1), ONE_SERVER),
  SAVE(exactly(1), ONE_SERVER),
  SHUTDOWN(atLeast(1), ONE_SERVER),
  SLAVEOF(exactly(3), ONE_SERVER),
  SLOWLOG(atLeast(2), ONE_SERVER),
  SWAPDB(exactly(3), ONE_SERVER),
  SYNC(exactly(1), ONE_SERVER),

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
  EXPIRETIME(FIRST, exactly(2)),
  PEXPIRETIME(FIRST, exactly(2)),
  XLEN(FIRST, exactly(2)),
  DIGEST(FIRST, exactly(2)),
  VCARD(FIRST, exactly(2)),
  VDIM(FIRST, exactly(2)),
  VINFO(FIRST, exactly(2)),

  // A key, 1 argument.
  EXPIRE(FIRST, atLeast(3)),
  EXPIREAT(FIRST, atLeast(3)),
  PEXPIRE(FIRST, atLeast(3)),
  PEXPIREAT(FIRST, atLeast(3)),
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
  ZRANK(FIRST, atLeast(3)),
  ZREVRANK(FIRST, atLeast(3)),
  ZSCORE(FIRST, exactly(3)),
  MOVE(FIRST, exactly(3)),
  PUBLISH(FIRST, exactly(3)),
  SPUBLISH(FIRST, exactly(3)),
  DELIFEQ(FIRST, exactly(3)),
  VGETATTR(FIRST, exactly(3)),
  VISMEMBER(FIRST, exactly(3)),
  VREM(FIRST, exactly(3)),

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
  SUBSTR(FIRST, exactly(4)),
  VSETATTR(FIRST, exactly(4)),

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
  SORT_RO(FIRST, atLeast(2)),
  BITFIELD_RO(FIRST, atLeast(2)),
  GEORADIUS_RO(FIRST, atLeast(6)),
  GEORADIUSBYMEMBER_RO(FIRST, atLeast(5)),
  DELEX(FIRST, atLeast(2)),
  HEXPIRE(FIRST, atLeast(6)),
  HPEXPIRE(FIRST, atLeast(6)),
  HEXPIREAT(FIRST, atLeast(6)),
  HPEXPIREAT(FIRST, atLeast(6)),
  HTTL(FIRST, atLeast(5)),
  HPTTL(FIRST, atLeast(5)),
  HEXPIRETIME(FIRST, atLeast(5)),
  HPEXPIRETIME(FIRST, atLeast(5)),
  HPERSIST(FIRST, atLeast(5)),
  HGETDEL(FIRST, atLeast(5)),
  HGETEX(FIRST, atLeast(5)),
  HSETEX(FIRST, atLeast(6)),
  XADD(FIRST, atLeast(5)),
  XRANGE(FIRST, atLeast(4)),
  XREVRANGE(FIRST, atLeast(4)),
  XDEL(FIRST, atLeast(3)),
  XDELEX(FIRST, atLeast(5)),
  XTRIM(FIRST, atLeast(4)),
  XACK(FIRST, atLeast(4)),
  XACKDEL(FIRST, atLeast(6)),
  XPENDING(FIRST, atLeast(3)),
  XCLAIM(FIRST, atLeast(6)),
  XAUTOCLAIM(FIRST, atLeast(6)),
  XSETID(FIRST, atLeast(3)),
  XCFGSET(FIRST, atLeast(2)),
  VADD(FIRST, atLeast(5)),
  VEMB(FIRST, atLeast(3)),
  VLINKS(FIRST, atLeast(3)),
  VRANDMEMBER(FIRST, atLeast(2)),
  VRANGE(FIRST, atLeast(4)),
  VSIM(FIRST, atLeast(4)),

  // A subcommand, and a key unless it is HELP.
  OBJECT(SECOND, atLeast(2)),
  XGROUP(SECOND, atLeast(2)),
  XINFO(SECOND, atLeast(2)),

  // Several keys: divided among the servers.
  MGET(EVERY, atLeast(2), FanOut.KEYS, Gather.ARRAY),
  DEL(EVERY, atLeast(2), FanOut.KEYS, Gather.SUM),
  UNLINK(EVERY, atLeast(2), FanOut.KEYS, Gather.SUM),
  TOUCH(EVERY, atLeast(2), FanOut.KEYS, Gather.SUM),
  MSET(PAIRS, atLeast(3), FanOut.PAIRS, Gather.STATUS),

  // No key: every server is asked.
  DBSIZE(NONE, exactly(1), FanOut.ALL, Gather.SUM),
  KEYS(NONE, exactly(2), FanOut.ALL, Gather.CONCATENATION),
  RANDOMKEY(NONE, exactly(1), FanOut.ALL, Gather.ANY),
  FLUSHALL(atLeast(1), FanOut.ALL, Gather.STATUS),
  FLUSHDB(atLeast(1), FanOut.ALL, Gather.STATUS),

  // Several keys that one server must own.
  RENAME(TWO, exactly(3), FanOut.TOGETHER),
  RENAMENX(TWO, exactly(3), FanOut.TOGETHER),
  LCS(TWO, atLeast(3), FanOut.TOGETHER),
  MSETNX(PAIRS, atLeast(3), FanOut.TOGETHER),
  BITOP(FROM_SECOND, atLeast(4), FanOut.TOGETHER),
  SINTERCARD(COUNTED, atLeast(3), FanOut.TOGETHER),
  ZINTERCARD(COUNTED, atLeast(3), FanOut.TOGETHER),
  LMPOP(COUNTED, atLeast(4), FanOut.TOGETHER),
  ZMPOP(COUNTED, atLeast(4), FanOut.TOGETHER),

  // Scripts: the first key alone decides the route, as in twemproxy; without a key, any server.
  EVAL(AFTER_NUMKEYS, atLeast(3), Author.SCRIPT),
  EVALSHA(AFTER_NUMKEYS, atLeast(3), Author.SCRIPT),
  EVAL_RO(AFTER_NUMKEYS, atLeast(3), Author.SCRIPT),
  EVALSHA_RO(AFTER_NUMKEYS, atLeast(3), Author.SCRIPT),
  FCALL(AFTER_NUMKEYS, atLeast(3), Author.SCRIPT),
  FCALL_RO(AFTER_NUMKEYS, atLeast(3), Author.SCRIPT);

  private final String wireName = name().toLowerCase(Locale.ROOT);
  private final KeyShape keyShape;
  private final Arity arity;
  private final Handling handling;
  private final FanOut fanOut;
  private final Gather gather;
  private final Author author;
  private final Obstacle obstacle;

  RedisCommand(KeyShape keyShape, Arity arity) {
    this(keyShape, arity, FORWARD, FanOut.NONE, Gather.NONE, Author.SERVER, Obstacle.NONE);
  }

  RedisCommand(KeyShape keyShape, Arity arity, Author author) {
    this(keyShape, arity, FORWARD, FanOut.NONE, Gather.NONE, author, Obstacle.NONE);
  }

  RedisCommand(KeyShape keyShape, Arity arity, Handling handling) {
    this(keyShape, arity, handling, FanOut.NONE, Gather.NONE, Author.SERVER, Obstacle.NONE);
  }

  RedisCommand(KeyShape keyShape, Arity arity, FanOut fanOut) {
    this(keyShape, arity, FORWARD, fanOut, Gather.NONE, Author.SERVER, Obstacle.NONE);
  }

  RedisCommand(KeyShape keyShape, Arity arity, FanOut fanOut, Gather gather) {
    this(keyShape, arity, FORWARD, fanOut, gather, Author.SERVER, Obstacle.NONE);
  }

  RedisCommand(Arity arity, FanOut fanOut, Gather gather) {
    this(NONE, arity, ADMINISTER, fanOut, gather, Author.SERVER, Obstacle.NONE);
  }

  RedisCommand(Arity arity, Obstacle obstacle) {
    this(NONE, arity, REFUSE, FanOut.NONE, Gather.NONE, Author.SERVER, obstacle);
  }

  RedisCommand(
      KeyShape keyShape,
      Arity arity,
      Handling handling,
      FanOut fanOut,
      Gather gather,
      Author author,
      Obstacle obstacle) {
    this.keyShape = keyShape;
    this.arity = arity;
    this.handling = handling;
    this.fanOut = fanOut;
    this.gather = gather;
    this.author = author;
    this.obstacle = obstacle;
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

  /// Why the proxy cannot do it; [Obstacle#NONE] unless it is refused.
  public Obstacle obstacle() {
    return obstacle;
  }

  /// Whether a request of `elements` elements, the name included, is one of this command.
  public boolean accepts(int elements) {
    return arity.accepts(elements) && (keyShape != PAIRS || elements % 2 == 1);
  }
}
