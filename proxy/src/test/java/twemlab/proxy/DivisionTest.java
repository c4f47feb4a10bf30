package twemlab.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static twemlab.proxy.testing.ProxyUnderTest.memcachedPool;
import static twemlab.proxy.testing.ProxyUnderTest.redisPool;
import static twemlab.proxy.testing.RawClient.resp;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import twemlab.proxy.message.KeyWork;
import twemlab.proxy.testing.ProxyUnderTest;
import twemlab.proxy.testing.RawClient;
import twemlab.proxy.testing.ScriptedServer;
import twemlab.proxy.testing.SharedServers;

/// Requests of many keys: bounded heap, bounded work in a turn, and the same bytes whatever the
/// size of a slice.
@ExtendWith(SharedServers.Extension.class)
class DivisionTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int MILLION = 1_000_000;
  private static final int MEBIBYTE = 1 << 20;

  @ParameterizedTest(name = "{0} keys a turn, mbufs of {1} bytes")
  @CsvSource({"1, 16384", "4, 512", "7, 1024", "100, 512", "4096, 512", "4096, 16384"})
  void anySliceSizeGivesTheSameBytes(int keysPerTurn, int mbufBytes, SharedServers servers) {
    String key = servers.key();
    try (var proxy =
            ProxyUnderTest.startSliced(keysPerTurn, mbufBytes, redisPool(servers.redis()));
        var client = proxy.connect()) {
      List<String> pairs = new ArrayList<>(List.of("MSET"));
      List<String> names = new ArrayList<>(List.of("MGET"));
      StringBuilder values = new StringBuilder("*300\r\n");
      for (int i = 0; i < 300; i++) {
        String name = key + "x".repeat(i % 60) + i;
        String value = "v".repeat(i % 37 == 0 ? 40 * i : i % 5) + "\r\n";
        names.add(name);
        if (i % 3 == 0) {
          values.append("$-1\r\n");
        } else {
          pairs.add(name);
          pairs.add(value);
          values.append('$').append(value.length()).append("\r\n").append(value).append("\r\n");
        }
      }
      names.add(names.get(2));
      values.replace(0, 4, "*301");
      values.append(bulkOf(pairs.get(2)));
      String mget = resp(names.toArray(String[]::new));
      client.send(resp(pairs.toArray(String[]::new)) + mget + resp("PING"));
      assertThat(client.line()).isEqualTo("+OK");
      assertThat(client.read(values.length())).isEqualTo(values.toString());
      assertThat(client.line()).isEqualTo("+PONG");
      names.set(0, "DEL");
      assertThat(client.ask(resp(names.toArray(String[]::new)))).isEqualTo(":200");
    }
  }

  private static String bulkOf(String value) {
    return "$" + value.length() + "\r\n" + value + "\r\n";
  }

  @ParameterizedTest(name = "{0} keys a turn, mbufs of {1} bytes")
  @CsvSource({"1, 16384", "5, 512", "4096, 512"})
  void theSameForMemcached(int keysPerTurn, int mbufBytes, SharedServers servers) {
    String key = servers.key();
    try (var proxy =
            ProxyUnderTest.startSliced(keysPerTurn, mbufBytes, memcachedPool(servers.memcached()));
        var client = proxy.connect()) {
      StringBuilder blocks = new StringBuilder();
      for (int i = 0; i < 100; i++) {
        String value = "v".repeat(i % 17 == 0 ? 30 * i : i % 5);
        String block = key + i + " 0 " + value.length() + "\r\n" + value + "\r\n";
        client.send("set " + block.replace(key + i + " 0 ", key + i + " 0 0 "));
        assertThat(client.line()).isEqualTo("STORED");
        blocks.append("VALUE ").append(block);
      }
      String keys =
          String.join("  ", IntStream.range(0, 100).mapToObj(i -> key + i).toArray(String[]::new));
      client.send("get  " + keys + " \r\nversion\r\n");
      assertThat(client.read(blocks.length())).isEqualTo(blocks.toString());
      assertThat(client.line()).isEqualTo("END");
      assertThat(client.line()).startsWith("VERSION");
    }
  }

  /// Three tables of a million keys, and twice that of elements, would be 100 MB.
  @Test
  void threeMgetsOfAMillionKeysTakeNearlyNoHeap(SharedServers servers) throws Exception {
    String request = manyKeys("MGET", servers.key(), MILLION);
    try (var proxy = ProxyUnderTest.start(redisPool(servers.redis()));
        ExecutorService clients = Executors.newFixedThreadPool(3)) {
      warmUp(proxy, servers.key());
      long before = THREADS.getThreadAllocatedBytes(proxy.threadId());
      List<Future<Integer>> misses = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        misses.add(clients.submit(() -> misses(proxy, request)));
      }
      for (Future<Integer> each : misses) {
        assertThat(each.get()).isEqualTo(MILLION);
      }
      long allocated = THREADS.getThreadAllocatedBytes(proxy.threadId()) - before;
      assertThat(allocated).as("bytes that the loop's thread allocated").isLessThan(8 * MEBIBYTE);
    }
  }

  /// Its keys are copied into fragments, and what is copied is let go of.
  @Test
  void aLargeRequestIsNotKeptTwice(SharedServers servers) {
    int keys = 200_000;
    String request = manyKeys("MGET", servers.key() + "-".repeat(20), keys);
    try (var proxy = ProxyUnderTest.startSliced(16, 16384, redisPool(servers.redis()));
        var client = proxy.connect()) {
      var mbufs = proxy.instance().mbufs();
      KeyWork work = proxy.instance().context().keyWork;
      client.send(request);
      long most = 0;
      long latest = 0;
      for (long done = 0; done < keys; done = proxy.ask(work::keysDone)) {
        latest = Math.max(latest, done);
        most = Math.max(most, proxy.ask(() -> (long) mbufs.used() * mbufs.mbufBytes()));
      }
      assertThat(latest).as("keys divided when it was last measured").isGreaterThan(keys / 2);
      assertThat(most).isLessThan(5L * request.length() / 4);
      client.skip("*200000\r\n".length() + keys * "$-1\r\n".length());
    }
  }

  private static void warmUp(ProxyUnderTest proxy, String key) {
    try (RawClient client = proxy.connect()) {
      client.send(manyKeys("MGET", key, 3));
      client.skip("*3\r\n".length() + 3 * "$-1\r\n".length());
    }
  }

  private static int misses(ProxyUnderTest proxy, String request) {
    try (RawClient client = proxy.connect()) {
      client.send(request);
      int count = Integer.parseInt(client.line().substring(1));
      String miss = "$-1\r\n";
      int batch = 10_000;
      for (int left = count; left > 0; left -= batch) {
        assertThat(client.read(batch * miss.length())).isEqualTo(miss.repeat(batch));
      }
      return count;
    }
  }

  private static String manyKeys(String command, String prefix, int keys) {
    StringBuilder text = new StringBuilder("*" + (keys + 1) + "\r\n" + bulkOf(command));
    for (int i = 0; i < keys; i++) {
      // Neighbours that differ in the last digit only often have the same server.
      text.append(bulkOf(prefix + i * 48_271L % Integer.MAX_VALUE));
    }
    return text.toString();
  }

  /// An unfinished request is the client's to end: nobody may be made to keep more than its bytes.
  @Test
  void keysOfUnfinishedRequestsTakeNoHeap(SharedServers servers) {
    byte[] redis =
        ("*1000001\r\n$4\r\nMGET\r\n" + "$0\r\n\r\n".repeat(900_000)).getBytes(ISO_8859_1);
    byte[] memcached = ("get" + " a".repeat(900_000)).getBytes(ISO_8859_1);
    try (var proxy =
            ProxyUnderTest.start(redisPool(servers.redis()), memcachedPool(servers.memcached()));
        var one = RawClient.connect(proxy.port(0));
        var other = RawClient.connect(proxy.port(1))) {
      int redisPool = proxy.instance().context().pools().getFirst().conf().redis() ? 0 : 1;
      warmUp(redisPool == 0 ? proxy.port(0) : proxy.port(1));
      long before = THREADS.getThreadAllocatedBytes(proxy.threadId());
      long mapped = proxy.mappedBytes();
      (redisPool == 0 ? one : other).send(redis);
      (redisPool == 0 ? other : one).send(memcached);
      ProxyUnderTest.await(
          "both are read",
          () -> proxy.mappedBytes() - mapped > redis.length + memcached.length - MEBIBYTE);
      long allocated = THREADS.getThreadAllocatedBytes(proxy.threadId()) - before;
      assertThat(allocated).as("bytes that the loop's thread allocated").isLessThan(3 * MEBIBYTE);
    }
  }

  private static void warmUp(int port) {
    try (RawClient client = RawClient.connect(port)) {
      assertThat(client.ask(resp("PING"))).isEqualTo("+PONG");
    }
  }

  @Test
  void othersAreServedBetweenTheSlices(SharedServers servers) {
    int keysPerTurn = 16;
    String key = servers.key();
    try (var proxy = ProxyUnderTest.startSliced(keysPerTurn, 16384, redisPool(servers.redis()));
        var greedy = proxy.connect();
        var client = proxy.connect()) {
      KeyWork work = proxy.instance().context().keyWork;
      assertThat(client.ask(resp("SET", key, "1"))).isEqualTo("+OK");
      greedy.send(manyKeys("MGET", key, MILLION));
      ProxyUnderTest.await("the first slice", () -> proxy.ask(work::keysDone) > 0);
      for (int i = 0; i < 20; i++) {
        long[] before =
            proxy.ask(() -> new long[] {proxy.instance().loop().turns(), work.keysDone()});
        assertThat(client.ask(resp("GET", key))).isEqualTo("$1");
        assertThat(client.line()).isEqualTo("1");
        long[] after =
            proxy.ask(() -> new long[] {proxy.instance().loop().turns(), work.keysDone()});
        long turns = after[0] - before[0];
        assertThat(after[1]).as("keys divided when others were served").isLessThan(MILLION);
        assertThat(after[1] - before[1])
            .as("in %d turns", turns)
            .isLessThanOrEqualTo((turns + 1) * keysPerTurn);
      }
      greedy.reset();
      ProxyUnderTest.await("the division gone", () -> !proxy.ask(work::isWaiting));
      assertThat(proxy.ask(() -> proxy.instance().context().divisions.used())).isZero();
    }
  }

  @Test
  void aClientThatLeavesWhileItsReplyIsGatheredLeavesNothing() {
    int keys = 20_000;
    try (var first = ScriptedServer.start(DivisionTest::answerManyMisses);
        var second = ScriptedServer.start(DivisionTest::answerManyMisses);
        var proxy =
            ProxyUnderTest.startSliced(1, 16384, redisPool(List.of(first.port(), second.port())))) {
      KeyWork work = proxy.instance().context().keyWork;
      try (var client = proxy.connect()) {
        client.send(manyKeys("MGET", "key", keys));
        ProxyUnderTest.await("gathering", () -> proxy.ask(work::keysDone) > keys);
        client.reset();
        ProxyUnderTest.await("an end of it", () -> !proxy.ask(work::isWaiting));
      }
      assertThat(proxy.ask(work::keysDone)).isLessThan(2L * keys);
    }
  }

  private static void answerManyMisses(ScriptedServer.Peer peer) throws IOException {
    while (true) {
      int keys = peer.request().split(" ").length - 1;
      peer.send("*" + keys + "\r\n" + "$-1\r\n".repeat(keys));
    }
  }

  /// What a client sends behind a request that is being divided waits for it.
  @Test
  void theOrderOfAClientsRequestsIsKept(SharedServers servers) {
    String key = servers.key();
    try (var proxy = ProxyUnderTest.startSliced(1, 16384, redisPool(servers.redis()));
        var client = proxy.connect()) {
      String[] pairs =
          Stream.concat(
                  Stream.of("MSET"),
                  IntStream.range(0, 200).boxed().flatMap(i -> Stream.of(key + i, "new")))
              .toArray(String[]::new);
      StringBuilder batch = new StringBuilder();
      StringBuilder replies = new StringBuilder();
      for (int i = 0; i < 200; i += 20) {
        batch.append(resp("SET", key + i, "old")).append(resp(pairs)).append(resp("GET", key + i));
        replies.append("+OK\r\n+OK\r\n$3\r\nnew\r\n");
      }
      client.send(batch.toString());
      assertThat(client.read(replies.length())).isEqualTo(replies.toString());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "-9223372036854775807, -1, -9223372036854775808",
    "-9223372036854775808, -9223372036854775808, -9223372036854775808",
    "9223372036854775807, 1, 9223372036854775807",
    "9223372036854775807, -1, 9223372036854775806",
    "99999999999999999999, 99999999999999999999, 9223372036854775807"
  })
  void aSumStaysAtTheNearestNumber(String one, String other, String sum) {
    try (var first = ScriptedServer.start(peer -> answer(peer, one));
        var second = ScriptedServer.start(peer -> answer(peer, other));
        var proxy = ProxyUnderTest.start(redisPool(List.of(first.port(), second.port())));
        var client = proxy.connect()) {
      String[] keys = IntStream.range(0, 40).mapToObj(i -> i + "-key").toArray(String[]::new);
      String del = resp(Stream.concat(Stream.of("DEL"), Stream.of(keys)).toArray(String[]::new));
      assertThat(client.ask(del)).isEqualTo(":" + sum);
    }
  }

  private static void answer(ScriptedServer.Peer peer, String number) throws IOException {
    while (true) {
      peer.request();
      peer.send(":" + number + "\r\n");
    }
  }
}
