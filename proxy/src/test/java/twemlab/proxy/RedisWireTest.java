package twemlab.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static twemlab.proxy.testing.ProxyUnderTest.redisPool;
import static twemlab.proxy.testing.RawClient.resp;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import twemlab.event.backend.Backend;
import twemlab.event.backend.EventBases;
import twemlab.proxy.stats.PoolField;
import twemlab.proxy.testing.ProxyUnderTest;
import twemlab.proxy.testing.RawClient;
import twemlab.proxy.testing.SharedServers;

/// Redis on the wire, through the proxy, before two real servers.
@ExtendWith(SharedServers.Extension.class)
class RedisWireTest {

  /// Requests of every shape, with the replies that a client must see.
  private static String script(String key) {
    StringBuilder requests = new StringBuilder();
    requests.append(resp("PING"));
    requests.append(resp("SET", key, "value"));
    requests.append(resp("get", key));
    requests.append(resp("GET", key + "none"));
    requests.append(resp("MSET", key + "a", "1", key + "b", "", key + "c", "three"));
    requests.append(resp("MGET", key + "a", key + "none", key + "b", key + "c", key + "a"));
    requests.append(resp("INCR", key + "a"));
    requests.append(resp("EXISTS", key));
    requests.append(resp("EXPIRE", key, "100"));
    requests.append(resp("TTL", key));
    requests.append(resp("NOSUCH", "x"));
    requests.append(resp("GET"));
    requests.append(resp("LPUSH", key, "x"));
    requests.append(resp("DEL", key, key + "a", key + "b", key + "none"));
    return requests.toString();
  }

  private static final String REPLIES =
      """
      +PONG
      +OK
      $5
      value
      $-1
      +OK
      *5
      $1
      1
      $-1
      $0

      $5
      three
      $1
      1
      :2
      :1
      :1
      :100
      -ERR unknown command 'NOSUCH': not supported by this proxy
      -ERR wrong number of arguments for 'get' command
      -WRONGTYPE Operation against a key holding the wrong kind of value
      :3
      """
          .replace("\n", "\r\n");

  @ParameterizedTest
  @MethodSource("twemlab.proxy.testing.ProxyUnderTest#backends")
  void aPipelineIsAnsweredInOrder(Backend backend, SharedServers servers) {
    try (var proxy = ProxyUnderTest.start(backend, 16384, redisPool(servers.redis()));
        var client = proxy.connect()) {
      client.send(script(servers.key()));
      assertThat(client.read(REPLIES.length())).isEqualTo(REPLIES);
    }
  }

  @ParameterizedTest
  @MethodSource("twemlab.proxy.testing.ProxyUnderTest#backends")
  void bytesThatComeOneByOneMakeTheSameRequests(Backend backend, SharedServers servers) {
    try (var proxy = ProxyUnderTest.start(backend, 512, redisPool(servers.redis()));
        var client = proxy.connect()) {
      client.sendByteByByte(script(servers.key()));
      assertThat(client.read(REPLIES.length())).isEqualTo(REPLIES);
    }
  }

  @Test
  void anyTwoPiecesMakeTheSameRequests(SharedServers servers) {
    try (var proxy = ProxyUnderTest.start(redisPool(servers.redis()));
        var client = proxy.connect()) {
      String script = script(servers.key());
      for (int cut = 1; cut < script.length(); cut++) {
        client.send(script.substring(0, cut));
        if (cut % 7 == 0) {
          // Now and then, let the first piece arrive alone for certain.
          ProxyUnderTest.sleep(1);
        }
        client.send(script.substring(cut));
        assertThat(client.read(REPLIES.length())).as("cut at " + cut).isEqualTo(REPLIES);
      }
    }
  }

  @Test
  void quitAnswersWhatCameBeforeAndNothingBehind(SharedServers servers) {
    try (var proxy = ProxyUnderTest.start(redisPool(servers.redis()));
        var client = proxy.connect()) {
      client.send(resp("SET", servers.key(), "1") + resp("QUIT") + resp("PING"));
      assertThat(client.readToEnd()).isEqualTo("+OK\r\n+OK\r\n");
      assertThat(proxy.stats().pool(0, PoolField.CLIENT_ERR)).isZero();
    }
  }

  @Test
  void afterHalfACloseEverythingPendingIsAnswered(SharedServers servers) {
    try (var proxy = ProxyUnderTest.start(redisPool(servers.redis()));
        var client = proxy.connect()) {
      String key = servers.key();
      StringBuilder requests = new StringBuilder(resp("SET", key, "v".repeat(1000)));
      requests.append(resp("GET", key).repeat(2000)).append("*2\r\n$3\r\nGE");
      client.send(requests.toString()).finish();
      assertThat(client.readToEnd())
          .isEqualTo("+OK\r\n" + ("$1000\r\n" + "v".repeat(1000) + "\r\n").repeat(2000));
    }
  }

  @Test
  void aBrokenRequestIsClosedAtAndWhatPrecedesItIsAnswered(SharedServers servers) {
    try (var proxy = ProxyUnderTest.start(redisPool(servers.redis()));
        var bystander = proxy.connect()) {
      String key = servers.key();
      for (String broken :
          List.of("*1\r\n:1\r\n", "GET 'x\r\n", "*x", "*1\r\n$-1\r\n", "*1\r\n$a\r\n")) {
        try (var client = proxy.connect()) {
          client.send(resp("SET", key, "1") + resp("MGET", key, key + "x") + broken + resp("PING"));
          assertThat(client.readToEnd())
              .matches("\\+OK\r\n\\*2\r\n\\$1\r\n1\r\n\\$-1\r\n-ERR Protocol error: [^\r]+\r\n");
        }
        assertThat(bystander.ask(resp("PING"))).isEqualTo("+PONG");
      }
      assertThat(proxy.stats().pool(0, PoolField.CLIENT_ERR)).isEqualTo(5);
    }
  }

  @Test
  void noTextOfAClientBreaksTheLineOfAnError(SharedServers servers) {
    try (var proxy = ProxyUnderTest.start(redisPool(servers.redis()));
        var client = proxy.connect()) {
      assertThat(client.ask(resp("NO\r\n+OK", "x"))).startsWith("-ERR unknown command 'NO  +OK'");
      assertThat(client.ask(resp("CLIENT", "no\r\n+OK"))).startsWith("-ERR unknown subcommand");
      assertThat(client.ask(resp("PING"))).isEqualTo("+PONG");
    }
  }

  @Test
  void handshakesAreAnswered(SharedServers servers) {
    try (var proxy = ProxyUnderTest.start(redisPool(servers.redis()));
        var client = proxy.connect()) {
      assertThat(client.ask(resp("HELLO", "3"))).startsWith("-NOPROTO");
      assertThat(client.ask(resp("SELECT", "0"))).isEqualTo("+OK");
      assertThat(client.ask(resp("CLIENT", "SETINFO", "LIB-NAME", "x"))).isEqualTo("+OK");
      assertThat(client.ask(resp("ECHO", "word"))).isEqualTo("$4");
      assertThat(client.line()).isEqualTo("word");
      assertThat(client.ask(resp("HELLO", "2"))).isEqualTo("*14");
    }
  }

  @Test
  void valuesOfAllSizes(SharedServers servers) {
    try (var proxy = ProxyUnderTest.start(EventBases.EPOLL, 1024, redisPool(servers.redis()));
        var client = proxy.connect()) {
      String key = servers.key();
      for (int size :
          new int[] {0, 1, 975, 976, 977, 1023, 1024, 1025, 65_536, 524_288, 3_000_000}) {
        String value = "x".repeat(size);
        client.send(resp("SET", key, value) + resp("GET", key) + resp("STRLEN", key));
        String expected = "+OK\r\n$" + size + "\r\n" + value + "\r\n:" + size + "\r\n";
        assertThat(client.read(expected.length()).equals(expected)).as("size " + size).isTrue();
      }
    }
  }

  @Test
  void keysOfEveryLengthUpToTheLimit(SharedServers servers) {
    try (var proxy = ProxyUnderTest.start(EventBases.EPOLL, 512, redisPool(servers.redis()))) {
      try (var client = proxy.connect()) {
        client.send(resp("SET", "k".repeat(463), "1") + resp("SET", "", "2"));
        assertThat(client.line() + client.line()).isEqualTo("+OK+OK");
        client.send(resp("DEL", "k".repeat(463), ""));
        assertThat(client.line()).isEqualTo(":2");
      }
      try (var client = proxy.connect()) {
        assertThat(client.ask(resp("SET", "k".repeat(464), "1")))
            .isEqualTo("-ERR the key is longer than this proxy takes, at most 463 bytes");
        assertThat(client.ask(resp("PING"))).isEqualTo("+PONG");
      }
    }
  }

  @Test
  void twoHundredClientsAtOnce(SharedServers servers) {
    try (var proxy = ProxyUnderTest.start(redisPool(servers.redis()))) {
      List<RawClient> clients = new ArrayList<>();
      String key = servers.key();
      for (int i = 0; i < 200; i++) {
        clients.add(proxy.connect());
      }
      for (int round = 0; round < 10; round++) {
        for (int i = 0; i < 200; i++) {
          clients.get(i).send(resp("SET", key + i, i + "." + round) + resp("GET", key + i));
        }
        for (int i = 0; i < 200; i++) {
          String value = i + "." + round;
          assertThat(clients.get(i).line()).isEqualTo("+OK");
          assertThat(clients.get(i).line()).isEqualTo("$" + value.length());
          assertThat(clients.get(i).line()).isEqualTo(value);
        }
      }
      assertThat(proxy.stats().pool(0, PoolField.CLIENT_CONNECTIONS)).isEqualTo(200);
      clients.forEach(RawClient::close);
    }
  }

  @Test
  void clientsMayVanishAtAnyMoment(SharedServers servers) {
    try (var proxy = ProxyUnderTest.start(redisPool(servers.redis()));
        var steady = proxy.connect()) {
      String key = servers.key();
      steady.ask(resp("SET", key, "steady"));
      for (int i = 0; i < 200; i++) {
        try (var fleeting = proxy.connect()) {
          fleeting.send(
              resp("SET", key + "f", "x".repeat(5000)).repeat(1 + i % 5)
                  + resp("MGET", key + "f", key, key + "g").repeat(i % 7)
                  + "*2\r\n$3\r\nGET\r\n");
          if (i % 3 == 0) {
            fleeting.reset();
          }
        }
        steady.send(resp("GET", key));
        assertThat(steady.line() + steady.line()).isEqualTo("$6steady");
      }
    }
  }
}
