package twemlab.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static twemlab.proxy.testing.ProxyUnderTest.memcachedPool;
import static twemlab.proxy.testing.ProxyUnderTest.redisPool;
import static twemlab.proxy.testing.RawClient.resp;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import twemlab.event.backend.Backend;
import twemlab.proxy.stats.PoolField;
import twemlab.proxy.stats.ServerField;
import twemlab.proxy.testing.ProxyUnderTest;
import twemlab.proxy.testing.RawClient;
import twemlab.proxy.testing.RealServer;
import twemlab.proxy.testing.ScriptedServer;

/// What clients see when servers refuse, vanish, answer nonsense or are full.
class ServerFailureTest {
  private static final int KEYS = 16;

  /// `mget k0 ... k15`: with two servers some of the keys are surely on each.
  private static String mget() {
    String[] words = new String[KEYS + 1];
    words[0] = "MGET";
    for (int i = 0; i < KEYS; i++) {
      words[i + 1] = "k" + i;
    }
    return resp(words);
  }

  @ParameterizedTest
  @MethodSource("twemlab.proxy.testing.ProxyUnderTest#backends")
  void aRefusedConnectionIsOneErrorForEachRequest(Backend backend) {
    int nobody = RealServer.freePort();
    try (var proxy = ProxyUnderTest.start(backend, 16384, redisPool(List.of(nobody)));
        var client = proxy.connect()) {
      client.send(
          resp("GET", "a") + resp("MGET", "a", "b") + resp("PING") + resp("MSET", "a", "b"));
      assertThat(client.line()).isEqualTo("-ERR Connection refused");
      assertThat(client.line()).isEqualTo("-ERR Connection refused");
      assertThat(client.line()).isEqualTo("+PONG");
      assertThat(client.line()).isEqualTo("-ERR Connection refused");
      assertThat(proxy.stats().pool(0, PoolField.FORWARD_ERROR)).isEqualTo(3);
      assertThat(proxy.stats().server(0, 0, ServerField.SERVER_ERR)).isPositive();
    }
  }

  @Test
  void memcachedHasItsOwnForm() {
    try (var proxy = ProxyUnderTest.start(memcachedPool(List.of(RealServer.freePort())));
        var client = proxy.connect()) {
      client.send("set k 0 0 1 noreply\r\nx\r\nget k\r\nget k l\r\n");
      assertThat(client.line()).isEqualTo("SERVER_ERROR Connection refused");
      assertThat(client.line()).isEqualTo("SERVER_ERROR Connection refused");
    }
  }

  @Test
  void aMissingSocketAndAMissingName() {
    try (var proxy =
            ProxyUnderTest.start(
                redisPool(List.of("/nonexistent/socket:1 a")),
                memcachedPool(List.of("no-such-host.invalid:1:1 b")));
        // Pools are in the order of the lengths of their names.
        var redis = RawClient.connect(proxy.port(0));
        var memcached = RawClient.connect(proxy.port(1))) {
      assertThat(redis.ask(resp("GET", "a"))).isEqualTo("-ERR No such file or directory");
      assertThat(memcached.ask("get a\r\n")).isEqualTo("SERVER_ERROR Host is down");
    }
  }

  @ParameterizedTest
  @MethodSource("twemlab.proxy.testing.ProxyUnderTest#backends")
  void aServerThatClosesAnswersEachPendingRequestWithOneError(Backend backend) {
    try (var server =
            ScriptedServer.start(
                peer -> {
                  peer.request();
                  peer.request();
                  peer.send("$100\r\nonly part of it");
                });
        var proxy = ProxyUnderTest.start(backend, 16384, redisPool(List.of(server.port())));
        var client = proxy.connect()) {
      client.send(resp("GET", "a") + resp("GET", "b") + resp("PING"));
      assertThat(client.line()).isEqualTo("-ERR unknown");
      assertThat(client.line()).isEqualTo("-ERR unknown");
      assertThat(client.line()).isEqualTo("+PONG");
      assertThat(proxy.stats().server(0, 0, ServerField.SERVER_EOF)).isEqualTo(1);
    }
  }

  @Test
  void aServerThatResets() {
    try (var server =
            ScriptedServer.start(
                peer -> {
                  peer.request();
                  peer.reset();
                });
        var proxy = ProxyUnderTest.start(redisPool(List.of(server.port())));
        var client = proxy.connect()) {
      assertThat(client.ask(resp("GET", "a"))).isEqualTo("-ERR Connection reset by peer");
      assertThat(client.ask(resp("PING"))).isEqualTo("+PONG");
    }
  }

  @ParameterizedTest
  @CsvSource({"'%3\r\n'", "'_\r\n'", "'garbage\r\n'", "'$12x\r\n'"})
  void anUnparsableReplyFailsWhatIsPendingAndClosesTheServerAlone(String reply) {
    try (var server =
            ScriptedServer.start(
                peer -> {
                  peer.request();
                  peer.request();
                  peer.send(reply);
                  peer.line();
                });
        var proxy = ProxyUnderTest.start(redisPool(List.of(server.port())));
        var client = proxy.connect()) {
      client.send(resp("GET", "a") + resp("GET", "b"));
      assertThat(client.line()).isEqualTo("-ERR Invalid argument");
      assertThat(client.line()).isEqualTo("-ERR Invalid argument");
      assertThat(client.ask(resp("PING"))).isEqualTo("+PONG");
    }
  }

  @Test
  void aReplyThatNobodyIsOwedIsNobodysAnswer() {
    try (var server =
            ScriptedServer.start(
                peer -> {
                  peer.request();
                  peer.send("$1\r\na\r\n$1\r\nb\r\n");
                  peer.line();
                });
        var proxy = ProxyUnderTest.start(redisPool(List.of(server.port())));
        var client = proxy.connect()) {
      for (int i = 0; i < 3; i++) {
        client.send(resp("GET", "a"));
        assertThat(client.line() + client.line()).isEqualTo("$1a");
        int made = i + 1;
        ProxyUnderTest.await(
            "the stray reply noticed",
            () -> proxy.stats().server(0, 0, ServerField.SERVER_ERR) == made);
      }
      assertThat(server.connections()).isEqualTo(3);
    }
  }

  @Test
  void errorsOfAServerPassUnchanged() {
    List<String> errors =
        List.of("-OOM no", "-BUSY x", "-LOADING y", "-READONLY", "-MOVED 1 2", "-", "-NOAUTH a");
    try (var server =
            ScriptedServer.start(
                peer -> {
                  for (int i = 0; ; i++) {
                    peer.request();
                    peer.send(errors.get(i % errors.size()) + "\r\n");
                  }
                });
        var proxy = ProxyUnderTest.start(redisPool(List.of(server.port())));
        var client = proxy.connect()) {
      for (String error : errors) {
        assertThat(client.ask(resp("SET", "a", "b"))).isEqualTo(error);
      }
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @Test
  void anErrorInOneFragmentIsTheWholeAnswer() {
    try (var full =
            ScriptedServer.start(
                peer -> {
                  while (true) {
                    boolean mset = peer.request().startsWith("mset");
                    peer.send(mset ? "-READONLY no\r\n" : "-LOADING wait\r\n");
                  }
                });
        var good =
            ScriptedServer.start(
                peer -> {
                  while (true) {
                    String[] words = peer.request().split(" ", -1);
                    int keys = words.length - 1;
                    peer.send(
                        words[0].equals("mset")
                            ? "+OK\r\n"
                            : "*" + keys + "\r\n" + "$-1\r\n".repeat(keys));
                  }
                });
        var proxy = ProxyUnderTest.start(redisPool(List.of(full.port(), good.port())));
        var client = proxy.connect()) {
      assertThat(client.ask(mget())).isEqualTo("-LOADING wait");
      assertThat(client.ask(mget().replace("MGET", "MSET")))
          .as("an even number of arguments: pairs")
          .isEqualTo("-ERR Invalid argument");
      assertThat(client.ask(resp("PING"))).isEqualTo("+PONG");
    }
  }

  @Test
  void theErrorOfTheFirstServerThatFailedIsTheAnswer() {
    try (var closes = ScriptedServer.start(ScriptedServer.Peer::request);
        var proxy = ProxyUnderTest.start(redisPool(List.of(closes.port(), RealServer.freePort())));
        var client = proxy.connect()) {
      assertThat(client.ask(mget())).isEqualTo("-ERR unknown");
      assertThat(client.ask(mget())).isEqualTo("-ERR unknown");
    }
    try (var closes = ScriptedServer.start(ScriptedServer.Peer::request);
        var proxy = ProxyUnderTest.start(redisPool(List.of(RealServer.freePort(), closes.port())));
        var client = proxy.connect()) {
      assertThat(client.ask(mget())).isEqualTo("-ERR Connection refused");
    }
  }

  @Test
  void aPromisedRequestIsSentThoughItsClientHasGone() {
    // Nothing is sent before SELECT is answered: until then requests wait in the proxy. One whose
    // client leaves keeps its place, or the next client would get its reply.
    var selected = new CountDownLatch(1);
    try (var server =
            ScriptedServer.start(
                peer -> {
                  assertThat(peer.request()).isEqualTo("SELECT 1");
                  awaitLatch(selected);
                  peer.send("+OK\r\n");
                  while (true) {
                    peer.send("+" + peer.request() + "\r\n");
                  }
                });
        var proxy = ProxyUnderTest.start(redisPool(List.of(server.port()), "redis_db: 1"));
        var steady = proxy.connect()) {
      try (var fleeting = proxy.connect()) {
        fleeting.send(resp("GET", "fleeting"));
        ProxyUnderTest.await("it waits", () -> proxy.servers(ServerField.IN_QUEUE) == 1);
        // The end of the stream alone would mean that it still waits for its replies.
        fleeting.reset();
      }
      ProxyUnderTest.await(
          "its client has left", () -> proxy.stats().pool(0, PoolField.CLIENT_CONNECTIONS) == 1);
      steady.send(resp("GET", "steady"));
      ProxyUnderTest.await("both wait", () -> proxy.servers(ServerField.IN_QUEUE) == 2);
      selected.countDown();
      assertThat(steady.line()).isEqualTo("+GET steady");
    }
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void redisIsKilledInTheMiddleAndComesBack() {
    try (var steady = RealServer.redis();
        var victim = RealServer.redis();
        var proxy = ProxyUnderTest.start(redisPool(List.of(steady.port(), victim.port())));
        var client = proxy.connect()) {
      String set =
          mget()
              .replace("*17", "*33")
              .replace("MGET", "MSET")
              .replaceAll("(?s)(\\$\\d\r\nk\\d+\r\n)", "$1\\$1\r\nv\r\n");
      String values = "*16\r\n" + "$1\r\nv\r\n".repeat(KEYS);
      assertThat(client.ask(set)).isEqualTo("+OK");
      client.send(mget());
      assertThat(client.read(values.length())).isEqualTo(values);
      victim.suspend();
      client.send((mget() + resp("PING")).repeat(100));
      ProxyUnderTest.await("all sent", () -> proxy.servers(ServerField.OUT_QUEUE) == 100);
      victim.kill();
      for (int i = 0; i < 100; i++) {
        assertThat(client.line()).isIn("-ERR unknown", "-ERR Connection reset by peer");
        assertThat(client.line()).isEqualTo("+PONG");
      }
      assertThat(client.ask(mget())).isEqualTo("-ERR Connection refused");
      try (var back = RealServer.redisOnUnixSocket("--port", "" + victim.port())) {
        assertThat(back.alive()).isTrue();
        assertThat(client.ask(set)).isEqualTo("+OK");
        client.send(mget());
        assertThat(client.read(values.length())).isEqualTo(values);
      }
    }
  }

  @Test
  void memcachedIsKilledInTheMiddleAndComesBack() {
    try (var steady = RealServer.memcached();
        var victim = RealServer.memcached();
        var proxy = ProxyUnderTest.start(memcachedPool(List.of(steady.port(), victim.port())));
        var client = proxy.connect()) {
      String get = "get k0 k1 k2 k3 k4 k5 k6 k7 k8 k9 k10 k11 k12 k13 k14 k15\r\n";
      assertThat(client.ask(get)).isEqualTo("END");
      victim.suspend();
      client.send(get.repeat(100));
      ProxyUnderTest.await("all sent", () -> proxy.servers(ServerField.OUT_QUEUE) == 100);
      victim.kill();
      for (int i = 0; i < 100; i++) {
        assertThat(client.line())
            .isIn("SERVER_ERROR unknown", "SERVER_ERROR Connection reset by peer");
      }
      assertThat(client.ask(get)).isEqualTo("SERVER_ERROR Connection refused");
      try (var back = RealServer.memcached("-l", "127.0.0.1:" + victim.port())) {
        assertThat(back.alive()).isTrue();
        assertThat(client.ask(get)).isEqualTo("END");
      }
    }
  }
}
