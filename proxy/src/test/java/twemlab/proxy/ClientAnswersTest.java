package twemlab.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static twemlab.proxy.testing.ProxyUnderTest.memcachedPool;
import static twemlab.proxy.testing.ProxyUnderTest.redisPool;
import static twemlab.proxy.testing.RawClient.resp;

import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import twemlab.proxy.testing.ProxyUnderTest;
import twemlab.proxy.testing.RawClient;
import twemlab.proxy.testing.RealServer;
import twemlab.proxy.testing.SharedServers;

/// What client libraries meet beside the forwarding of their requests: the server's own words where
/// the proxy could only be silent, and a sentence that names the proxy where it cannot do a thing.
@ExtendWith(SharedServers.Extension.class)
class ClientAnswersTest {
  private static final String K251 = "k".repeat(251);

  /// What stands in for a server has not all of its words.
  @BeforeAll
  static void needServers() {
    RealServer.Program.MEMCACHED.needInstalled();
    RealServer.Program.REDIS.needInstalled();
  }

  /// Said by memcached itself, and by the proxy before it; both connections live.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "bogus",
        "bogus with words",
        "",
        "get",
        "get ",
        "gets",
        "GET k",
        "Get k",
        "cas bad blah 0 0 0",
        "get %K",
        "get a %K b",
        "gat 0 %K",
        "delete k 1",
        "delete k 1 2",
        "delete k x",
        "delete k 0",
        "delete",
        "delete %K",
        "incr k 0.2",
        "incr k x",
        "incr k",
        "incr",
        "incr k 1 2 3",
        "incr %K 1",
        "incr k 18446744073709551616",
        "decr k -",
        "touch k 0.2",
        "touch k",
        "touch",
        "touch %K 1",
        "gat",
        "gat x k",
        "gat 10 none",
        "gats 0 none",
        "verbosity",
        "verbosity 1",
        "verbosity x",
        "flush_all 0 1 2",
        "set k 0 -1 1\r\nx",
        "set k x 0 0",
        "version"
      })
  void memcachedsWordsAndTheConnectionLives(String line, SharedServers servers) {
    String request = line.replace("%K", K251) + "\r\n";
    try (var proxy = ProxyUnderTest.start(memcachedPool(servers.memcached()));
        var client = proxy.connect();
        var direct = RawClient.connect(servers.memcached().getFirst())) {
      String expected = direct.ask(request);
      assertThat(client.ask(request)).isEqualTo(expected);
      for (RawClient each : List.of(client, direct)) {
        if (expected.startsWith("VALUE")) {
          each.line();
        }
        assertThat(each.ask("incr none 1\r\n")).isIn("NOT_FOUND", "END");
      }
    }
  }

  @Test
  void noreplySilencesWhatMemcachedSilences(SharedServers servers) {
    String silent =
        "delete k 0 noreply\r\ndelete k 1 noreply\r\nincr k x noreply\r\nset k x 0 0 noreply\r\n"
            + "verbosity 1 noreply\r\ntouch "
            + K251
            + " 1 noreply\r\n";
    try (var proxy = ProxyUnderTest.start(memcachedPool(servers.memcached()));
        var client = proxy.connect();
        var direct = RawClient.connect(servers.memcached().getFirst())) {
      for (RawClient each : List.of(client, direct)) {
        assertThat(each.ask(silent + "get\r\n")).isEqualTo("ERROR");
      }
    }
  }

  /// memcached would read such a value as commands.
  @Test
  void theDataBlockOfARefusedLineIsSkippedWhenItsLengthIsKnown(SharedServers servers) {
    try (var proxy = ProxyUnderTest.start(memcachedPool(servers.memcached()));
        var client = proxy.connect()) {
      String key = servers.key();
      for (String line : List.of("set " + K251 + " 0 0", "set k 4294967296 0", "set k 0 x")) {
        String value = "set " + key + " 0 0 1\r\n1\r\n";
        client.send(line + " " + value.length() + "\r\n" + value + "\r\nget " + key + "\r\n");
        assertThat(client.line()).as(line).isEqualTo("CLIENT_ERROR bad command line format");
        assertThat(client.line()).as(line).isEqualTo("END");
      }
    }
  }

  /// A data block may follow, and nobody knows how long it is.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "set k 0 0|ERROR",
        "set k|ERROR",
        "set k 0 0 x|CLIENT_ERROR bad command line format",
        "set k 0 0 -1|CLIENT_ERROR bad command line format",
        "SET k 0 0 5|ERROR",
        "ms k 5|ERROR",
        "set k 0 0 1\r\nxyz|CLIENT_ERROR bad data chunk"
      })
  void whereTheFramingIsInDoubtTheWordsPrecedeTheEnd(String row, SharedServers servers) {
    String[] columns = row.split("\\|", -1);
    try (var proxy = ProxyUnderTest.start(memcachedPool(servers.memcached()));
        var client = proxy.connect()) {
      client.send(columns[0] + "\r\nget k\r\n");
      assertThat(client.readToEnd()).isEqualTo(columns[1] + "\r\n");
    }
  }

  @Test
  void theBinaryProtocolIsAnsweredInItself(SharedServers servers) {
    try (var proxy = ProxyUnderTest.start(memcachedPool(servers.memcached()));
        var client = proxy.connect()) {
      String version =
          "\u0080\u000b" + "\0".repeat(10) + "\u0001\u0002\u0003\u0004" + "\0".repeat(8);
      client.send(version);
      String text = "the binary protocol is not supported by this proxy: use the text protocol";
      assertThat(client.readToEnd())
          .isEqualTo(
              "\u0081\u000b\0\0\0\0\0\u0081\0\0\0"
                  + (char) text.length()
                  + "\u0001\u0002\u0003\u0004"
                  + "\0".repeat(8)
                  + text);
    }
  }

  @Test
  void statsAreTheProxysOwn(SharedServers servers) {
    try (var proxy = ProxyUnderTest.start(memcachedPool(servers.memcached()));
        var client = proxy.connect()) {
      assertThat(client.ask("stats\r\n")).isEqualTo("STAT proxy twemlab");
      while (!client.line().equals("END")) {}
      assertThat(client.ask("stats slabs\r\n")).startsWith("CLIENT_ERROR").contains("this proxy");
      assertThat(client.ask("stats nosuch\r\n")).isEqualTo("ERROR");
      assertThat(client.ask("flush_all\r\n")).startsWith("CLIENT_ERROR").contains("this proxy");
      assertThat(client.ask("version noreply\r\n")).startsWith("VERSION");
    }
  }

  @Test
  void whatConcernsEverybodyMustBeAllowed() {
    try (var one = RealServer.memcached();
        var two = RealServer.memcached();
        var proxy =
            ProxyUnderTest.start(
                memcachedPool(List.of(one.port(), two.port()), "hash: murmur", "admin: true"));
        var client = proxy.connect()) {
      for (String flush :
          List.of("flush_all\r\n", "flush_all 0\r\n", "flush_all noreply\r\nget\r\n")) {
        for (int i = 0; i < 20; i++) {
          assertThat(client.ask("set key" + i + " 0 0 1\r\nx\r\n")).isEqualTo("STORED");
        }
        assertThat(client.ask(flush)).isIn("OK", "ERROR");
        client.send("get" + " key0 key1 key2 key3 key4 key5 key6 key7 key8 key9 key17\r\n");
        assertThat(client.line()).isEqualTo("END");
      }
      assertThat(client.ask("flush_all x\r\n")).startsWith("CLIENT_ERROR");
    }
  }

  @Test
  void everyServerIsAsked() {
    try (var one = RealServer.redis();
        var two = RealServer.redis();
        var proxy =
            ProxyUnderTest.start(
                    redisPool(List.of(one.port(), two.port()), "hash: murmur", "admin: true"))
                .amongForeignDescriptors();
        var shut =
            ProxyUnderTest.start(redisPool(List.of(one.port(), two.port())))
                .amongForeignDescriptors();
        var refused = shut.connect();
        var client = proxy.connect()) {
      assertThat(client.ask(resp("RANDOMKEY"))).isEqualTo("$-1");
      assertThat(client.ask(resp("KEYS", "*"))).isEqualTo("*0");
      for (int i = 10; i < 40; i++) {
        assertThat(client.ask(resp("SET", "k" + i, "v"))).isEqualTo("+OK");
      }
      assertThat(client.ask(resp("DBSIZE"))).isEqualTo(":30");
      assertThat(client.ask(resp("RANDOMKEY"))).isEqualTo("$3");
      assertThat(client.line()).startsWith("k");
      assertThat(client.ask(resp("KEYS", "k1*"))).isEqualTo("*10");
      assertThat(client.read(10 * "$3\r\nk10\r\n".length())).contains("k10", "k19");
      assertThat(refused.ask(resp("FLUSHALL")))
          .startsWith("-ERR FLUSHALL is not allowed by this proxy");
      assertThat(client.ask(resp("FLUSHALL", "NOSUCH"))).isEqualTo("-ERR syntax error");
      assertThat(client.ask(resp("FLUSHDB"))).isEqualTo("+OK");
      assertThat(client.ask(resp("DBSIZE"))).isEqualTo(":0");
    }
  }

  /// Said by redis itself, and by the proxy before it; both close.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "*fooz\r\n",
        "*\r\n",
        "*00\r\n",
        "*-0\r\n",
        "*+1\r\n",
        "*3000000000\r\n",
        "*99999999999999999999999\r\n",
        "*1\r\n$-10\r\n",
        "*1\r\n$fooz\r\n",
        "*1\r\n$04\r\n",
        "*1\r\n$\r\n",
        "*1\r\n$3000000000\r\n",
        "*1\r\nfooz\r\n",
        "*1\r\n:1\r\n",
        "*1\r\n\u00e9\r\n",
        "set \"a\r\n",
        "set 'a\r\n",
        "set \"a\"b c\r\n"
      })
  void redisWordsForABrokenFrame(String request, SharedServers servers) {
    try (var proxy = ProxyUnderTest.start(redisPool(servers.redis()));
        var client = proxy.connect();
        var direct = RawClient.connect(servers.redis().getFirst())) {
      String expected = direct.send(request).readToEnd();
      assertThat(expected).startsWith("-ERR Protocol error");
      assertThat(client.send(resp("PING") + request + resp("PING")).readToEnd())
          .isEqualTo("+PONG\r\n" + expected);
    }
  }

  @Test
  void whatIsNoRequestIsSkipped(SharedServers servers) {
    try (var proxy = ProxyUnderTest.start(redisPool(servers.redis()));
        var client = proxy.connect()) {
      String nothing = "\r\n*0\r\n*-1\r\n\n   \r\n*-17\r\n";
      client.send((nothing + resp("PING")).repeat(3));
      assertThat(client.line() + client.line() + client.line()).isEqualTo("+PONG+PONG+PONG");
      assertThat(client.ask(resp("", "x"))).startsWith("-ERR unknown command ''");
      assertThat(client.ask(resp("PING"))).isEqualTo("+PONG");
    }
  }

  @Test
  void linesOfWordsAreRequests(SharedServers servers) {
    String key = servers.key();
    try (var proxy = ProxyUnderTest.start(redisPool(servers.redis()));
        var client = proxy.connect()) {
      client.send("SET " + key + " \"two\\r\\nlines\"\r\nget " + key + "\nMGET " + key + " x\r\n");
      assertThat(client.read(5 + 16)).isEqualTo("+OK\r\n$10\r\ntwo\r\nlines\r\n".substring(0, 21));
      assertThat(client.read(1 + 4 + 5 + 12 + 5)).contains("*2\r\n$10\r\n");
      client.sendByteByByte("ping 'a b'\r\n");
      assertThat(client.line() + client.line()).isEqualTo("$3a b");
      assertThat(client.send("QUIT\r\nPING\r\n").readToEnd()).isEqualTo("+OK\r\n");
    }
  }

  @Test
  void aLineOf64KibibytesIsTheLongest(SharedServers servers) {
    try (var proxy = ProxyUnderTest.start(redisPool(servers.redis()));
        var client = proxy.connect()) {
      String longest = "echo " + "x".repeat(65_536 - 5);
      assertThat(client.ask(longest + "\r\n")).isEqualTo("$65531");
      client.line();
      assertThat(client.send(longest + "y\r\n").readToEnd())
          .isEqualTo("-ERR Protocol error: too big inline request\r\n");
    }
  }

  @Test
  void aWebPageIsNotAnswered(SharedServers servers) {
    try (var proxy = ProxyUnderTest.start(redisPool(servers.redis()))) {
      for (String http : List.of("POST / HTTP/1.1\r\n", "Host: x\r\n")) {
        try (var client = proxy.connect()) {
          assertThat(client.send(http + "set a b\r\n").readToEnd()).isEmpty();
        }
      }
    }
  }

  @Test
  void argumentsOfRedis7(SharedServers servers) {
    String key = servers.key();
    try (var proxy = ProxyUnderTest.start(redisPool(servers.redis()));
        var client = proxy.connect()) {
      assertThat(client.ask(resp("SET", key, "1"))).isEqualTo("+OK");
      for (String name : List.of("EXPIRE", "PEXPIRE")) {
        assertThat(client.ask(resp(name, key, "100000", "NX"))).startsWith(":");
      }
      assertThat(client.ask(resp("EXPIREAT", key, "9999999999", "GT"))).isEqualTo(":1");
      assertThat(client.ask(resp("PEXPIREAT", key, "1", "GT"))).isEqualTo(":0");
      assertThat(client.ask(resp("EVAL", "return 7", "0"))).isEqualTo(":7");
      assertThat(client.ask(resp("EVAL", "return 7", "x")))
          .isEqualTo("-ERR value is not an integer or out of range");
      assertThat(client.ask(resp("PING", "text")) + client.line()).isEqualTo("$4text");
      assertThat(client.ask(resp("OBJECT", "ENCODING", key)) + client.line()).isEqualTo("$3int");
      assertThat(client.ask(resp("XADD", key + "x", "1-1", "f", "v")) + client.line())
          .isEqualTo("$31-1");
      assertThat(client.ask(resp("DEL", key, key + "x"))).isEqualTo(":2");
    }
  }

  @Test
  void severalKeysOfOneServerAreForwarded(SharedServers servers) {
    String key = servers.key();
    try (var proxy = ProxyUnderTest.start(redisPool(servers.redis().subList(0, 1)));
        var client = proxy.connect()) {
      assertThat(client.ask(resp("MSETNX", key + 1, "ab", key + 2, "b"))).isEqualTo(":1");
      assertThat(client.ask(resp("RENAME", key + 1, key + 3))).isEqualTo("+OK");
      assertThat(client.ask(resp("BITOP", "NOT", key + 4, key + 3))).isEqualTo(":2");
      assertThat(client.ask(resp("LCS", key + 3, key + 2, "LEN"))).isEqualTo(":1");
      assertThat(client.ask(resp("SINTERCARD", "2", key + 5, key + 6))).isEqualTo(":0");
      assertThat(client.ask(resp("LMPOP", "2", key + 5, key + 6, "LEFT"))).isEqualTo("*-1");
      assertThat(client.ask(resp("DEL", key + 2, key + 3, key + 4))).isEqualTo(":3");
    }
  }

  @Test
  void severalKeysOfSeveralServersAreNot(SharedServers servers) {
    String key = servers.key();
    try (var proxy =
            ProxyUnderTest.start(redisPool(servers.redis(), "hash: murmur", "hash_tag: \"{}\""));
        var client = proxy.connect()) {
      StringBuilder many = new StringBuilder();
      for (int i = 0; i < 50; i++) {
        many.append(' ').append(key).append(i).append(" v");
      }
      assertThat(client.ask(resp(("MSETNX" + many).split(" ", -1))))
          .startsWith("-CROSSSLOT")
          .contains("this proxy");
      assertThat(client.ask(resp("GET", key + 1))).as("nothing was done").isEqualTo("$-1");
      String tag = "{" + key + "}";
      assertThat(client.ask(resp("MSETNX", tag + 1, "a", tag + 2, "b"))).isEqualTo(":1");
      assertThat(client.ask(resp("DEL", tag + 1, tag + 2))).isEqualTo(":2");
    }
  }

  @Test
  void gatOfSeveralServers(SharedServers servers) {
    String key = servers.key();
    try (var proxy = ProxyUnderTest.start(memcachedPool(servers.memcached(), "hash: murmur"));
        var client = proxy.connect()) {
      StringBuilder keys = new StringBuilder();
      for (int i = 0; i < 20; i++) {
        assertThat(client.ask("set " + key + i + " 0 0 1\r\nx\r\n")).isEqualTo("STORED");
        keys.append(' ').append(key).append(i);
      }
      client.send("gat -1" + keys + "\r\n");
      for (int i = 0; i < 20; i++) {
        assertThat(client.line() + client.line()).isEqualTo("VALUE " + key + i + " 0 1x");
      }
      assertThat(client.line()).isEqualTo("END");
      assertThat(client.ask("get" + keys + "\r\n")).as("all have expired").isEqualTo("END");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "WATCH k",
        "SUBSCRIBE x",
        "MONITOR",
        "BZPOPMIN k 0",
        "XREAD STREAMS k 0",
        "BLPOP k 0",
        "SHUTDOWN",
        "NOSUCH x",
        "CLIENT TRACKING ON",
        "CLIENT NOSUCH",
        "COMMAND GETKEYS GET k"
      })
  void aRefusalNamesTheProxyAndTheConnectionLives(String request, SharedServers servers) {
    try (var proxy = ProxyUnderTest.start(redisPool(servers.redis()));
        var client = proxy.connect()) {
      assertThat(client.ask(resp(request.split(" ", -1))))
          .startsWith("-ERR")
          .contains("this proxy");
      assertThat(client.ask(resp("PING"))).isEqualTo("+PONG");
    }
  }

  /// What follows was meant for another state.
  @ParameterizedTest
  @ValueSource(strings = {"SELECT 1", "CLIENT REPLY OFF", "CLIENT REPLY SKIP"})
  void whatChangesTheMeaningOfTheRestEndsTheConnection(String request, SharedServers servers) {
    try (var proxy = ProxyUnderTest.start(redisPool(servers.redis()));
        var client = proxy.connect()) {
      client.send(resp("PING") + resp(request.split(" ", -1)) + resp("PING"));
      assertThat(client.readToEnd()).matches("\\+PONG\r\n-ERR [^\r]*this proxy[^\r]*\r\n");
    }
  }

  @Test
  void aRefusedTransactionIsRefusedToItsEnd(SharedServers servers) {
    String key = servers.key();
    try (var proxy = ProxyUnderTest.start(redisPool(servers.redis()));
        var client = proxy.connect()) {
      client.send(resp("MULTI") + resp("SET", key, "1") + resp("PING") + resp("EXEC"));
      assertThat(client.line()).startsWith("-ERR MULTI is not supported by this proxy");
      assertThat(client.line()).startsWith("-ERR not executed").contains("this proxy");
      assertThat(client.line()).startsWith("-ERR not executed");
      assertThat(client.line()).startsWith("-EXECABORT").contains("this proxy");
      assertThat(client.ask(resp("GET", key))).isEqualTo("$-1");
      assertThat(client.ask(resp("EXEC"))).isEqualTo("-ERR EXEC without MULTI");
      assertThat(client.ask(resp("DISCARD"))).isEqualTo("-ERR DISCARD without MULTI");
      assertThat(client.ask(resp("UNWATCH"))).isEqualTo("+OK");
      client.send(resp("MULTI") + resp("GET", key) + resp("DISCARD") + resp("PING"));
      client.line();
      client.line();
      assertThat(client.line() + client.line()).isEqualTo("+OK+PONG");
    }
  }

  @Test
  void whoReadsTheRefusalAndGoesOnIsServed(SharedServers servers) {
    try (var proxy = ProxyUnderTest.start(redisPool(servers.redis()));
        var client = proxy.connect()) {
      assertThat(client.ask(resp("MULTI"))).startsWith("-ERR MULTI");
      String reply = "";
      for (int i = 0; i < 20 && !reply.equals("+PONG"); i++) {
        ProxyUnderTest.sleep(1_100);
        reply = client.ask(resp("PING"));
      }
      assertThat(reply).isEqualTo("+PONG");
    }
  }

  @Test
  void protocolsAndUsers(SharedServers servers) {
    try (var proxy = ProxyUnderTest.start(redisPool(servers.redis(), "redis_auth: sesame"));
        var client = proxy.connect()) {
      for (String version : List.of("3", "4", "1")) {
        assertThat(client.ask(resp("HELLO", version)))
            .startsWith("-NOPROTO")
            .contains("this proxy");
      }
      assertThat(client.ask(resp("HELLO", "x"))).startsWith("-ERR Protocol version is not");
      assertThat(client.ask(resp("AUTH", "alice", "sesame"))).startsWith("-WRONGPASS");
      assertThat(client.ask(resp("AUTH", "default", "wrong"))).isEqualTo("-ERR invalid password");
      assertThat(client.ask(resp("MULTI"))).startsWith("-NOAUTH");
      assertThat(client.ask(resp("BLPOP", "k", "0"))).startsWith("-NOAUTH");
      assertThat(client.ask(resp("AUTH", "default", "sesame"))).isEqualTo("+OK");
      assertThat(client.ask(resp("PING"))).isEqualTo("+PONG");
      assertThat(client.ask(resp("RESET"))).isEqualTo("+RESET");
      assertThat(client.ask(resp("PING"))).startsWith("-NOAUTH");
    }
  }

  @Test
  void informationIsOfTheProxyAndBySections(SharedServers servers) {
    try (var proxy = ProxyUnderTest.start(redisPool(servers.redis()));
        var client = proxy.connect()) {
      assertThat(bulk(client, "INFO")).contains("role:master", "redis_version:", "loading:0");
      assertThat(bulk(client, "INFO", "replication"))
          .isEqualTo("# Replication\r\nrole:master\r\nconnected_slaves:0\r\n");
      assertThat(bulk(client, "INFO", "CLIENTS", "server"))
          .contains("connected_clients:1", "redis_mode:standalone")
          .doesNotContain("role:");
      assertThat(bulk(client, "INFO", "nosuch")).isEmpty();
    }
  }

  private static String bulk(RawClient client, String... request) {
    int length = Integer.parseInt(client.ask(resp(request)).substring(1));
    return client.read(length + 2).substring(0, length);
  }

  @Test
  void theCommandsAgree(SharedServers servers) {
    try (var proxy = ProxyUnderTest.start(redisPool(servers.redis()));
        var client = proxy.connect()) {
      int count = Integer.parseInt(client.ask(resp("COMMAND", "COUNT")).substring(1));
      assertThat(client.ask(resp("COMMAND"))).isEqualTo("*" + count);
      for (int i = 0; i < count; i++) {
        assertThat(client.line()).isEqualTo("*10");
        while (!client.line().startsWith("*")) {}
        while (!client.line().equals("*0")) {}
        client.read(3 * 4);
      }
      assertThat(client.ask(resp("COMMAND", "INFO", "get", "nosuch"))).isEqualTo("*2");
      assertThat(client.line() + client.line() + client.line() + client.line())
          .isEqualTo("*10$3get:2");
      assertThat(client.line() + client.line() + client.line() + client.line())
          .isEqualTo("*0:1:1:1");
      client.read(4 * 4);
      assertThat(client.line()).isEqualTo("*-1");
      assertThat(client.ask(resp("COMMAND", "DOCS", "get"))).isEqualTo("*2");
      client.read("$3\r\nget\r\n*2\r\n$7\r\nsummary\r\n".length());
      client.line();
      assertThat(client.line()).contains("by the proxy");
      assertThat(client.ask(resp("COMMAND", "LIST"))).isEqualTo("*" + count);
    }
  }
}
