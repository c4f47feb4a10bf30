package twemlab.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static twemlab.proxy.testing.ProxyUnderTest.memcachedPool;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.rubyeye.xmemcached.GetsResponse;
import net.rubyeye.xmemcached.XMemcachedClientBuilder;
import net.rubyeye.xmemcached.transcoders.SerializingTranscoder;
import net.spy.memcached.AddrUtil;
import net.spy.memcached.CASResponse;
import net.spy.memcached.ConnectionFactoryBuilder;
import net.spy.memcached.MemcachedClient;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import twemlab.event.backend.Backend;
import twemlab.proxy.testing.ProxyUnderTest;
import twemlab.proxy.testing.SharedServers;

/// The client libraries that applications use, before real servers, in the text protocol.
@ExtendWith(SharedServers.Extension.class)
class MemcachedClientsTest {
  private static final int LARGEST = 512 << 10;

  @BeforeAll
  static void quiet() {
    System.setProperty("net.spy.log.LoggerImpl", "net.spy.memcached.compat.log.SLF4JLogger");
  }

  private static MemcachedClient spy(ProxyUnderTest proxy) throws Exception {
    var factory =
        new ConnectionFactoryBuilder()
            .setProtocol(ConnectionFactoryBuilder.Protocol.TEXT)
            .setOpTimeout(10_000)
            .build();
    return new MemcachedClient(factory, AddrUtil.getAddresses("127.0.0.1:" + proxy.port()));
  }

  private static net.rubyeye.xmemcached.MemcachedClient xmemcached(ProxyUnderTest proxy)
      throws Exception {
    var builder =
        new XMemcachedClientBuilder(
            List.of(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), proxy.port())));
    var transcoder = new SerializingTranscoder(4 << 20);
    transcoder.setCompressionThreshold(4 << 20);
    builder.setTranscoder(transcoder);
    builder.setOpTimeout(10_000);
    return builder.build();
  }

  @ParameterizedTest
  @MethodSource("twemlab.proxy.testing.ProxyUnderTest#backends")
  void everyCommandOfSpymemcached(Backend backend, SharedServers servers) throws Exception {
    try (var proxy =
        ProxyUnderTest.start(backend, 16384, memcachedPool(servers.memcached()))
            .amongForeignDescriptors()) {
      MemcachedClient client = spy(proxy);
      try {
        String key = servers.key();
        assertThat(client.set(key, 100, "b").get()).isTrue();
        assertThat(client.add(key, 100, "x").get()).isFalse();
        assertThat(client.replace(key, 100, "b").get()).isTrue();
        assertThat(client.replace(key + "none", 100, "b").get()).isFalse();
        assertThat(client.append(key, "c").get()).isTrue();
        assertThat(client.prepend(key, "a").get()).isTrue();
        assertThat(client.get(key)).isEqualTo("abc");
        long unique = client.gets(key).getCas();
        assertThat(client.cas(key, unique, "new")).isEqualTo(CASResponse.OK);
        assertThat(client.cas(key, unique, "old")).isEqualTo(CASResponse.EXISTS);
        assertThat(client.touch(key, 100).get()).isTrue();
        assertThat(client.set(key + "n", 100, "5").get()).isTrue();
        assertThat(client.incr(key + "n", 3)).isEqualTo(8);
        assertThat(client.decr(key + "n", 2)).isEqualTo(6);
        assertThat(client.incr(key + "none", 1)).isEqualTo(-1);
        assertThat(client.getBulk(key, key + "n", key + "none"))
            .isEqualTo(Map.of(key, "new", key + "n", "6"));
        assertThat(client.delete(key).get()).isTrue();
        assertThat(client.delete(key).get()).isFalse();
        assertThat(client.get(key)).isNull();
        assertThat(client.getVersions().values()).allMatch(version -> !version.isEmpty());
      } finally {
        client.shutdown();
      }
    }
  }

  @Test
  void everyCommandOfXmemcached(SharedServers servers) throws Exception {
    try (var proxy =
        ProxyUnderTest.start(memcachedPool(servers.memcached())).amongForeignDescriptors()) {
      var client = xmemcached(proxy);
      try {
        String key = servers.key();
        assertThat(client.set(key, 100, "b")).isTrue();
        assertThat(client.add(key, 100, "x")).isFalse();
        assertThat(client.replace(key, 100, "b")).isTrue();
        assertThat(client.append(key, "c")).isTrue();
        assertThat(client.prepend(key, "a")).isTrue();
        GetsResponse<String> gets = client.gets(key);
        assertThat(gets.getValue()).isEqualTo("abc");
        assertThat(client.cas(key, 100, "new", gets.getCas())).isTrue();
        assertThat(client.cas(key, 100, "old", gets.getCas())).isFalse();
        assertThat(client.touch(key, 100)).isTrue();
        client.setWithNoReply(key + "n", 100, "5");
        assertThat(client.incr(key + "n", 3)).isEqualTo(8);
        assertThat(client.decr(key + "n", 2)).isEqualTo(6);
        assertThat(client.<String>get(List.of(key, key + "n", key + "none")))
            .isEqualTo(Map.of(key, "new", key + "n", "6"));
        assertThat(client.delete(key)).isTrue();
        assertThat(client.<String>get(key)).isNull();
      } finally {
        client.shutdown();
      }
    }
  }

  @Test
  void valuesOfAllSizes(SharedServers servers) throws Exception {
    try (var proxy =
        ProxyUnderTest.start(memcachedPool(servers.memcached())).amongForeignDescriptors()) {
      var client = xmemcached(proxy);
      try {
        String key = servers.key();
        for (int size = 0; size <= LARGEST; size = size == 0 ? 1 : size * 2) {
          byte[] value = bytes(size);
          assertThat(client.set(key, 100, value)).isTrue();
          assertThat(client.<byte[]>get(key)).as("%d bytes", size).isEqualTo(value);
        }
      } finally {
        client.shutdown();
      }
    }
  }

  @Test
  void aThousandRequestsUnderWayAndAMultiGetOverAllServers(SharedServers servers) throws Exception {
    try (var proxy =
        ProxyUnderTest.start(memcachedPool(servers.memcached())).amongForeignDescriptors()) {
      MemcachedClient client = spy(proxy);
      try {
        String key = servers.key();
        List<Future<Boolean>> sets = new ArrayList<>();
        List<Future<Object>> gets = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
          sets.add(client.set(key + "." + i, 100, "v" + i));
          gets.add(client.asyncGet(key + "." + i));
        }
        for (int i = 0; i < 500; i++) {
          assertThat(sets.get(i).get(10, TimeUnit.SECONDS)).isTrue();
          assertThat(gets.get(i).get(10, TimeUnit.SECONDS)).isEqualTo("v" + i);
        }
        assertThat(client.getBulk(IntStream.range(0, 500).mapToObj(i -> key + "." + i).toList()))
            .isEqualTo(
                IntStream.range(0, 500)
                    .boxed()
                    .collect(Collectors.toMap(i -> key + "." + i, i -> "v" + i)));
      } finally {
        client.shutdown();
      }
    }
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
