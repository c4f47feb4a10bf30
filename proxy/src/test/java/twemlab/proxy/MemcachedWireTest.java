package twemlab.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static twemlab.proxy.testing.ProxyUnderTest.memcachedPool;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import twemlab.event.backend.Backend;
import twemlab.event.backend.EventBases;
import twemlab.proxy.stats.PoolField;
import twemlab.proxy.stats.ServerField;
import twemlab.proxy.testing.ProxyUnderTest;
import twemlab.proxy.testing.ScriptedServer;
import twemlab.proxy.testing.SharedServers;

/// memcached on the wire, through the proxy, before two real servers or scripted ones.
@ExtendWith(SharedServers.Extension.class)
class MemcachedWireTest {

  /// Requests of every shape; `K` stands for a key of the test's own.
  private static final String SCRIPT =
      """
      set K 5 0 5
      value
      set Kb 0 0 0 noreply

      add K 0 0 1
      x
      add Kc 0 0 1 noreply
      c
      get K
      get K Kb  K Kc Knone
      get Knone
      append K 0 0 1
      >
      prepend K 0 0 1
      <
      get K
      replace Knone 0 0 1
      x
      cas Knone 0 0 1 17
      x
      incr Knone 1
      set Kn 0 0 2
      41
      incr Kn 1
      decr Kn 40
      incr Kn 3 noreply
      get Kn
      touch K 100
      touch Knone -1
      incr K 1
      delete Kn
      delete Kn
      delete Kb noreply
      gets Knone Kb Knone
      """
          .replace("\n", "\r\n");

  private static final String REPLIES =
      """
      STORED
      NOT_STORED
      VALUE K 5 5
      value
      END
      VALUE K 5 5
      value
      VALUE Kb 0 0

      VALUE K 5 5
      value
      VALUE Kc 0 1
      c
      END
      END
      STORED
      STORED
      VALUE K 5 7
      <value>
      END
      NOT_STORED
      NOT_FOUND
      NOT_FOUND
      STORED
      42
      2
      VALUE Kn 0 2
      5\s
      END
      TOUCHED
      NOT_FOUND
      CLIENT_ERROR cannot increment or decrement non-numeric value
      DELETED
      NOT_FOUND
      END
      """
          .replace("\n", "\r\n");

  @ParameterizedTest
  @MethodSource("twemlab.proxy.testing.ProxyUnderTest#backends")
  void aPipelineIsAnsweredInOrder(Backend backend, SharedServers servers) {
    try (var proxy = ProxyUnderTest.start(backend, 16384, memcachedPool(servers.memcached()));
        var client = proxy.connect()) {
      String key = servers.key();
      String replies = REPLIES.replace("K", key);
      client.send(SCRIPT.replace("K", key));
      assertThat(client.read(replies.length())).isEqualTo(replies);
    }
  }

  @ParameterizedTest
  @MethodSource("twemlab.proxy.testing.ProxyUnderTest#backends")
  void bytesThatComeOneByOneMakeTheSameRequests(Backend backend, SharedServers servers) {
    try (var proxy = ProxyUnderTest.start(backend, 512, memcachedPool(servers.memcached()));
        var client = proxy.connect()) {
      String key = servers.key();
      String replies = REPLIES.replace("K", key);
      client.sendByteByByte(SCRIPT.replace("K", key));
      assertThat(client.read(replies.length())).isEqualTo(replies);
    }
  }

  @Test
  void anyTwoPiecesMakeTheSameRequests(SharedServers servers) {
    try (var proxy = ProxyUnderTest.start(memcachedPool(servers.memcached()));
        var client = proxy.connect()) {
      String key = servers.key();
      String script = (SCRIPT + "delete K\ndelete Kc\n".replace("\n", "\r\n")).replace("K", key);
      String replies = (REPLIES + "DELETED\r\nDELETED\r\n").replace("K", key);
      for (int cut = 1; cut < script.length(); cut++) {
        client.send(script.substring(0, cut));
        if (cut % 7 == 0) {
          ProxyUnderTest.sleep(1);
        }
        client.send(script.substring(cut));
        assertThat(client.read(replies.length())).as("cut at " + cut).isEqualTo(replies);
      }
    }
  }

  @Test
  void aMultiGetOfManyKeysIsAnsweredInTheirOrder(SharedServers servers) {
    try (var proxy = ProxyUnderTest.start(memcachedPool(servers.memcached()));
        var client = proxy.connect()) {
      String key = servers.key();
      for (int i = 0; i < 300; i++) {
        client.send("set " + key + "." + i + " 0 0 3 noreply\r\n" + (100 + i) + "\r\n");
      }
      // A key of each server, so that all of the above was done when it is answered.
      String all =
          IntStream.range(0, 300).mapToObj(i -> key + "." + i).collect(Collectors.joining(" "));
      client.send("get " + all + "\r\n");
      String expected =
          IntStream.range(0, 300)
              .mapToObj(i -> "VALUE " + key + "." + i + " 0 3\r\n" + (100 + i) + "\r\n")
              .collect(Collectors.joining("", "", "END\r\n"));
      assertThat(client.read(expected.length())).isEqualTo(expected);
      assertThat(proxy.stats().pool(0, PoolField.FRAGMENTS)).isEqualTo(2);
    }
  }

  @Test
  void valuesOfAllSizes(SharedServers servers) {
    try (var proxy =
            ProxyUnderTest.start(EventBases.EPOLL, 1024, memcachedPool(servers.memcached()));
        var client = proxy.connect()) {
      String key = servers.key();
      for (int size :
          new int[] {0, 1, 975, 976, 977, 1023, 1024, 1025, 65_536, 524_288, 3_000_000}) {
        String value = "x".repeat(size);
        client.send(
            "set "
                + key
                + " 0 0 "
                + size
                + "\r\n"
                + value
                + "\r\nget "
                + key
                + " "
                + key
                + "z\r\n");
        String expected = "STORED\r\nVALUE " + key + " 0 " + size + "\r\n" + value + "\r\nEND\r\n";
        assertThat(client.read(expected.length()).equals(expected)).as("size " + size).isTrue();
      }
    }
  }

  @Test
  void quitAnswersWhatCameBeforeAndNothingBehind(SharedServers servers) {
    try (var proxy = ProxyUnderTest.start(memcachedPool(servers.memcached()));
        var client = proxy.connect()) {
      client.send("get " + servers.key() + "\r\nquit\r\nversion\r\n");
      assertThat(client.readToEnd()).isEqualTo("END\r\n");
    }
  }

  @Test
  void aBrokenRequestIsClosedAtAndWhatPrecedesItIsAnswered(SharedServers servers) {
    try (var proxy = ProxyUnderTest.start(memcachedPool(servers.memcached()));
        var bystander = proxy.connect()) {
      String key = servers.key();
      for (String broken :
          List.of("set " + key + " 0 0 1\r\nab\r\n", "set " + key + " 0 0\r\n", " ".repeat(101))) {
        try (var client = proxy.connect()) {
          client.send("get " + key + " " + key + "x\r\n" + broken + "version\r\n");
          assertThat(client.readToEnd())
              .as(broken)
              .matches("END\r\n(ERROR|CLIENT_ERROR [^\r]+)\r\n");
        }
        assertThat(bystander.ask("get " + key + "\r\n")).isEqualTo("END");
      }
      assertThat(proxy.stats().pool(0, PoolField.CLIENT_ERR)).isEqualTo(3);
    }
  }

  @Test
  void anErrorThatAnswersNoreplyIsNobodysAnswer() {
    try (var server =
            ScriptedServer.start(
                peer -> {
                  while (true) {
                    String line = peer.line();
                    if (line.startsWith("set")) {
                      peer.line();
                      peer.send("SERVER_ERROR out of memory storing object\r\n");
                    } else {
                      peer.send("VALUE k 0 1\r\nv\r\nEND\r\n");
                    }
                    assertThat(line).doesNotContain("noreply");
                  }
                });
        var proxy = ProxyUnderTest.start(memcachedPool(List.of(server.port())));
        var one = proxy.connect();
        var other = proxy.connect()) {
      for (int i = 0; i < 50; i++) {
        one.send("set k 0 0 1 noreply\r\nx\r\nget k\r\n");
        other.send("get k\r\n");
        assertThat(one.line() + one.line() + one.line()).isEqualTo("VALUE k 0 1vEND");
        assertThat(other.line() + other.line() + other.line()).isEqualTo("VALUE k 0 1vEND");
      }
      assertThat(proxy.servers(ServerField.REQUESTS)).isEqualTo(150);
      assertThat(proxy.servers(ServerField.RESPONSES)).isEqualTo(100);
    }
  }

  /// As nutcracker has it: the place of each key takes the next block of its server, so behind a
  /// miss the blocks of that server move up.
  @Test
  void behindAMissTheBlocksOfOneServerMoveUp() {
    try (var first = ScriptedServer.start(MemcachedWireTest::hasOnlyHits);
        var second = ScriptedServer.start(MemcachedWireTest::hasOnlyHits);
        var proxy =
            ProxyUnderTest.start(
                memcachedPool(
                    List.of(first.port(), second.port()), "hash: crc32a", "distribution: modula"));
        var client = proxy.connect()) {
      String hit = keyOf("hit", 0);
      String other = keyOf("hit", 1);
      client.send("get " + keyOf("miss", 0) + " " + other + " " + hit + "\r\n");
      String block = "VALUE %s 0 1\r\nv\r\n";
      String expected = block.formatted(hit) + block.formatted(other) + "END\r\n";
      assertThat(client.read(expected.length())).isEqualTo(expected);
    }
  }

  private static void hasOnlyHits(ScriptedServer.Peer peer) throws IOException {
    while (true) {
      StringBuilder reply = new StringBuilder();
      for (String key : peer.line().trim().substring("get ".length()).split(" ", -1)) {
        reply.append(key.startsWith("miss") ? "" : "VALUE " + key + " 0 1\r\nv\r\n");
      }
      peer.send(reply + "END\r\n");
    }
  }

  private static String keyOf(String prefix, int server) {
    return IntStream.range(0, 100)
        .mapToObj(i -> prefix + i)
        .filter(key -> crc32(key) % 2 == server)
        .findFirst()
        .orElseThrow();
  }

  private static long crc32(String key) {
    var crc = new CRC32();
    crc.update(key.getBytes(StandardCharsets.US_ASCII));
    return crc.getValue();
  }

  @Test
  void aValueThatNobodyAskedForFailsTheRequestAlone() {
    try (var server =
            ScriptedServer.start(
                peer -> {
                  while (true) {
                    boolean wrong = peer.line().contains("wrong");
                    peer.send("VALUE " + (wrong ? "other" : "k") + " 0 1\r\nv\r\nEND\r\n");
                  }
                });
        var proxy = ProxyUnderTest.start(memcachedPool(List.of(server.port(), server.port())));
        var client = proxy.connect()) {
      String many =
          IntStream.range(0, 20).mapToObj(i -> " wrong" + i).collect(Collectors.joining());
      assertThat(client.ask("get" + many + "\r\n")).isEqualTo("SERVER_ERROR Invalid argument");
      assertThat(client.ask("get k\r\n")).isEqualTo("VALUE k 0 1");
    }
  }
}
