package twemlab.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static twemlab.proxy.testing.ProxyUnderTest.redisPool;
import static twemlab.proxy.testing.RawClient.resp;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import twemlab.proxy.stats.PoolField;
import twemlab.proxy.stats.ServerField;
import twemlab.proxy.testing.ProxyUnderTest;
import twemlab.proxy.testing.ScriptedServer;

/// Where the keys of divided requests go, and what is counted of them.
class RoutingTest {
  @TempDir private Path directory;

  /// C10: the first server fails while the request is being forwarded, and is ejected by that. The
  /// other keys go where the ring of the request's beginning had them, not where the new ring has
  /// them.
  @Test
  void aRingThatChangesMeanwhileDividesNoRequest() {
    Map<String, Integer> serverOf = new ConcurrentHashMap<>();
    try (var one = ScriptedServer.start(peer -> noteKeys(peer, serverOf, 1));
        var two = ScriptedServer.start(peer -> noteKeys(peer, serverOf, 2));
        var proxy =
            ProxyUnderTest.start(
                redisPool(
                    List.of(
                        directory.resolve("none") + ":1 s0",
                        "127.0.0.1:" + one.port() + ":1 s1",
                        "127.0.0.1:" + two.port() + ":1 s2"),
                    "hash: crc32a",
                    "distribution: modula",
                    "auto_eject_hosts: true",
                    "server_failure_limit: 1"));
        var client = proxy.connect()) {
      List<String> words = new ArrayList<>(List.of("MGET"));
      IntStream.range(0, 16).forEach(i -> words.add("k" + i));
      assertThat(client.command(words.toArray(String[]::new)).line())
          .isEqualTo("-ERR No such file or directory");
      ProxyUnderTest.await("both fragments", () -> serverOf.size() == owned());
      serverOf.forEach((key, server) -> assertThat((long) server).isEqualTo(crc32(key) % 3));
      assertThat(proxy.stats().pool(0, PoolField.SERVER_EJECTS)).isEqualTo(1);
      assertThat(proxy.stats().pool(0, PoolField.FRAGMENTS)).isEqualTo(3);
    }
  }

  private static int owned() {
    return (int) IntStream.range(0, 16).filter(i -> crc32("k" + i) % 3 != 0).count();
  }

  private static long crc32(String key) {
    var crc = new CRC32();
    crc.update(key.getBytes(StandardCharsets.US_ASCII));
    return crc.getValue();
  }

  private static void noteKeys(ScriptedServer.Peer peer, Map<String, Integer> serverOf, int server)
      throws IOException {
    while (true) {
      List<String> keys = List.of(peer.request().split(" ", -1));
      keys.subList(1, keys.size()).forEach(key -> serverOf.put(key, server));
      peer.send("*" + (keys.size() - 1) + "\r\n" + "$-1\r\n".repeat(keys.size() - 1));
    }
  }

  /// C8, C9: the counters are what went over the wires.
  @Test
  void countersOfADividedRequestEqualTheWire() {
    List<String> wire = new ArrayList<>();
    try (var one = ScriptedServer.start(peer -> noteBytes(peer, wire));
        var two = ScriptedServer.start(peer -> noteBytes(peer, wire));
        var proxy = ProxyUnderTest.start(redisPool(List.of(one.port(), two.port())));
        var client = proxy.connect()) {
      List<String> words = new ArrayList<>(List.of("MSET"));
      for (int i = 0; i < 20; i++) {
        words.addAll(List.of("key" + i * 7919, "v".repeat(i)));
      }
      assertThat(client.command(words.toArray(String[]::new)).line()).isEqualTo("+OK");
      int bytes = wire.stream().mapToInt(String::length).sum();
      assertThat(proxy.servers(ServerField.REQUESTS)).isEqualTo(2);
      assertThat(proxy.servers(ServerField.REQUEST_BYTES)).isEqualTo(bytes);
      assertThat(proxy.servers(ServerField.RESPONSES)).isEqualTo(2);
      assertThat(proxy.servers(ServerField.RESPONSE_BYTES)).isEqualTo(10);
      assertThat(proxy.stats().pool(0, PoolField.FRAGMENTS)).isEqualTo(2);
    }
  }

  private static void noteBytes(ScriptedServer.Peer peer, List<String> wire) throws IOException {
    while (true) {
      String request = peer.request();
      synchronized (wire) {
        // No word here holds a space, but values may be empty.
        wire.add(resp(request.split(" ", -1)));
      }
      peer.send("+OK\r\n");
    }
  }
}
