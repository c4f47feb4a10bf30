package twemlab.sim.workload;

import java.util.List;

/// What a [Workload] draws from.
///
/// @param protocol of the requests
/// @param keyPrefix the start of every key. Workloads that run at the same time need prefixes of
///   their own: what a key holds must depend on one client's requests alone
/// @param keys different keys, at least 16
/// @param keyLengthMax bytes of the longest keys; shorter ones are more frequent
/// @param sizes of values
/// @param mix which requests, how often
/// @param keysPerRequestMax keys of the widest multi-key request
/// @param noreplyPercent how many of the memcached requests that can say `noreply` do
/// @param pipelineMax requests of the longest [Workload#nextBatch]
public record WorkloadSettings(
    WireProtocol protocol,
    String keyPrefix,
    int keys,
    int keyLengthMax,
    List<Size> sizes,
    List<Mix> mix,
    int keysPerRequestMax,
    int noreplyPercent,
    int pipelineMax) {

  /// A range of value sizes in bytes, both ends included.
  public record Size(int weight, int from, int to) {}

  /// A kind of request and how often it comes: a template whose words are explained in
  /// [RequestWriter].
  public record Mix(int weight, String template) {}

  /// Mostly small values, a few that span mbufs of the default size.
  public static final List<Size> DEFAULT_SIZES =
      List.of(
          new Size(40, 0, 16),
          new Size(30, 17, 200),
          new Size(20, 200, 2_000),
          new Size(10, 2_000, 40_000));

  /// All that the proxy forwards and [twemlab.sim.model.redis.RedisModel] knows.
  public static final List<Mix> REDIS_MIX =
      List.of(
          new Mix(20, "GET t"),
          new Mix(20, "SET t v"),
          new Mix(3, "SET t v EX 1000000"),
          new Mix(2, "SET t v NX GET"),
          new Mix(2, "SET t v XX KEEPTTL"),
          new Mix(2, "SETEX t 1000000 v"),
          new Mix(2, "PSETEX t 1000000000 v"),
          new Mix(2, "SETNX t v"),
          new Mix(2, "GETSET t v"),
          new Mix(2, "GETDEL t"),
          new Mix(3, "APPEND t w"),
          new Mix(2, "STRLEN t"),
          new Mix(2, "GETRANGE t i i"),
          new Mix(2, "SETRANGE t i w"),
          new Mix(2, "SET n m"),
          new Mix(3, "INCR n"),
          new Mix(2, "INCRBY n i"),
          new Mix(2, "DECR n"),
          new Mix(2, "DECRBY n i"),
          new Mix(12, "MGET t.."),
          new Mix(10, "MSET t=v.."),
          new Mix(5, "DEL t.."),
          new Mix(2, "UNLINK t.."),
          new Mix(2, "TOUCH t.."),
          new Mix(2, "EXISTS t"),
          new Mix(2, "EXPIRE t 1000000"),
          new Mix(2, "PEXPIRE t 1000000000"),
          new Mix(2, "PERSIST t"),
          new Mix(2, "TYPE t"),
          new Mix(4, "HSET h f w"),
          new Mix(2, "HSET h f w f w"),
          new Mix(3, "HGET h f"),
          new Mix(2, "HDEL h f"),
          new Mix(3, "HGETALL h"),
          new Mix(1, "HLEN h"),
          new Mix(3, "LPUSH l w"),
          new Mix(3, "RPUSH l w w"),
          new Mix(4, "LPOP l"),
          new Mix(5, "RPOP l"),
          new Mix(2, "LRANGE l 0 i"),
          new Mix(1, "LLEN l"),
          new Mix(3, "SADD s f f"),
          new Mix(2, "SREM s f"),
          new Mix(2, "SMEMBERS s"),
          new Mix(1, "SCARD s"),
          new Mix(2, "SISMEMBER s f"),
          new Mix(2, "PING"));

  /// All that the proxy forwards and [twemlab.sim.model.memcached.MemcachedModel] knows.
  public static final List<Mix> MEMCACHED_MIX =
      List.of(
          new Mix(20, "get t"),
          new Mix(20, "get t.."),
          new Mix(6, "gets t.."),
          new Mix(30, "set t data"),
          new Mix(4, "add t data"),
          new Mix(4, "replace t data"),
          new Mix(3, "append t word"),
          new Mix(3, "prepend t word"),
          new Mix(3, "cas t other-cas"),
          new Mix(3, "set n number"),
          new Mix(4, "incr n i reply"),
          new Mix(4, "decr n i reply"),
          new Mix(4, "delete t reply"),
          new Mix(2, "touch t 1000000 reply"),
          new Mix(1, "touch t -1 reply"),
          new Mix(1, "version"));

  /// A mixed workload with all defaults.
  public static WorkloadSettings of(WireProtocol protocol, String keyPrefix) {
    List<Mix> mix = protocol == WireProtocol.REDIS ? REDIS_MIX : MEMCACHED_MIX;
    return new WorkloadSettings(protocol, keyPrefix, 100, 120, DEFAULT_SIZES, mix, 24, 10, 32);
  }

  /// The same with another mix.
  public WorkloadSettings withMix(List<Mix> other) {
    return new WorkloadSettings(
        protocol,
        keyPrefix,
        keys,
        keyLengthMax,
        sizes,
        other,
        keysPerRequestMax,
        noreplyPercent,
        pipelineMax);
  }

  /// The same with another start of all keys.
  public WorkloadSettings withKeyPrefix(String other) {
    return new WorkloadSettings(
        protocol,
        other,
        keys,
        keyLengthMax,
        sizes,
        mix,
        keysPerRequestMax,
        noreplyPercent,
        pipelineMax);
  }

  /// The same with other sizes of values.
  public WorkloadSettings withSizes(List<Size> other) {
    return new WorkloadSettings(
        protocol,
        keyPrefix,
        keys,
        keyLengthMax,
        other,
        mix,
        keysPerRequestMax,
        noreplyPercent,
        pipelineMax);
  }

  /// The same with another share of `noreply` requests.
  public WorkloadSettings withNoreplyPercent(int other) {
    return new WorkloadSettings(
        protocol, keyPrefix, keys, keyLengthMax, sizes, mix, keysPerRequestMax, other, pipelineMax);
  }

  /// The same with another number of keys in a request at most.
  public WorkloadSettings withKeysPerRequestMax(int other) {
    return new WorkloadSettings(
        protocol, keyPrefix, keys, keyLengthMax, sizes, mix, other, noreplyPercent, pipelineMax);
  }

  /// The same with another number of requests in flight at most.
  public WorkloadSettings withPipelineMax(int other) {
    return new WorkloadSettings(
        protocol,
        keyPrefix,
        keys,
        keyLengthMax,
        sizes,
        mix,
        keysPerRequestMax,
        noreplyPercent,
        other);
  }
}
