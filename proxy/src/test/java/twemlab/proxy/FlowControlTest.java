package twemlab.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static twemlab.proxy.testing.ProxyUnderTest.memcachedPool;
import static twemlab.proxy.testing.ProxyUnderTest.redisPool;
import static twemlab.proxy.testing.RawClient.resp;

import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import twemlab.event.backend.Backend;
import twemlab.proxy.stats.ServerField;
import twemlab.proxy.testing.ProxyUnderTest;
import twemlab.proxy.testing.RawClient;
import twemlab.proxy.testing.ScriptedServer;
import twemlab.proxy.testing.SharedServers;

/// Memory is bounded, whatever clients do.
@ExtendWith(SharedServers.Extension.class)
class FlowControlTest {
  private static final long MIB = 1 << 20;

  /// A client may have a mebibyte of requests and undelivered replies outstanding before it is not
  /// read from any more; what is then under way comes on top, in whole mbufs.
  private static final long BOUND = 8 * MIB;

  @ParameterizedTest
  @MethodSource("twemlab.proxy.testing.ProxyUnderTest#backends")
  void aClientThatPipelinesWithoutReadingIsBoundedAndThenGetsEverything(
      Backend backend, SharedServers servers) throws Exception {
    int requests = 200_000;
    String padding = "-".repeat(300);
    try (var proxy = ProxyUnderTest.start(backend, 16384, redisPool(servers.redis()));
        var client = RawClient.connect(proxy.port(), 16 << 10);
        var sender = Executors.newSingleThreadExecutor()) {
      String key = servers.key();
      Future<?> sent =
          sender.submit(
              () -> {
                StringBuilder batch = new StringBuilder();
                for (int i = 0; i < requests / 2; i++) {
                  batch.append(resp("SET", key + (i & 63), i + padding));
                  batch.append(resp("GET", key + (i & 63)));
                  if (i % 1000 == 999) {
                    client.send(batch.toString());
                    batch.setLength(0);
                  }
                }
              });
      // It has filled all that there is to fill, when it gets no further.
      long parsed = -1;
      for (long now = 0; now != parsed; ) {
        parsed = now;
        ProxyUnderTest.sleep(100);
        now = proxy.servers(ServerField.REQUESTS);
        assertThat(proxy.mappedBytes()).isLessThan(BOUND);
      }
      assertThat(parsed).as("requests forwarded").isLessThan(requests);
      for (int i = 0; i < requests / 2; i++) {
        String value = i + padding;
        String expected = "+OK\r\n$" + value.length() + "\r\n" + value + "\r\n";
        String read = client.read(expected.length());
        if (!read.equals(expected)) {
          assertThat(read).as("reply " + i).isEqualTo(expected);
        }
        if (i % 20_000 == 0) {
          assertThat(proxy.mappedBytes()).isLessThan(BOUND);
        }
      }
      sent.get();
    }
  }

  @ParameterizedTest
  @MethodSource("twemlab.proxy.testing.ProxyUnderTest#backends")
  void aClientThatDoesNotReadAndVanishesLeavesNothingBehind(
      Backend backend, SharedServers servers) {
    try (var proxy = ProxyUnderTest.start(backend, 16384, redisPool(servers.redis()))) {
      String key = servers.key();
      for (boolean reset : new boolean[] {true, false}) {
        try (var client = RawClient.connect(proxy.port(), 16 << 10)) {
          client.send(resp("SET", key, "x".repeat(100_000)) + resp("GET", key).repeat(1000));
          ProxyUnderTest.sleep(300);
          if (reset) {
            client.reset();
          }
        }
      }
    }
  }

  @Test
  void clientsThatNeverReadAreBounded(SharedServers servers) {
    try (var proxy = ProxyUnderTest.start(memcachedPool(servers.memcached()));
        var one = RawClient.connect(proxy.port(), 16 << 10);
        var two = RawClient.connect(proxy.port(), 16 << 10)) {
      String key = servers.key();
      assertThat(one.ask("set " + key + " 0 0 50000\r\n" + "x".repeat(50_000) + "\r\n"))
          .isEqualTo("STORED");
      // 500 MB of replies are asked for by each; 1,024 requests may be under way.
      byte[] requests = ("get " + key + "\r\n").repeat(10_000).getBytes(US_ASCII);
      one.send(requests);
      two.send(requests);
      ProxyUnderTest.sleep(500);
      assertThat(proxy.mappedBytes()).isLessThan(2 * ClientConn.MOST_REQUESTS * 60_000L);
      try (var other = proxy.connect()) {
        assertThat(other.ask("get nothing\r\n")).isEqualTo("END");
      }
      assertThat(proxy.mappedBytes()).isGreaterThan(16 * MIB);
      one.reset();
      two.reset();
      ProxyUnderTest.await("memory given back", () -> proxy.mappedBytes() <= 3 * MIB);
    }
  }

  /// The client is not read from in the middle of its second request, because the first is still
  /// outstanding. When the reply to that has been sent, nothing but this says that it can go on.
  @ParameterizedTest
  @MethodSource("twemlab.proxy.testing.ProxyUnderTest#backends")
  void aLargeRequestGoesOnWhenTheReplyBeforeItIsSent(Backend backend) {
    var bounded = new AtomicBoolean();
    int length = 2 * ClientConn.MOST_BYTES;
    try (var server =
            ScriptedServer.start(
                peer -> {
                  assertThat(peer.request()).isEqualTo("GET k");
                  ProxyUnderTest.await("reading stops", bounded::get);
                  peer.send("$1\r\nv\r\n");
                  assertThat(peer.request()).hasSize("SET k ".length() + length);
                  peer.send("+OK\r\n");
                });
        var proxy = ProxyUnderTest.start(backend, 16384, redisPool(List.of(server.port())));
        var client = proxy.connect()) {
      String set = resp("SET", "k", "x".repeat(length));
      int most = ClientConn.MOST_BYTES + (64 << 10);
      client.send(resp("GET", "k") + set.substring(0, most));
      ServerPool pool = proxy.instance().context().pools().getFirst();
      ProxyUnderTest.await("reading stops", () -> proxy.ask(() -> pool.client(0).isPaused()));
      bounded.set(true);
      assertThat(client.line()).isEqualTo("$1");
      assertThat(client.line()).isEqualTo("v");
      assertThat(client.send(set.substring(most)).line()).isEqualTo("+OK");
    }
  }
}
