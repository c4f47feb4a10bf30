package twemlab.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static twemlab.proxy.testing.ProxyUnderTest.memcachedPool;
import static twemlab.proxy.testing.ProxyUnderTest.redisPool;
import static twemlab.proxy.testing.RawClient.resp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import twemlab.proxy.stats.PoolField;
import twemlab.proxy.stats.ServerField;
import twemlab.proxy.testing.ProxyUnderTest;
import twemlab.proxy.testing.RawClient;
import twemlab.proxy.testing.RealServer;
import twemlab.proxy.testing.ScriptedServer;

/// Deadlines of requests, and the ejection of servers that miss them.
class TimeoutTest {

  @Test
  void aRequestTimesOutAloneAndItsLateReplyIsSwallowed() {
    try (var server = RealServer.redis();
        var proxy = ProxyUnderTest.start(redisPool(List.of(server.port()), "timeout: 600"));
        var first = proxy.connect();
        var second = proxy.connect()) {
      second.send(resp("SET", "old", "o") + resp("SET", "young", "y"));
      assertThat(second.line() + second.line()).isEqualTo("+OK+OK");
      server.suspend();
      first.send(resp("GET", "old") + resp("PING"));
      ProxyUnderTest.sleep(300);
      second.send(resp("GET", "young"));
      assertThat(first.line()).isEqualTo("-ERR Connection timed out");
      assertThat(first.line()).isEqualTo("+PONG");
      server.resume();
      assertThat(second.line() + second.line()).isEqualTo("$1y");
      first.send(resp("GET", "old"));
      assertThat(first.line() + first.line()).isEqualTo("$1o");
      assertThat(proxy.stats().server(0, 0, ServerField.SERVER_TIMEDOUT)).isZero();
      assertThat(proxy.stats().pool(0, PoolField.FORWARD_ERROR)).isEqualTo(1);
    }
  }

  @Test
  void memcachedTimesOutInItsOwnFormAndNoreplySilently() {
    try (var server = RealServer.memcached();
        var proxy = ProxyUnderTest.start(memcachedPool(List.of(server.port()), "timeout: 300"));
        var client = proxy.connect()) {
      assertThat(client.ask("get k\r\n")).isEqualTo("END");
      server.suspend();
      client.send("set k 0 0 1 noreply\r\nx\r\nget k\r\n");
      assertThat(client.line()).isEqualTo("SERVER_ERROR Connection timed out");
      server.resume();
      assertThat(client.ask("get k\r\n")).isEqualTo("VALUE k 0 1");
      assertThat(client.line() + client.line()).isEqualTo("xEND");
    }
  }

  @Test
  void aConnectionThatStaysSilentIsGivenUp() {
    var answers = new Semaphore(0);
    try (var server =
            ScriptedServer.start(
                peer -> {
                  while (true) {
                    peer.request();
                    answers.acquireUninterruptibly();
                    peer.send("+late\r\n");
                  }
                });
        var proxy = ProxyUnderTest.start(redisPool(List.of(server.port()), "timeout: 200"));
        var client = proxy.connect()) {
      client.send(resp("GET", "a"));
      assertThat(client.line()).isEqualTo("-ERR Connection timed out");
      ProxyUnderTest.await(
          "the connection closed",
          () -> proxy.stats().server(0, 0, ServerField.SERVER_TIMEDOUT) == 1);
      answers.release(2);
      assertThat(client.ask(resp("GET", "a"))).isEqualTo("+late");
      assertThat(server.connections()).isEqualTo(2);
    }
  }

  @Test
  void aConnectionThatNeverAnswersNoreplyIsGivenUp() {
    try (var server =
            ScriptedServer.start(
                peer -> {
                  while (true) {
                    peer.line();
                  }
                });
        var proxy = ProxyUnderTest.start(memcachedPool(List.of(server.port()), "timeout: 200"));
        var client = proxy.connect()) {
      client.send("delete k noreply\r\n");
      ProxyUnderTest.await(
          "the connection closed",
          () -> proxy.stats().server(0, 0, ServerField.SERVER_TIMEDOUT) == 1);
      assertThat(proxy.stats().server(0, 0, ServerField.OUT_QUEUE)).isZero();
    }
  }

  /// A server that goes on answering the first request keeps its connection, until more than 1,024
  /// late replies would have to be swallowed.
  @Test
  void moreThan1024LateRepliesAreNotWaitedFor() {
    try (var server =
            ScriptedServer.start(
                peer -> {
                  peer.request();
                  peer.send("$1000000\r\n");
                  endlessly(
                      () -> {
                        ProxyUnderTest.sleep(20);
                        peer.send("x");
                        return peer;
                      });
                });
        var proxy = ProxyUnderTest.start(redisPool(List.of(server.port()), "timeout: 300"));
        var one = proxy.connect();
        var two = proxy.connect()) {
      one.send(resp("GET", "k").repeat(512));
      two.send(resp("GET", "k").repeat(512));
      for (RawClient client : List.of(one, two)) {
        String expected = "-ERR Connection timed out\r\n".repeat(512);
        assertThat(client.read(expected.length())).isEqualTo(expected);
      }
      ProxyUnderTest.sleep(400);
      assertThat(proxy.stats().server(0, 0, ServerField.SERVER_TIMEDOUT)).isZero();
      assertThat(one.ask(resp("GET", "k"))).isEqualTo("-ERR Connection timed out");
      ProxyUnderTest.await(
          "the connection closed",
          () -> proxy.stats().server(0, 0, ServerField.SERVER_TIMEDOUT) == 1);
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  /// A server that reads nothing: what is not handed over yet when its time is over costs nothing
  /// afterwards, and is never sent.
  @Test
  void whatTimedOutBeforeItWasHandedOverIsRemoved() {
    var stopped = new Semaphore(0);
    String large = "x".repeat(1_000_000);
    try (var server =
            ScriptedServer.start(
                peer -> {
                  stopped.acquireUninterruptibly();
                  while (true) {
                    peer.request();
                    peer.send("+OK\r\n");
                  }
                });
        var proxy = ProxyUnderTest.start(redisPool(List.of(server.port()), "timeout: 2000"));
        var client = proxy.connect()) {
      client.send(resp("SET", "k", "x".repeat(20_000_000)));
      ProxyUnderTest.await("it is on its way", () -> proxy.servers(ServerField.IN_QUEUE) == 1);
      List<RawClient> others = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        others.add(proxy.connect().send(resp("SET", "k", large)));
      }
      ProxyUnderTest.await("they wait", () -> proxy.servers(ServerField.IN_QUEUE) == 41);
      for (RawClient other : others) {
        assertThat(other.line()).isEqualTo("-ERR Connection timed out");
        other.close();
      }
      int messages = proxy.ask(() -> proxy.instance().context().messagesInUse());
      assertThat(messages).as("the one that has begun").isEqualTo(1);
      long used = proxy.ask(() -> (long) proxy.instance().mbufs().used() * 16384);
      assertThat(used).isLessThan(21_000_000);
      stopped.release();
      assertThat(client.line()).isEqualTo("-ERR Connection timed out");
    }
  }

  @Test
  void aDividedRequestTimesOutWhole() {
    try (var silent = ScriptedServer.start(peer -> endlessly(peer::request));
        var good =
            ScriptedServer.start(
                peer ->
                    endlessly(
                        () ->
                            peer.send(":" + (peer.request().split(" ", -1).length - 1) + "\r\n")));
        var proxy =
            ProxyUnderTest.start(redisPool(List.of(silent.port(), good.port()), "timeout: 150"));
        var client = proxy.connect()) {
      String[] words = new String[17];
      words[0] = "DEL";
      for (int i = 1; i < words.length; i++) {
        words[i] = "k" + i;
      }
      client.send(resp(words) + resp("PING"));
      assertThat(client.line()).isEqualTo("-ERR Connection timed out");
      assertThat(client.line()).isEqualTo("+PONG");
    }
  }

  /// What a script does again and again.
  @FunctionalInterface
  private interface Step {
    Object run() throws IOException;
  }

  private static void endlessly(Step step) throws IOException {
    while (true) {
      Object _ = step.run();
    }
  }

  @Test
  void aConnectThatIsNotAnsweredTimesOut() throws IOException {
    try (var full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var proxy = ProxyUnderTest.start(redisPool(List.of(full.getLocalPort()), "timeout: 200"));
        var client = proxy.connect()) {
      List<Socket> crowd = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        crowd.add(new Socket(full.getInetAddress(), full.getLocalPort()));
      }
      client.send(resp("GET", "a") + resp("GET", "b"));
      assertThat(client.line()).isEqualTo("-ERR Connection timed out");
      assertThat(client.line()).isEqualTo("-ERR Connection timed out");
      assertThat(proxy.stats().server(0, 0, ServerField.SERVER_TIMEDOUT)).isEqualTo(1);
      for (Socket one : crowd) {
        one.close();
      }
    }
  }

  @Test
  void aServerThatFailsIsEjectedAndComesBack() {
    int nobody = RealServer.freePort();
    try (var good =
            ScriptedServer.start(
                peer -> endlessly(() -> peer.send("+" + peer.request() + "\r\n")));
        var proxy =
            ProxyUnderTest.start(
                redisPool(
                    List.of(nobody, good.port()),
                    "auto_eject_hosts: true",
                    "server_failure_limit: 2",
                    "server_retry_timeout: 700"));
        var client = proxy.connect()) {
      String key = keyOfFirstServer(client);
      assertThat(client.ask(resp("GET", key))).isEqualTo("-ERR Connection refused");
      // One more failure, and the search for the key was the first.
      assertThat(client.ask(resp("GET", key))).isEqualTo("+GET " + key);
      assertThat(proxy.stats().pool(0, PoolField.SERVER_EJECTS)).isEqualTo(1);
      assertThat(proxy.stats().server(0, 0, ServerField.SERVER_EJECTED_AT)).isPositive();
      ProxyUnderTest.sleep(750);
      assertThat(client.ask(resp("GET", key))).isEqualTo("-ERR Connection refused");
      assertThat(client.ask(resp("GET", key))).isEqualTo("-ERR Connection refused");
      assertThat(client.ask(resp("GET", key))).isEqualTo("+GET " + key);
      assertThat(proxy.stats().pool(0, PoolField.SERVER_EJECTS)).isEqualTo(2);
    }
  }

  /// A key that the first server owns: found by its error, which counts as one failure.
  private static String keyOfFirstServer(RawClient client) {
    for (int i = 0; ; i++) {
      String key = "key" + i;
      if (client.ask(resp("GET", key)).startsWith("-ERR")) {
        return key;
      }
    }
  }

  @Test
  void whenAllAreEjectedRequestsAreRefusedAtOnce() {
    try (var proxy =
            ProxyUnderTest.start(
                redisPool(
                    List.of(RealServer.freePort(), RealServer.freePort()),
                    "auto_eject_hosts: true",
                    "server_failure_limit: 1",
                    "server_retry_timeout: 60000"));
        var client = proxy.connect()) {
      for (int i = 0; i < 20; i++) {
        client.send(resp("GET", "k" + i) + resp("MGET", "a" + i, "b" + i, "c" + i));
        assertThat(client.line()).isEqualTo("-ERR Connection refused");
        assertThat(client.line()).isEqualTo("-ERR Connection refused");
      }
      assertThat(proxy.stats().pool(0, PoolField.SERVER_EJECTS)).isEqualTo(2);
      assertThat(proxy.servers(ServerField.SERVER_ERR)).isEqualTo(2);
    }
  }
}
