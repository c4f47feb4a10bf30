package twemlab.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static twemlab.proxy.testing.ProxyUnderTest.redisPool;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.KeyValue;
import io.lettuce.core.LettuceFutures;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.protocol.ProtocolVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;
import twemlab.event.backend.Backend;
import twemlab.proxy.testing.ProxyUnderTest;
import twemlab.proxy.testing.SharedServers;

/// The client libraries that applications use, before real servers.
@ExtendWith(SharedServers.Extension.class)
class RedisClientsTest {
  private static final int LARGEST = 512 << 10;

  private static ProxyUnderTest start(SharedServers servers) {
    return ProxyUnderTest.start(redisPool(servers.redis())).amongForeignDescriptors();
  }

  private static Jedis jedis(ProxyUnderTest proxy, JedisClientConfig config) {
    return new Jedis(new HostAndPort("127.0.0.1", proxy.port()), config);
  }

  private static void everyCommand(Jedis jedis, String key) {
    String other = key + "other";
    assertThat(jedis.ping()).isEqualTo("PONG");
    assertThat(jedis.set(key, "1")).isEqualTo("OK");
    assertThat(jedis.get(key)).isEqualTo("1");
    assertThat(jedis.get(key + "none")).isNull();
    assertThat(jedis.incr(key)).isEqualTo(2);
    assertThat(jedis.exists(key)).isTrue();
    assertThat(jedis.expire(key, 100)).isEqualTo(1);
    assertThat(jedis.ttl(key)).isBetween(90L, 100L);
    assertThat(jedis.mset(key, "a", other, "b")).isEqualTo("OK");
    assertThat(jedis.mget(key, key + "none", other)).containsExactly("a", null, "b");
    assertThat(jedis.touch(key, other)).isEqualTo(2);
    assertThat(jedis.unlink(other)).isEqualTo(1);
    assertThat(jedis.del(key, other, key + "none")).isEqualTo(1);
  }

  @Test
  void jedisWithItsDefaultsAndWithResp2(SharedServers servers) {
    try (var proxy = start(servers)) {
      try (Jedis jedis = jedis(proxy, DefaultJedisClientConfig.builder().build())) {
        everyCommand(jedis, servers.key());
      }
      try (Jedis jedis = jedis(proxy, DefaultJedisClientConfig.builder().resp2().build())) {
        everyCommand(jedis, servers.key());
      }
    }
  }

  @Test
  void jedisWithAPassword(SharedServers servers) {
    // The shared servers have no password and would refuse the proxy's: only the client's is tried.
    try (var proxy =
        ProxyUnderTest.start(redisPool(servers.redis(), "redis_auth: secret"))
            .amongForeignDescriptors()) {
      for (var config :
          List.of(
              DefaultJedisClientConfig.builder().password("secret").build(),
              DefaultJedisClientConfig.builder().password("secret").resp2().build())) {
        try (Jedis jedis = jedis(proxy, config)) {
          assertThat(jedis.ping()).isEqualTo("PONG");
        }
      }
    }
  }

  @Test
  void jedisWithAThousandPipelinedRequests(SharedServers servers) {
    try (var proxy = start(servers);
        Jedis jedis = jedis(proxy, DefaultJedisClientConfig.builder().build())) {
      String key = servers.key();
      Pipeline pipeline = jedis.pipelined();
      List<Response<String>> values = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        pipeline.set(key + i, "v" + i);
        values.add(pipeline.get(key + i));
      }
      pipeline.sync();
      for (int i = 0; i < 500; i++) {
        assertThat(values.get(i).get()).isEqualTo("v" + i);
      }
      String[] keys = IntStream.range(0, 500).mapToObj(i -> key + i).toArray(String[]::new);
      assertThat(jedis.mget(keys))
          .isEqualTo(IntStream.range(0, 500).mapToObj(i -> "v" + i).toList());
      assertThat(jedis.del(keys)).isEqualTo(500);
    }
  }

  @Test
  void jedisWithValuesOfAllSizes(SharedServers servers) {
    try (var proxy = start(servers);
        Jedis jedis = jedis(proxy, DefaultJedisClientConfig.builder().build())) {
      byte[] key = servers.key().getBytes(US_ASCII);
      for (int size = 0; size <= LARGEST; size = size == 0 ? 1 : size * 2) {
        byte[] value = bytes(size);
        jedis.set(key, value);
        assertThat(jedis.get(key)).as("%d bytes", size).isEqualTo(value);
      }
    }
  }

  @Test
  void twoHundredJedisAtOnce(SharedServers servers) throws InterruptedException {
    try (var proxy = start(servers)) {
      String key = servers.key();
      List<Thread> threads = new ArrayList<>();
      List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
      for (int i = 0; i < 200; i++) {
        String own = key + i;
        threads.add(
            Thread.ofPlatform()
                .uncaughtExceptionHandler((_, e) -> failures.add(e))
                .start(
                    () -> {
                      try (Jedis jedis = jedis(proxy, DefaultJedisClientConfig.builder().build())) {
                        everyCommand(jedis, own);
                      }
                    }));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(failures).isEmpty();
    }
  }

  private static void everyCommand(RedisCommands<String, String> redis, String key) {
    String other = key + "other";
    assertThat(redis.ping()).isEqualTo("PONG");
    assertThat(redis.set(key, "1")).isEqualTo("OK");
    assertThat(redis.get(key)).isEqualTo("1");
    assertThat(redis.get(key + "none")).isNull();
    assertThat(redis.incr(key)).isEqualTo(2);
    assertThat(redis.exists(key)).isEqualTo(1);
    assertThat(redis.expire(key, 100)).isTrue();
    assertThat(redis.ttl(key)).isBetween(90L, 100L);
    assertThat(redis.mset(Map.of(key, "a", other, "b"))).isEqualTo("OK");
    assertThat(redis.mget(key, key + "none", other))
        .containsExactly(
            KeyValue.just(key, "a"), KeyValue.empty(key + "none"), KeyValue.just(other, "b"));
    assertThat(redis.del(key, other, key + "none")).isEqualTo(2);
  }

  /// Lettuce asks for RESP3 first unless it is told which protocol to speak.
  @ParameterizedTest
  @MethodSource("twemlab.proxy.testing.ProxyUnderTest#backends")
  void lettuceWithItsDefaultsAndWithResp2(Backend backend, SharedServers servers) {
    try (var proxy =
        ProxyUnderTest.start(backend, 16384, redisPool(servers.redis()))
            .amongForeignDescriptors()) {
      for (ProtocolVersion version : new ProtocolVersion[] {null, ProtocolVersion.RESP2}) {
        RedisClient client = lettuce(proxy, version);
        try (StatefulRedisConnection<String, String> connection = client.connect()) {
          everyCommand(connection.sync(), servers.key());
        } finally {
          client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
        }
      }
    }
  }

  private static RedisClient lettuce(ProxyUnderTest proxy, ProtocolVersion version) {
    RedisClient client = RedisClient.create(RedisURI.create("127.0.0.1", proxy.port()));
    ClientOptions.Builder options = ClientOptions.builder().autoReconnect(false);
    client.setOptions((version == null ? options : options.protocolVersion(version)).build());
    return client;
  }

  @Test
  void lettuceWithAThousandPipelinedRequestsOfAllSizes(SharedServers servers) {
    try (var proxy = start(servers)) {
      RedisClient client = lettuce(proxy, null);
      try (StatefulRedisConnection<byte[], byte[]> connection =
          client.connect(ByteArrayCodec.INSTANCE)) {
        connection.setAutoFlushCommands(false);
        byte[] key = servers.key().getBytes(US_ASCII);
        List<RedisFuture<?>> all = new ArrayList<>();
        List<RedisFuture<byte[]>> gets = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
          all.add(connection.async().set(key, new byte[size(i)]));
          gets.add(connection.async().get(key));
        }
        connection.flushCommands();
        all.addAll(gets);
        assertThat(LettuceFutures.awaitAll(20, TimeUnit.SECONDS, all.toArray(RedisFuture[]::new)))
            .isTrue();
        for (int i = 0; i < 500; i++) {
          assertThat(gets.get(i).toCompletableFuture().join()).hasSize(size(i));
        }
      } finally {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
      }
    }
  }

  private static int size(int i) {
    return i % 100 == 99 ? LARGEST : i * 7;
  }

  /// Every byte value, in a pattern that no power of two repeats.
  private static byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) (i * 31 + i / 251);
    }
    return bytes;
  }
}
