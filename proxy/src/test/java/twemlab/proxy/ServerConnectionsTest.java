package twemlab.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static twemlab.proxy.testing.ProxyUnderTest.memcachedPool;
import static twemlab.proxy.testing.ProxyUnderTest.redisPool;
import static twemlab.proxy.testing.RawClient.resp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import twemlab.proxy.stats.PoolField;
import twemlab.proxy.stats.ServerField;
import twemlab.proxy.testing.ProxyUnderTest;
import twemlab.proxy.testing.RawClient;
import twemlab.proxy.testing.RealServer;
import twemlab.proxy.testing.ScriptedServer;
import twemlab.proxy.testing.SharedServers;

/// How the proxy stands to its servers: passwords, databases, unix sockets, several connections.
@ExtendWith(SharedServers.Extension.class)
class ServerConnectionsTest {

  @Test
  void passwordAndDatabase() {
    try (var server = RealServer.redis("--requirepass", "secret");
        var proxy =
            ProxyUnderTest.start(
                redisPool(List.of(server.port()), "redis_auth: secret", "redis_db: 3"));
        var client = proxy.connect()) {
      assertThat(client.ask(resp("GET", "k"))).isEqualTo("-NOAUTH Authentication required");
      assertThat(client.ask(resp("PING"))).isEqualTo("-NOAUTH Authentication required");
      assertThat(client.ask(resp("HELLO", "3", "AUTH", "default", "secret")))
          .startsWith("-NOPROTO");
      assertThat(client.ask(resp("HELLO", "2"))).isEqualTo("-NOAUTH Authentication required");
      assertThat(client.ask(resp("HELLO", "2", "AUTH", "other", "secret")))
          .startsWith("-WRONGPASS");
      assertThat(client.ask(resp("HELLO", "2", "AUTH", "default"))).isEqualTo("-ERR syntax error");
      assertThat(client.ask(resp("AUTH", "wrong"))).isEqualTo("-ERR invalid password");
      assertThat(client.ask(resp("AUTH", "secret"))).isEqualTo("+OK");
      assertThat(client.ask(resp("SET", "k", "in 3"))).isEqualTo("+OK");
      assertThat(client.ask(resp("AUTH", "wrong"))).isEqualTo("-ERR invalid password");
      assertThat(client.ask(resp("GET", "k"))).isEqualTo("-NOAUTH Authentication required");
      try (var direct = RawClient.connect(server.port())) {
        direct.send(resp("AUTH", "secret") + resp("SELECT", "3") + resp("GET", "k"));
        assertThat(direct.line() + direct.line() + direct.line()).isEqualTo("+OK+OK$4");
      }
      assertThat(proxy.servers(ServerField.REQUESTS)).isEqualTo(1);
    }
  }

  @Test
  void twoArgumentsOfAuthAreAUserAndThePassword(SharedServers servers) {
    try (var proxy = ProxyUnderTest.start(redisPool(servers.redis(), "redis_auth: secret"));
        var client = proxy.connect()) {
      client.send(resp("AUTH", "other", "secret") + resp("AUTH", "default", "secret"));
      assertThat(client.line()).startsWith("-WRONGPASS");
      assertThat(client.line()).isEqualTo("+OK");
      assertThat(client.ask(resp("PING"))).isEqualTo("+PONG");
    }
  }

  @Test
  void withoutAPasswordThereIsNothingToTell(SharedServers servers) {
    try (var proxy = ProxyUnderTest.start(redisPool(servers.redis()));
        var client = proxy.connect()) {
      assertThat(client.ask(resp("AUTH", "x")))
          .isEqualTo("-ERR Client sent AUTH, but no password is set");
      assertThat(client.ask(resp("PING"))).isEqualTo("+PONG");
    }
  }

  @Test
  void aServerThatRefusesThePasswordOrTheDatabase() {
    try (var server = RealServer.redis("--requirepass", "other");
        var proxy = ProxyUnderTest.start(redisPool(List.of(server.port()), "redis_auth: secret"));
        var client = proxy.connect()) {
      client.send(resp("AUTH", "secret") + resp("GET", "k") + resp("GET", "l"));
      assertThat(client.line()).isEqualTo("+OK");
      assertThat(client.line()).isEqualTo("-ERR server authentication failed");
      assertThat(client.line()).isEqualTo("-ERR server authentication failed");
      assertThat(client.ask(resp("GET", "k"))).isEqualTo("-ERR server authentication failed");
    }
    try (var server = RealServer.redis();
        var proxy = ProxyUnderTest.start(redisPool(List.of(server.port()), "redis_db: 99"));
        var client = proxy.connect()) {
      assertThat(client.ask(resp("GET", "k"))).isEqualTo("-ERR server select failed");
      assertThat(client.ask(resp("PING"))).isEqualTo("+PONG");
      assertThat(proxy.log()).anyMatch(line -> line.contains("SELECT 99 failed on redis | "));
    }
  }

  @Test
  @Timeout(20)
  void unixSocketsOnBothSides(@TempDir Path directory) throws IOException {
    Path listen = directory.resolve("listen");
    try (var redis = RealServer.redisOnUnixSocket();
        var memcached = RealServer.memcachedOnUnixSocket();
        var proxy =
            ProxyUnderTest.start(
                redisPool(
                    List.of(redis.socket() + ":1"), "listen: " + listen + " 0600", "redis_db: 2"),
                memcachedPool(List.of(memcached.socket() + ":1")));
        var one = RawClient.connect(listen);
        var two = RawClient.connect(proxy.port(1))) {
      assertThat(one.ask(resp("SET", "k", "v"))).isEqualTo("+OK");
      one.send(resp("MGET", "k", "l") + resp("QUIT"));
      assertThat(one.readToEnd()).isEqualTo("*2\r\n$1\r\nv\r\n$-1\r\n+OK\r\n");
      assertThat(two.ask("set k 0 0 1\r\nx\r\n")).isEqualTo("STORED");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(listen)))
          .isEqualTo("rw-------");
      assertThat(proxy.servers(ServerField.SERVER_CONNECTIONS)).isEqualTo(1);
    }
  }

  @Test
  void aClientKeepsToOneConnectionOfAServer() {
    var connections = new AtomicInteger();
    try (var server =
            ScriptedServer.start(
                peer -> {
                  int number = connections.incrementAndGet();
                  while (true) {
                    peer.request();
                    peer.send(":" + number + "\r\n");
                  }
                });
        var proxy =
            ProxyUnderTest.start(redisPool(List.of(server.port()), "server_connections: 3"))) {
      List<RawClient> clients = new ArrayList<>();
      List<String> first = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        clients.add(proxy.connect());
        first.add(clients.get(i).ask(resp("GET", "k")));
      }
      assertThat(first).containsExactly(":1", ":2", ":3", ":1", ":2", ":3");
      for (int i = 0; i < 60; i++) {
        assertThat(clients.get(i % 6).ask(resp("INCR", "k" + i))).isEqualTo(first.get(i % 6));
      }
      assertThat(proxy.servers(ServerField.SERVER_CONNECTIONS)).isEqualTo(3);
      // The one that leaves makes room for the next.
      clients.get(1).close();
      ProxyUnderTest.await(
          "the client gone", () -> proxy.stats().pool(0, PoolField.CLIENT_CONNECTIONS) == 5);
      try (var next = proxy.connect()) {
        assertThat(next.ask(resp("GET", "k"))).isEqualTo(":2");
      }
      clients.forEach(RawClient::close);
    }
  }

  /// Connections are made one for each client that needs one, however many are allowed.
  @Test
  void connectionsAreMadeWhenTheyAreNeeded() {
    try (var server = ScriptedServer.start(ServerConnectionsTest::yesToAll);
        var proxy =
            ProxyUnderTest.start(redisPool(List.of(server.port()), "server_connections: 65535"))) {
      try (var one = proxy.connect();
          var two = proxy.connect();
          var three = proxy.connect()) {
        for (var client : List.of(one, two, one, three, two)) {
          assertThat(client.ask(resp("GET", "k"))).isEqualTo("+yes");
        }
        assertThat(proxy.servers(ServerField.SERVER_CONNECTIONS)).isEqualTo(3);
      }
    }
  }

  private static void yesToAll(ScriptedServer.Peer peer) throws IOException {
    while (true) {
      peer.request();
      peer.send("+yes\r\n");
    }
  }

  @Test
  void whatOneClientWritesItReadsThoughConnectionsAreMany(SharedServers servers) {
    try (var proxy =
        ProxyUnderTest.start(memcachedPool(servers.memcached(), "server_connections: 4"))) {
      List<RawClient> clients = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        clients.add(proxy.connect());
      }
      String key = servers.key();
      for (int round = 100; round < 200; round++) {
        for (int i = 0; i < 8; i++) {
          clients
              .get(i)
              .send(
                  "set " + key + i + " 0 0 3 noreply\r\n" + round + "\r\nget " + key + i + "\r\n");
        }
        for (RawClient client : clients) {
          client.line();
          assertThat(client.line()).isEqualTo("" + round);
          assertThat(client.line()).isEqualTo("END");
        }
      }
      clients.forEach(RawClient::close);
    }
  }

  @Test
  void withPreconnectTheConnectionsStandBeforeTheFirstRequest(SharedServers servers) {
    try (var proxy = ProxyUnderTest.start(redisPool(servers.redis(), "preconnect: true"))) {
      ProxyUnderTest.await("connections", () -> proxy.servers(ServerField.SERVER_CONNECTIONS) == 2);
    }
  }
}
