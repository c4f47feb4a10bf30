package twemlab.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static twemlab.proxy.testing.ProxyUnderTest.memcachedPool;
import static twemlab.proxy.testing.ProxyUnderTest.redisPool;
import static twemlab.proxy.testing.RawClient.resp;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import twemlab.proxy.stats.PoolField;
import twemlab.proxy.stats.ServerField;
import twemlab.proxy.testing.ProxyUnderTest;
import twemlab.proxy.testing.ScriptedServer;

/// What one client can do must not eject a server; what a server does must.
class EjectionTest {
  private static final String[] EJECTING = {
    "auto_eject_hosts: true", "server_failure_limit: 2", "server_retry_timeout: 60000"
  };

  private static ProxyUnderTest redis(ScriptedServer server, String... more) {
    String[] lines = new String[EJECTING.length + more.length];
    System.arraycopy(EJECTING, 0, lines, 0, EJECTING.length);
    System.arraycopy(more, 0, lines, EJECTING.length, more.length);
    return ProxyUnderTest.start(redisPool(List.of(server.port()), lines));
  }

  private static long ejects(ProxyUnderTest proxy) {
    return proxy.stats().pool(0, PoolField.SERVER_EJECTS);
  }

  private static void answerAll(ScriptedServer.Peer peer, String line) throws IOException {
    while (true) {
      peer.request();
      peer.send(line + "\r\n");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"EVAL", "EVALSHA", "eval"})
  void whatAScriptSaysOfTheServerCountsNothing(String command) {
    try (var server = ScriptedServer.start(peer -> answerAll(peer, "-OOM x"));
        var proxy = redis(server);
        var one = proxy.connect();
        var two = proxy.connect()) {
      String eval = resp(command, "return {err='OOM x'}", "1", "k");
      for (int i = 0; i < 10; i++) {
        assertThat(one.ask(eval)).isEqualTo("-OOM x");
        assertThat(two.ask(eval)).isEqualTo("-OOM x");
      }
      assertThat(ejects(proxy)).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-OOM x", "-BUSY x", "-LOADING x"})
  void whatOneClientAloneIsToldEjectsNobody(String line) {
    try (var server = ScriptedServer.start(peer -> answerAll(peer, line));
        var proxy = redis(server);
        var one = proxy.connect();
        var two = proxy.connect()) {
      for (int i = 0; i < 10; i++) {
        assertThat(one.ask(resp("SET", "k", "v"))).isEqualTo(line);
      }
      assertThat(ejects(proxy)).isZero();
      assertThat(two.ask(resp("SET", "k", "v"))).isEqualTo(line);
      assertThat(ejects(proxy)).isEqualTo(1);
    }
  }

  @Test
  void otherWordsCountNothing() {
    try (var server = ScriptedServer.start(peer -> answerAll(peer, "-READONLY x"));
        var proxy = redis(server);
        var one = proxy.connect();
        var two = proxy.connect()) {
      for (int i = 0; i < 5; i++) {
        assertThat(one.ask(resp("SET", "k", "v"))).isEqualTo("-READONLY x");
        assertThat(two.ask(resp("SET", "k", "v"))).isEqualTo("-READONLY x");
      }
      assertThat(ejects(proxy)).isZero();
    }
  }

  @Test
  void aSuccessEndsTheRow() {
    var failures = new FailureCount();
    failures.seen();
    assertThat(failures.count()).isEqualTo(1);
    failures.told(1, null);
    failures.told(2, null);
    assertThat(failures.count()).as("nobody knows whether these are two clients").isEqualTo(1);
    failures.told(1, null);
    assertThat(failures.epoch()).as("handed over before the last one counted").isEqualTo(3);
    failures.clear();
    assertThat(failures.count()).isZero();
  }

  @Test
  void theProxysOwnFailuresCountWhoeverAsked() {
    try (var server = ScriptedServer.start(ScriptedServer.Peer::request);
        var proxy = redis(server);
        var client = proxy.connect()) {
      assertThat(client.ask(resp("GET", "k"))).isEqualTo("-ERR unknown");
      assertThat(ejects(proxy)).isZero();
      assertThat(client.ask(resp("GET", "k"))).isEqualTo("-ERR unknown");
      assertThat(ejects(proxy)).isEqualTo(1);
    }
  }

  @Test
  void whatTimesOutBehindALongReplyCountsNothing() {
    try (var server =
            ScriptedServer.start(
                peer -> {
                  peer.request();
                  peer.send("$60\r\n");
                  for (int i = 0; i < 60; i++) {
                    ProxyUnderTest.sleep(20);
                    peer.send("x");
                  }
                  peer.send("\r\n");
                  for (int i = 0; i < 3; i++) {
                    peer.request();
                    peer.send("+late\r\n");
                  }
                  answerAll(peer, "+OK");
                });
        var proxy = redis(server, "timeout: 300");
        var one = proxy.connect();
        var two = proxy.connect()) {
      one.send(resp("GET", "long"));
      for (int i = 0; i < 3; i++) {
        assertThat(two.ask(resp("GET", "k"))).isEqualTo("-ERR Connection timed out");
      }
      assertThat(one.line()).isEqualTo("-ERR Connection timed out");
      assertThat(ejects(proxy)).isZero();
    }
  }

  @Test
  void aMuteServerIsEjectedByOneClient() {
    try (var server =
            ScriptedServer.start(
                peer -> {
                  while (true) {
                    peer.request();
                  }
                });
        var proxy = redis(server, "timeout: 150");
        var client = proxy.connect()) {
      assertThat(client.ask(resp("GET", "k"))).isEqualTo("-ERR Connection timed out");
      assertThat(client.ask(resp("GET", "k"))).isEqualTo("-ERR Connection timed out");
      assertThat(ejects(proxy)).isEqualTo(1);
    }
  }

  @Test
  void aServerThatRefusesARequestUnreadAndClosesIsNotIll() {
    try (var server =
            ScriptedServer.start(
                peer -> {
                  String line = peer.line();
                  if (line.startsWith("get")) {
                    peer.send("END\r\n");
                    peer.line();
                  } else {
                    peer.send("SERVER_ERROR too large\r\n");
                    ProxyUnderTest.sleep(100);
                  }
                });
        var proxy = ProxyUnderTest.start(memcachedPool(List.of(server.port()), EJECTING));
        var client = proxy.connect();
        var other = proxy.connect()) {
      for (int i = 1; i <= 4; i++) {
        client.send("set k 0 0 20000000\r\n" + "x".repeat(20_000_000) + "\r\n");
        assertThat(client.line()).isEqualTo("SERVER_ERROR too large");
        int closed = i;
        ProxyUnderTest.await(
            "the connection closed",
            () ->
                proxy.servers(ServerField.SERVER_ERR) + proxy.servers(ServerField.SERVER_EOF)
                    == closed);
      }
      assertThat(ejects(proxy)).isZero();
      assertThat(other.ask("get k\r\n")).isEqualTo("END");
    }
  }
}
