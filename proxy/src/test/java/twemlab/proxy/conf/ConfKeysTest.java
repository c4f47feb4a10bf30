package twemlab.proxy.conf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import twemlab.hashing.DistributionKind;
import twemlab.hashing.HashTag;
import twemlab.hashing.KeyHash;

/// Every key: its default, its edges, and what is just beyond them.
final class ConfKeysTest {
  private static final List<String> NOT_NUMBERS =
      List.of(
          "2147483648",
          "4294967297",
          "99999999999999999999",
          "-1",
          "+1",
          "0x1",
          "1.0",
          "1k",
          "one",
          "\" 1\"",
          "\"1 \"");
  private static final String SERVER_FORM = "\"hostname:port:weight [name]\"";

  private static PoolConf pool(String... lines) throws ConfException {
    StringBuilder text = new StringBuilder("p:\n");
    boolean listens = false;
    boolean serves = false;
    for (String line : lines) {
      text.append("  ").append(line).append('\n');
      listens |= line.startsWith("listen:");
      serves |= line.startsWith("servers:");
    }
    text.append(listens ? "" : "  listen: 127.0.0.1:22121\n");
    text.append(serves ? "" : "  servers:\n   - 127.0.0.1:6379:1\n");
    return ConfFile.parse("FILE", text.toString()).pools().getFirst();
  }

  private static ServerConf server(String text) throws ConfException {
    return pool("servers:\n   - \"" + text + "\"").servers().getFirst();
  }

  private static void refused(String line, String reason) {
    assertThatThrownBy(() -> pool(line))
        .isInstanceOfSatisfying(
            ConfException.class, e -> assertThat(e.reason()).isEqualTo("conf: " + reason));
  }

  @Test
  void defaultsAreNutcrackers() throws ConfException {
    PoolConf pool = pool();
    assertThat(pool.name()).isEqualTo("p");
    assertThat(pool.hash()).isEqualTo(KeyHash.FNV1A_64);
    assertThat(pool.hashTag()).isEmpty();
    assertThat(pool.distribution()).isEqualTo(DistributionKind.KETAMA);
    assertThat(pool.timeoutMillis()).isZero();
    assertThat(pool.backlog()).isEqualTo(512);
    assertThat(pool.clientConnections()).isZero();
    assertThat(pool.tcpKeepalive()).isFalse();
    assertThat(pool.reusePort()).isFalse();
    assertThat(pool.redis()).isFalse();
    assertThat(pool.redisAuth()).isEmpty();
    assertThat(pool.redisDb()).isZero();
    assertThat(pool.preconnect()).isFalse();
    assertThat(pool.autoEjectHosts()).isFalse();
    assertThat(pool.serverConnections()).isEqualTo(1);
    assertThat(pool.serverRetryTimeoutMillis()).isEqualTo(30_000);
    assertThat(pool.serverFailureLimit()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "timeout",
        "backlog",
        "client_connections",
        "redis_db",
        "server_connections",
        "server_retry_timeout",
        "server_failure_limit"
      })
  void numbersAreDigitsWithinInt(String key) throws ConfException {
    ToIntFunction<PoolConf> value =
        switch (key) {
          case "timeout" -> PoolConf::timeoutMillis;
          case "backlog" -> PoolConf::backlog;
          case "client_connections" -> PoolConf::clientConnections;
          case "redis_db" -> PoolConf::redisDb;
          case "server_connections" -> PoolConf::serverConnections;
          case "server_retry_timeout" -> PoolConf::serverRetryTimeoutMillis;
          default -> PoolConf::serverFailureLimit;
        };
    assertThat(value.applyAsInt(pool(key + ": 7"))).isEqualTo(7);
    assertThat(value.applyAsInt(pool(key + ": \"007\""))).isEqualTo(7);
    if (key.equals("server_connections")) {
      assertThat(value.applyAsInt(pool(key + ": 65535"))).isEqualTo(65_535);
      for (String above : List.of("65536", "2147483647")) {
        refused(key + ": " + above, "directive \"" + key + "\" is above 65535");
      }
    } else {
      assertThat(value.applyAsInt(pool(key + ": 2147483647"))).isEqualTo(Integer.MAX_VALUE);
    }
    for (String bad : NOT_NUMBERS) {
      refused(key + ": " + bad, "directive \"" + key + "\" is not a number");
    }
  }

  @Test
  void onlyServerConnectionsRefusesZero() throws ConfException {
    assertThat(pool("timeout: 0").timeoutMillis()).isZero();
    assertThat(pool("server_failure_limit: 0").serverFailureLimit()).isZero();
    refused("server_connections: 0", "directive \"server_connections:\" cannot be 0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"tcpkeepalive", "reuseport", "redis", "preconnect", "auto_eject_hosts"})
  void booleansAreTheTwoWords(String key) throws ConfException {
    assertThat(pool(key + ": true")).isNotEqualTo(pool(key + ": false"));
    assertThat(pool(key + ": false")).isEqualTo(pool());
    for (String bad : List.of("True", "yes", "on", "1", "\"true \"")) {
      refused(key + ": " + bad, "directive \"" + key + "\" is not \"true\" or \"false\"");
    }
  }

  @Test
  void hashesAndDistributionsGoByName() throws ConfException {
    for (KeyHash hash : KeyHash.values()) {
      assertThat(pool("hash: " + hash.configName()).hash()).isEqualTo(hash);
    }
    for (DistributionKind kind : DistributionKind.values()) {
      assertThat(pool("distribution: " + kind.configName()).distribution()).isEqualTo(kind);
    }
    refused("hash: MD5", "directive \"hash\" is not a valid hash");
    refused("distribution: Ketama", "directive \"distribution\" is not a valid distribution");
  }

  @Test
  void hashTagIsTwoBytes() throws ConfException {
    assertThat(pool("hash_tag: \"{}\"").hashTag()).contains(new HashTag((byte) '{', (byte) '}'));
    byte[] accent = "é".getBytes(StandardCharsets.UTF_8);
    assertThat(pool("hash_tag: é").hashTag()).contains(new HashTag(accent[0], accent[1]));
    for (String bad : List.of("x", "xyz", "éé")) {
      refused(
          "hash_tag: " + bad,
          "directive \"hash_tag\" is not a valid hash tag string with two characters");
    }
  }

  @ParameterizedTest
  @CsvSource({"127.0.0.1:1,127.0.0.1,1", "::1:65535,::1,65535", "[::1]:80,[::1],80", "a:b:9,a:b,9"})
  void listenSplitsAtTheLastColon(String text, String host, int port) throws ConfException {
    ListenConf listen = pool("listen: \"" + text + "\"").listen();
    assertThat(listen).isEqualTo(new ListenConf(text, new Endpoint.Inet(host, port), -1));
  }

  @Test
  void listenRefusesWhatIsNoAddress() {
    String port = "directive \"listen\" has an invalid port in \"hostname:port\" format string";
    for (String bad : List.of("h:0", "h:65536", "h:x", "\"h:\"", "h:4294967377", "h:-1", "h:1 2")) {
      refused("listen: " + bad, port);
    }
    refused("listen: h", "directive \"listen\" has an invalid \"hostname:port\" format string");
    refused("listen: :22121", "directive \"listen\" has an invalid value");
  }

  @Test
  void listenAsksWhetherTheHostResolves() throws ConfException {
    String text = "p:\n  listen: nowhere:1\n  servers:\n   - a:1:1\n";
    assertThatThrownBy(() -> ConfFile.parse("FILE", text, inet -> !inet.host().equals("nowhere")))
        .hasMessageContaining("directive \"listen\" has an invalid value\nFILE:2:11:");
    assertThat(ConfFile.parse("FILE", text, ListenCheck.NONE).pools()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "/tmp/s,/tmp/s,-1",
    "/tmp/s 0666,/tmp/s,438",
    "/tmp/s 777,/tmp/s,511",
    "/tmp/s 1,/tmp/s,1",
    "/tmp/s 0,/tmp/s,-1",
    "/tmp/s 999,/tmp/s,-1",
    "/tmp/s 7z,/tmp/s,7",
    "/tmp/s +7,/tmp/s,7",
    "/tmp/s x,/tmp/s,-1",
    "/tmp/a b 0600,/tmp/a b,384",
    "/tmp/s:80,/tmp/s:80,-1",
  })
  void listenTakesAPathWithAMode(String text, String path, int mode) throws ConfException {
    ListenConf listen = pool("listen: \"" + text + "\"").listen();
    assertThat(listen).isEqualTo(new ListenConf(text, new Endpoint.Unix(path), mode));
  }

  @Test
  void listenRefusesModesAndPathsBeyondTheirLimits() throws ConfException {
    for (String bad : List.of("01777", "1000", "-1", "040000000000", "7777777777777777777777777")) {
      refused(
          "listen: /tmp/s " + bad,
          "directive \"listen\" has an invalid file permission in \"socket_path permission\""
              + " format string");
    }
    String longest = "/" + "x".repeat(106);
    assertThat(pool("listen: " + longest).listen().endpoint())
        .isEqualTo(new Endpoint.Unix(longest));
    refused("listen: " + longest + "x", "directive \"listen\" has an invalid value");
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.1:11211:1,10.0.0.1:11211:1,10.0.0.1",
    "10.0.0.1:6379:1,10.0.0.1:6379:1,10.0.0.1:6379",
    "10.0.0.1:6379:1 a,10.0.0.1:6379:1,a",
    "10.0.0.1:6379:2147483647 a:b,10.0.0.1:6379:2147483647,a:b",
    "::1:6379:1,::1:6379:1,::1:6379",
    ":1:1,:1:1,:1",
    "/tmp/s:1,/tmp/s:1,/tmp/s:",
    "/tmp/s:1 a,/tmp/s:1,a",
  })
  void serverNames(String text, String pname, String name) throws ConfException {
    ServerConf server = server(text);
    assertThat(server.pname()).isEqualTo(pname);
    assertThat(server.name()).isEqualTo(name);
  }

  @Test
  void serverEndpointsAndWeights() throws ConfException {
    assertThat(server("::1:6379:3 x").endpoint()).isEqualTo(new Endpoint.Inet("::1", 6379));
    assertThat(server("/tmp/s:3").endpoint()).isEqualTo(new Endpoint.Unix("/tmp/s"));
    assertThat(server("/tmp/s:3").weight()).isEqualTo(3);
    assertThat(server("h:65535:2147483647").weight()).isEqualTo(Integer.MAX_VALUE);
    // A blank at the end is an empty name, as in nutcracker.
    assertThat(server("h:1:1 "))
        .isEqualTo(new ServerConf("h:1:1 ", "", server("h:1:1").endpoint(), 1));
  }

  @Test
  void serversRefuseWhatIsNoServer() {
    for (String bad : List.of("h:1", "h", "1", "/tmp/s", "/tmp/s:1:1", "h:1 a:1")) {
      refused(
          "servers:\n   - " + bad,
          "directive \"servers\" has an invalid "
              + SERVER_FORM
              + "or \"/path/unix_socket:weight [name]\" format string");
    }
    for (String bad : List.of("h:1:x", "h:1:", "h:1:-1", "h:1:2147483648", "h:1:1 a b", "/s:x")) {
      refused(
          "servers:\n   - \"" + bad + "\"",
          "directive \"servers\" has an invalid weight in " + SERVER_FORM + " format string");
    }
    refused(
        "servers:\n   - h:1:0",
        "directive \"servers\" has a zero weight in " + SERVER_FORM + " format string");
    for (String bad : List.of("h:0:1", "h:65536:1", "h::1", "h:x:1", "h:4294967297:1")) {
      refused(
          "servers:\n   - \"" + bad + "\"",
          "directive \"servers\" has an invalid port in " + SERVER_FORM + " format string");
    }
  }

  @Test
  void redisAuthNeedsRedisAndAValue() throws ConfException {
    assertThat(pool("redis_auth: secret", "redis: true").redisAuth()).contains("secret");
    refused("redis_auth: secret", "directive \"redis_auth:\" is only valid for a redis pool");
    refused("redis_auth: \"\"", "directive \"redis_auth\" has an empty value");
  }

  @Test
  void serversAndPoolsAreSortedByLengthThenBytes() throws ConfException {
    Conf conf =
        ConfFile.parse(
            "FILE",
            """
            pool10:
              listen: a:1
              servers:
               - h:1:1 server10
               - h:1:1 server2
               - h:1:1 s1
            é:
              listen: a:2
              servers: h:1:1
              hash:
               - md5
            zz:
              listen: a:3
              servers:
               - h:1:1
            pool2:
              listen: a:4
              servers:
               - h:1:1
            """);
    assertThat(conf.pools())
        .extracting(PoolConf::name)
        .containsExactly("zz", "é", "pool2", "pool10");
    assertThat(conf.pools().getLast().servers())
        .extracting(ServerConf::name)
        .containsExactly("s1", "server2", "server10");
    // The one sequence of a pool may belong to any key, and servers may be a scalar.
    assertThat(conf.pools().get(1).hash()).isEqualTo(KeyHash.MD5);
    assertThat(conf.pools().get(1).servers()).hasSize(1);
  }

  /// Each server has as many places in a modula list as it weighs, counted in an int.
  @Test
  void modulaWeightsAddUpToAnInt() throws ConfException {
    String servers = "servers:\n   - h:1:%d a\n   - h:2:1 b";
    String modula = "distribution: modula";
    assertThat(pool(modula, servers.formatted(Integer.MAX_VALUE - 1)).servers()).hasSize(2);
    assertThat(pool(servers.formatted(Integer.MAX_VALUE)).servers()).hasSize(2);
    assertThatThrownBy(() -> pool(modula, servers.formatted(Integer.MAX_VALUE)))
        .isInstanceOfSatisfying(
            ConfException.class,
            e ->
                assertThat(e.reason())
                    .isEqualTo(
                        "conf: pool 'p' has servers whose weights add up to more than"
                            + " 2147483647"));
  }
}
