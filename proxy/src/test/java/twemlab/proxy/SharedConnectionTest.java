package twemlab.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static twemlab.proxy.testing.ProxyUnderTest.memcachedPool;
import static twemlab.proxy.testing.ProxyUnderTest.redisPool;
import static twemlab.proxy.testing.RawClient.resp;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import twemlab.event.backend.Backend;
import twemlab.proxy.stats.PoolField;
import twemlab.proxy.stats.ServerField;
import twemlab.proxy.testing.Programs;
import twemlab.proxy.testing.ProxyUnderTest;
import twemlab.proxy.testing.RawClient;
import twemlab.proxy.testing.RealServer;
import twemlab.proxy.testing.ScriptedServer;

/// A connection to a server belongs to all clients: what one of them has the server answer costs
/// the others nothing.
class SharedConnectionTest {
  private static final int MEBIBYTE = 1 << 20;

  private static String tooLong(String word, int limit) {
    return word + " the reply is longer than the proxy passes on, at most " + limit + " bytes";
  }

  /// Scripts whose replies a careless reader takes for broken.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "local t={} for i=1,200 do t={t} end return t",
        "return {err='OOM x'}",
        "return {err='two\\r\\nlines'}",
        "return {ok='two\\r\\nlines'}",
        "return {ok='\\n'}",
        "return {err=''}",
        "error('a\\r\\nb')",
        "syntax\r\nerror",
        "return {double=3.14}",
        "return {1,{2,{3,{}}},false,{ok='a'},{err='b'}}",
        "return redis.call('nothing\\r\\n')",
        "redis.setresp(3); return redis.call('hgetall',KEYS[1])",
        "return tostring(redis.call('get',KEYS[1])):rep(3)"
      })
  void whateverAScriptAnswersOthersAreAnswered(String script) {
    try (var server = RealServer.redis();
        var proxy = ProxyUnderTest.start(redisPool(List.of(server.port())));
        var direct = RawClient.connect(server.port());
        var guilty = proxy.connect();
        var innocent = proxy.connect()) {
      String eval = resp("EVAL", script, "1", "{k}");
      direct.send(eval + resp("PING"));
      List<String> expected = linesUpTo(direct, "+PONG");
      for (int i = 0; i < 20; i++) {
        innocent.send(resp("SET", "k", "v") + resp("GET", "k"));
        guilty.send(eval + resp("PING"));
        innocent.send(resp("GET", "k"));
        assertThat(linesUpTo(guilty, "+PONG")).isEqualTo(expected);
        assertThat(innocent.line()).isEqualTo("+OK");
        assertThat(innocent.line() + innocent.line()).isEqualTo("$1v");
        assertThat(innocent.line() + innocent.line()).isEqualTo("$1v");
      }
      assertThat(proxy.servers(ServerField.SERVER_ERR)).isZero();
    }
  }

  private static List<String> linesUpTo(RawClient client, String last) {
    List<String> lines = new ArrayList<>();
    for (String line = client.line(); !line.equals(last); line = client.line()) {
      lines.add(line);
    }
    return lines;
  }

  @ParameterizedTest
  @MethodSource("twemlab.proxy.testing.ProxyUnderTest#backends")
  void aScriptNests200DeepOnEveryBackend(Backend backend) {
    String eval = resp("EVAL", "local t={} for i=1,200 do t={t} end return t", "1", "k");
    try (var server = RealServer.redis();
        var proxy = ProxyUnderTest.start(backend, 16384, redisPool(List.of(server.port())));
        var client = proxy.connect()) {
      String deep = "*1\r\n".repeat(200) + "*0\r\n";
      assertThat(client.send(eval).read(deep.length())).isEqualTo(deep);
    }
  }

  @Test
  void aLongReplyFailsItsOwnRequestAlone() {
    try (var server = RealServer.redis();
        var proxy = ProxyUnderTest.withReplyLimit(MEBIBYTE, redisPool(List.of(server.port())));
        var guilty = proxy.connect();
        var innocent = proxy.connect()) {
      String eval = resp("EVAL", "return string.rep('x', tonumber(ARGV[1]))", "1", "k", "%d");
      String limit = eval.replace("$2\r\n%d", "$7\r\n" + (MEBIBYTE - 12));
      String over = eval.replace("$2\r\n%d", "$7\r\n" + (MEBIBYTE - 11));
      for (int i = 0; i < 5; i++) {
        innocent.send(resp("SET", "k", "v"));
        guilty.send(over + over + resp("PING") + limit);
        innocent.send(resp("GET", "k"));
        assertThat(guilty.line()).isEqualTo(tooLong("-ERR", MEBIBYTE));
        assertThat(guilty.line()).isEqualTo(tooLong("-ERR", MEBIBYTE));
        assertThat(guilty.line()).isEqualTo("+PONG");
        assertThat(guilty.line()).isEqualTo("$" + (MEBIBYTE - 12));
        guilty.skip(MEBIBYTE - 10);
        assertThat(innocent.line()).isEqualTo("+OK");
        assertThat(innocent.line() + innocent.line()).isEqualTo("$1v");
      }
      assertThat(proxy.servers(ServerField.SERVER_ERR)).isZero();
      assertThat(proxy.stats().pool(0, PoolField.FORWARD_ERROR)).isEqualTo(10);
    }
  }

  /// A few bytes that ask for gigabytes, where a real memcached is installed: the model would have
  /// to make them in one piece.
  @ParameterizedTest
  @ValueSource(ints = {60, 2300})
  void theSameLongValueManyTimesIsNotKept(int times) {
    if (times > 100) {
      Path _ = Programs.need("memcached");
    }
    int limit = 16 * MEBIBYTE;
    try (var server = RealServer.memcached("-I", "2m");
        var proxy = ProxyUnderTest.withReplyLimit(limit, memcachedPool(List.of(server.port())));
        var guilty = proxy.connect();
        var innocent = proxy.connect()) {
      guilty.send("set k 0 0 1000000\r\n" + "x".repeat(1_000_000) + "\r\n");
      assertThat(guilty.line()).isEqualTo("STORED");
      assertThat(innocent.ask("set i 0 0 1\r\ny\r\n")).isEqualTo("STORED");
      guilty.send("get" + " k".repeat(times) + "\r\nget none\r\n");
      innocent.send("get i\r\n");
      assertThat(guilty.line()).isEqualTo(tooLong("SERVER_ERROR", limit));
      assertThat(proxy.mappedBytes()).isLessThan(2L * limit);
      assertThat(innocent.line() + innocent.line() + innocent.line()).isEqualTo("VALUE i 0 1yEND");
      assertThat(guilty.line()).isEqualTo("END");
      assertThat(proxy.mappedBytes()).isLessThan(2L * limit);
      assertThat(proxy.servers(ServerField.SERVER_ERR)).isZero();
    }
  }

  @Test
  void theRepliesToTheFragmentsOfOneRequestCountTogether() {
    try (var one = RealServer.redis();
        var two = RealServer.redis();
        var proxy =
            ProxyUnderTest.withReplyLimit(MEBIBYTE, redisPool(List.of(one.port(), two.port())));
        var client = proxy.connect()) {
      String[] keys = new String[17];
      keys[0] = "MGET";
      for (int i = 1; i < keys.length; i++) {
        keys[i] = "k" + (i - 1);
        assertThat(client.ask(resp("SET", keys[i], "x".repeat(70_000)))).isEqualTo("+OK");
      }
      client.send(resp(keys) + resp("PING"));
      assertThat(client.line()).isEqualTo(tooLong("-ERR", MEBIBYTE));
      assertThat(client.line()).isEqualTo("+PONG");
      assertThat(proxy.stats().pool(0, PoolField.FRAGMENTS)).isEqualTo(2);
      for (int i = 1; i < keys.length; i++) {
        assertThat(client.ask(resp("SET", keys[i], "x".repeat(60_000)))).isEqualTo("+OK");
      }
      client.send(resp(keys));
      assertThat(client.line()).isEqualTo("*16");
      client.skip(16 * ("$60000\r\n".length() + 60_002));
      assertThat(client.ask(resp("PING"))).isEqualTo("+PONG");
    }
  }

  @Test
  void aLongReplyThatStallsIsGivenUp() {
    try (var server =
            ScriptedServer.start(
                peer -> {
                  peer.request();
                  peer.send("$3000000000\r\nbegins and does not end");
                  peer.line();
                });
        var proxy =
            ProxyUnderTest.withReplyLimit(
                MEBIBYTE, redisPool(List.of(server.port()), "timeout: 200"));
        var client = proxy.connect()) {
      assertThat(client.ask(resp("GET", "a"))).isEqualTo(tooLong("-ERR", MEBIBYTE));
      ProxyUnderTest.await(
          "the connection closed", () -> proxy.servers(ServerField.SERVER_TIMEDOUT) == 1);
    }
  }

  @ParameterizedTest
  @MethodSource("twemlab.proxy.testing.ProxyUnderTest#backends")
  void anEarlyReplyIsTheReplyToTheRequestThatHasBegun(Backend backend) {
    var answered = new CountDownLatch(1);
    try (var server =
            ScriptedServer.start(
                peer -> {
                  assertThat(peer.line()).startsWith("set k ");
                  peer.send("SERVER_ERROR object too large for cache\r\n");
                  awaitLatch(answered);
                  assertThat(peer.line()).hasSize(20_000_000);
                  assertThat(peer.line()).isEqualTo("get i");
                  peer.send("END\r\n");
                  peer.line();
                });
        var proxy = ProxyUnderTest.start(backend, 16384, memcachedPool(List.of(server.port())));
        var guilty = proxy.connect();
        var innocent = proxy.connect()) {
      guilty.send("set k 0 0 20000000\r\n" + "x".repeat(20_000_000) + "\r\n");
      assertThat(guilty.line()).isEqualTo("SERVER_ERROR object too large for cache");
      innocent.send("get i\r\n");
      answered.countDown();
      assertThat(innocent.line()).isEqualTo("END");
      assertThat(server.connections()).isEqualTo(1);
      assertThat(proxy.servers(ServerField.SERVER_ERR)).isZero();
    }
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void memcachedRefusesALargeItemAndOthersAreAnswered() {
    String set = "set k 0 0 2000000\r\n" + "x".repeat(2_000_000) + "\r\n";
    try (var server = RealServer.memcached();
        var proxy = ProxyUnderTest.start(memcachedPool(List.of(server.port())));
        var guilty = proxy.connect();
        var innocent = proxy.connect()) {
      for (int i = 0; i < 20; i++) {
        guilty.send(set);
        innocent.send("get i\r\n".repeat(10));
        assertThat(guilty.line()).isEqualTo("SERVER_ERROR object too large for cache");
        for (int j = 0; j < 10; j++) {
          assertThat(innocent.line()).isEqualTo("END");
        }
      }
      assertThat(proxy.servers(ServerField.SERVER_ERR)).isZero();
    }
  }

  @Test
  void aReplyBeforeAnyRequestIsStrayStill() {
    try (var server =
            ScriptedServer.start(
                peer -> {
                  peer.request();
                  peer.send("+one\r\n+two\r\n");
                  peer.line();
                });
        var proxy = ProxyUnderTest.start(redisPool(List.of(server.port())));
        var client = proxy.connect()) {
      assertThat(client.ask(resp("GET", "a"))).isEqualTo("+one");
      ProxyUnderTest.await("closed", () -> proxy.servers(ServerField.SERVER_ERR) == 1);
      assertThat(client.ask(resp("GET", "a"))).isEqualTo("+one");
    }
  }
}
