package twemlab.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static twemlab.proxy.testing.ProxyUnderTest.memcachedPool;
import static twemlab.proxy.testing.ProxyUnderTest.redisPool;
import static twemlab.proxy.testing.RawClient.resp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import twemlab.event.backend.Backend;
import twemlab.event.backend.EventBases;
import twemlab.proxy.message.MemoryLimits;
import twemlab.proxy.stats.ProcessField;
import twemlab.proxy.stats.ServerField;
import twemlab.proxy.testing.ProxyUnderTest;
import twemlab.proxy.testing.RawClient;
import twemlab.proxy.testing.RealServer;
import twemlab.proxy.testing.ScriptedServer;
import twemlab.proxy.testing.SharedServers;

/// One budget for the process: nobody exhausts it, and nobody else pays.
@ExtendWith(SharedServers.Extension.class)
class MemoryBudgetTest {
  private static final int MIB = 1 << 20;
  private static final int MBUF = 4096;

  /// 8 MiB, and a heap for 20,000 messages.
  private static final MemoryLimits LITTLE = new MemoryLimits(8 * MIB / MBUF, 20_000, 4 * MIB);

  /// What may be in use beyond the limit before it is noticed: a turn's reading.
  private static final int TURN = MIB;

  private static ProxyUnderTest little(Backend backend, String... pools) {
    return ProxyUnderTest.start(backend, MBUF, LITTLE, pools);
  }

  private static long value(ProxyUnderTest proxy, ProcessField field) {
    return proxy.stats().process(field);
  }

  /// Waits until a number has not changed for a while.
  private static long settled(ProxyUnderTest proxy, ProcessField field) {
    long last = -1;
    for (long now = value(proxy, field); now != last; now = value(proxy, field)) {
      last = now;
      ProxyUnderTest.sleep(100);
    }
    return last;
  }

  private static void assertWithinLimit(ProxyUnderTest proxy) {
    assertThat(value(proxy, ProcessField.MEMORY_USED)).isLessThan(8 * MIB + TURN);
    assertThat(proxy.mappedBytes()).isLessThan(8 * MIB + 2 * TURN);
    assertThat(value(proxy, ProcessField.MESSAGES_USED)).isLessThan(LITTLE.messages());
  }

  @ParameterizedTest
  @MethodSource("twemlab.proxy.testing.ProxyUnderTest#backends")
  void manyClientsBeforeAStoppedServerWaitAndThenGetEverything(
      Backend backend, SharedServers servers) {
    try (RealServer stopped = RealServer.redis();
        ProxyUnderTest proxy =
            little(
                backend, redisPool(List.of(stopped.port())), memcachedPool(servers.memcached()))) {
      StringBuilder requests = new StringBuilder();
      StringBuilder replies = new StringBuilder();
      try (RawClient client = proxy.connect()) {
        for (int i = 0; i < 1000; i++) {
          client.command("SET", "k" + i, "v" + i).skip(5);
          requests.append(resp("GET", "k" + i));
          String value = "v" + i;
          replies.append("$" + value.length() + "\r\n" + value + "\r\n");
        }
      }
      stopped.suspend();
      List<RawClient> clients = new ArrayList<>();
      try {
        for (int i = 0; i < 200; i++) {
          clients.add(proxy.connect().send(requests.toString()));
        }
        long messages = settled(proxy, ProcessField.MESSAGES_USED);
        assertThat(messages).isBetween(1_000L, LITTLE.messages() / 2L);
        assertThat(value(proxy, ProcessField.CLIENTS_WAITING)).isPositive();
        assertWithinLimit(proxy);
        assertServes(proxy, 1, servers);
        stopped.resume();
        for (RawClient client : clients) {
          assertThat(client.read(replies.length())).isEqualTo(replies.toString());
        }
        assertThat(value(proxy, ProcessField.CLIENTS_EVICTED)).isZero();
      } finally {
        stopped.resume();
        clients.forEach(RawClient::close);
      }
    }
  }

  /// What is read of them and not taken stays in the transport's buffers: an mbuf of each would be
  /// more than there are.
  @ParameterizedTest
  @MethodSource("twemlab.proxy.testing.ProxyUnderTest#backends")
  void moreClientsThanMbufsLeaveSomethingForTheNext(Backend backend, SharedServers servers) {
    var memory = new MemoryLimits(8 * MIB / 32768, 20_000, 4 * MIB);
    try (RealServer stopped = RealServer.redis();
        ProxyUnderTest proxy =
            ProxyUnderTest.start(
                backend,
                32768,
                memory,
                redisPool(List.of(stopped.port())),
                memcachedPool(servers.memcached()))) {
      stopped.suspend();
      byte[] requests = resp("GET", "key").repeat(1000).getBytes(US_ASCII);
      List<RawClient> clients = new ArrayList<>();
      try {
        for (int i = 0; i < memory.mbufs() * 5 / 4; i++) {
          clients.add(proxy.connect().send(requests));
        }
        settled(proxy, ProcessField.MEMORY_USED);
        assertWithinLimit(proxy);
        assertServes(proxy, 1, servers);
      } finally {
        clients.forEach(RawClient::reset);
        stopped.resume();
      }
    }
  }

  /// A client of a pool of memcached gets what it asks for.
  private static void assertServes(ProxyUnderTest proxy, int pool, SharedServers servers) {
    try (RawClient client = RawClient.connect(proxy.port(pool))) {
      String key = servers.key();
      for (int i = 0; i < 20; i++) {
        String value = "x".repeat(1000 * i);
        assertThat(client.ask("set " + key + " 0 0 " + value.length() + "\r\n" + value + "\r\n"))
            .isEqualTo("STORED");
        assertThat(client.ask("get " + key + "\r\n"))
            .isEqualTo("VALUE " + key + " 0 " + value.length());
        client.skip(value.length() + 7);
      }
    }
  }

  @Test
  void whoComesAgainAndAgainIsBoundedByWhatTheStoppedServersQueueHolds(SharedServers servers) {
    try (RealServer stopped = RealServer.redis();
        ProxyUnderTest proxy =
            little(
                EventBases.EPOLL,
                redisPool(List.of(stopped.port())),
                memcachedPool(servers.memcached()))) {
      stopped.suspend();
      byte[] requests = resp("GET", "key").repeat(1024).getBytes(US_ASCII);
      for (int i = 0; i < 500; i++) {
        try (RawClient client = proxy.connect()) {
          client.send(requests);
          long asked = proxy.servers(ServerField.REQUESTS);
          ProxyUnderTest.await("a request", () -> proxy.servers(ServerField.REQUESTS) > asked - 1);
          client.reset();
        }
      }
      // The queue's share is half of the half; then each comer adds a request.
      assertThat(settled(proxy, ProcessField.MESSAGES_USED)).isBetween(1_000L, 6_500L);
      assertWithinLimit(proxy);
      assertServes(proxy, 1, servers);
      stopped.resume();
    }
  }

  @Test
  void requestsWithoutReplyCount() throws Exception {
    int sets = 600;
    try (RealServer stopped = RealServer.memcached();
        ProxyUnderTest proxy = ProxyUnderTest.start(memcachedPool(List.of(stopped.port())));
        RawClient client = proxy.connect();
        ExecutorService sender = Executors.newSingleThreadExecutor()) {
      assertThat(client.ask("version\r\n")).startsWith("VERSION");
      stopped.suspend();
      String set = "set k%d 0 0 1000000 noreply\r\n" + "x".repeat(1_000_000) + "\r\n";
      Future<?> sent =
          sender.submit(
              () -> {
                for (int i = 0; i < sets; i++) {
                  client.send(set.replace("%d", "" + i % 10));
                }
              });
      settled(proxy, ProcessField.MEMORY_USED);
      assertThat(proxy.mappedBytes()).isLessThan(8 * MIB);
      stopped.resume();
      sent.get();
      assertThat(client.ask("set last 0 0 1\r\nx\r\n")).isEqualTo("STORED");
      assertThat(proxy.servers(ServerField.REQUESTS)).isEqualTo(sets + 2);
      assertThat(proxy.mappedBytes()).isLessThan(8 * MIB);
    }
  }

  @Test
  void singleBytesOfAnUnfinishedRequestKeepNoMbufsOfOthers(SharedServers servers) {
    try (ProxyUnderTest proxy = ProxyUnderTest.start(redisPool(servers.redis()));
        RawClient slow = proxy.connect();
        RawClient busy = proxy.connect()) {
      String set = resp("SET", servers.key(), "x".repeat(20_000));
      String value = "y".repeat(1000);
      slow.send(resp("SET", servers.key() + "s", value).substring(0, 40));
      for (int i = 0; i < 600; i++) {
        slow.send("y");
        assertThat(busy.send(set).line()).isEqualTo("+OK");
      }
      assertThat(proxy.mappedBytes()).isLessThanOrEqualTo(2 * MIB);
    }
  }

  @ParameterizedTest
  @MethodSource("twemlab.proxy.testing.ProxyUnderTest#backends")
  void shortRepliesThatWaitKeepNoMbufsOfOthers(Backend backend) {
    try (RealServer stopped = RealServer.redis();
        RealServer other = RealServer.redis();
        ProxyUnderTest proxy =
            ProxyUnderTest.start(
                backend,
                16384,
                redisPool(List.of(stopped.port(), other.port()), "distribution: modula"));
        RawClient slow = proxy.connect();
        RawClient busy = proxy.connect()) {
      String[] keys = keysOf(busy, stopped);
      assertThat(busy.command("SET", keys[1], "x".repeat(20_000)).line()).isEqualTo("+OK");
      stopped.suspend();
      slow.command("GET", keys[0]);
      String get = resp("GET", keys[1]);
      for (int i = 0; i < 1000; i++) {
        slow.command("EXISTS", keys[1]);
        busy.send(get).skip(20_010);
      }
      assertThat(proxy.mappedBytes()).isLessThan(5 * MIB);
      stopped.resume();
      assertThat(slow.line()).isEqualTo("$1");
      slow.skip(3);
      assertThat(slow.read(4000)).isEqualTo(":1\r\n".repeat(1000));
    }
  }

  /// Two keys, set: the first on a server, the second not.
  private static String[] keysOf(RawClient client, RealServer first) {
    String[] keys = new String[2];
    try (RawClient direct = RawClient.connect(first.port())) {
      for (int i = 0; keys[0] == null || keys[1] == null; i++) {
        assertThat(client.command("SET", "key" + i, "1").line()).isEqualTo("+OK");
        boolean there = direct.command("EXISTS", "key" + i).line().equals(":1");
        keys[there ? 0 : 1] = "key" + i;
      }
    }
    return keys;
  }

  @ParameterizedTest
  @MethodSource("twemlab.proxy.testing.ProxyUnderTest#backends")
  void aRequestMayBeAsLongAsTheReserveAndLongerOnesAreRefused(
      Backend backend, SharedServers servers) {
    try (ProxyUnderTest proxy =
            little(backend, redisPool(servers.redis()), memcachedPool(servers.memcached()));
        RawClient redis = proxy.connect();
        RawClient memcached = RawClient.connect(proxy.port(1))) {
      String key = servers.key();
      assertThat(redis.send(resp("SET", key, "x".repeat(3_100_000))).line()).isEqualTo("+OK");
      String tooLong = resp("SET", key, "y".repeat(3_200_000));
      assertThat(redis.send(tooLong + resp("STRLEN", key)).line())
          .isEqualTo("-ERR request too large");
      assertThat(redis.line()).isEqualTo(":3100000");
      String set = "set " + key + " 0 0 4000000%s\r\n" + "x".repeat(4_000_000) + "\r\n";
      assertThat(memcached.ask(set.formatted("")))
          .isEqualTo("SERVER_ERROR object too large for cache");
      assertThat(memcached.ask(set.formatted(" noreply") + "get " + key + "\r\n")).isEqualTo("END");
      assertWithinLimit(proxy);
    }
  }

  /// Its own bytes are not what a client is owed.
  @Test
  void aSetOf300MebibytesIsAnswered() {
    int mebibytes = 300;
    try (RealServer server = RealServer.redis();
        ProxyUnderTest proxy = ProxyUnderTest.start(redisPool(List.of(server.port())));
        RawClient client = proxy.connect()) {
      client.send("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$" + mebibytes * MIB + "\r\n");
      byte[] piece = new byte[MIB];
      Arrays.fill(piece, (byte) 'x');
      for (int i = 0; i < mebibytes; i++) {
        client.send(piece);
      }
      assertThat(client.send("\r\n").line()).isEqualTo("+OK");
      assertThat(client.command("STRLEN", "k").line()).isEqualTo(":" + mebibytes * MIB);
      assertThat(proxy.log()).noneMatch(line -> line.contains("owed"));
    }
  }

  @ParameterizedTest
  @MethodSource("twemlab.proxy.testing.ProxyUnderTest#backends")
  void requestsThatTogetherAreTooLongAreFinishedOneAfterTheOther(
      Backend backend, SharedServers servers) {
    int clients = 12;
    try (ProxyUnderTest proxy = little(backend, redisPool(servers.redis()));
        ExecutorService senders = Executors.newFixedThreadPool(clients)) {
      String key = servers.key();
      List<CompletableFuture<String>> replies = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        String set = resp("SET", key + i, "x".repeat(2_500_000));
        replies.add(
            CompletableFuture.supplyAsync(
                () -> {
                  try (RawClient client = proxy.connect()) {
                    return client.send(set).line();
                  }
                },
                senders));
      }
      while (!replies.stream().allMatch(CompletableFuture::isDone)) {
        assertThat(value(proxy, ProcessField.MEMORY_USED)).isLessThan(8 * MIB + TURN);
        ProxyUnderTest.sleep(1);
      }
      assertThat(replies).allMatch(reply -> reply.join().equals("+OK"));
      assertThat(value(proxy, ProcessField.CLIENTS_STALLED)).isZero();
    }
  }

  @Test
  void whoFinishesNoRequestIsClosedWhenOthersWait(SharedServers servers) {
    try (ProxyUnderTest proxy = little(EventBases.EPOLL, redisPool(servers.redis()));
        ExecutorService sender = Executors.newSingleThreadExecutor()) {
      List<RawClient> stalled = new ArrayList<>();
      String begun = resp("SET", "k", "x".repeat(3_000_000)).substring(0, 1_000_000);
      for (int i = 0; i < 8; i++) {
        RawClient client = proxy.connect();
        stalled.add(client);
        var _ = sender.submit(() -> client.send(begun));
      }
      settled(proxy, ProcessField.MEMORY_USED);
      // Small ones go on.
      try (RawClient client = proxy.connect()) {
        assertThat(client.command("SET", servers.key(), "x").line()).isEqualTo("+OK");
      }
      CompletableFuture<String> reply =
          CompletableFuture.supplyAsync(
              () -> {
                try (RawClient client = proxy.connect()) {
                  return client.send(resp("SET", servers.key(), "x".repeat(3_000_000))).line();
                }
              });
      ProxyUnderTest.await(
          "the first closed", () -> value(proxy, ProcessField.CLIENTS_STALLED) > 0);
      assertThat(proxy.log()).anyMatch(line -> line.contains("out of memory"));
      stalled.forEach(RawClient::close);
      assertThat(reply.join()).isEqualTo("+OK");
    }
  }

  /// Under io_uring each piece comes in an mbuf of its own.
  @ParameterizedTest
  @MethodSource("twemlab.proxy.testing.ProxyUnderTest#backends")
  void aReplyInPiecesDoesNotKeepAnMbufForEach(Backend backend) {
    int pieces = 600;
    CyclicBarrier step = new CyclicBarrier(2);
    try (var server =
            ScriptedServer.start(
                peer -> {
                  peer.request();
                  peer.send("$" + 10 * pieces + "\r\n");
                  for (int i = 0; i < pieces; i++) {
                    peer.send("0123456789");
                    meet(step);
                    meet(step);
                  }
                  peer.send("\r\n");
                });
        ProxyUnderTest proxy = little(backend, redisPool(List.of(server.port())));
        RawClient client = proxy.connect();
        RawClient other = proxy.connect()) {
      client.send(resp("GET", "k"));
      long most = 0;
      for (int i = 0; i < pieces; i++) {
        meet(step);
        // The proxy has read the piece when it answers what came after it.
        assertThat(other.ask(resp("PING"))).isEqualTo("+PONG");
        most = Math.max(most, value(proxy, ProcessField.MEMORY_USED));
        meet(step);
      }
      assertThat(client.line()).isEqualTo("$" + 10 * pieces);
      assertThat(client.line()).isEqualTo("0123456789".repeat(pieces));
      assertThat(most).isLessThan(2 * MIB);
    }
  }

  private static void meet(CyclicBarrier step) {
    try {
      step.await(60, TimeUnit.SECONDS);
    } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
      throw new AssertionError("the other side does not come", e);
    }
  }

  @ParameterizedTest
  @MethodSource("twemlab.proxy.testing.ProxyUnderTest#backends")
  void whenRepliesUseUpTheReserveTheOneThatIsOwedMostIsClosed(
      Backend backend, SharedServers servers) {
    try (ProxyUnderTest proxy =
        little(backend, redisPool(servers.redis()), memcachedPool(servers.memcached()))) {
      String key = servers.key();
      try (RawClient client = proxy.connect()) {
        assertThat(client.command("SET", key, "x".repeat(500_000)).line()).isEqualTo("+OK");
      }
      List<RawClient> readers = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        RawClient reader = RawClient.connect(proxy.port(), 16 << 10);
        readers.add(reader.send(resp("GET", key).repeat(4 + 30 * (i % 2))));
      }
      ProxyUnderTest.await("one closed", () -> value(proxy, ProcessField.CLIENTS_EVICTED) > 0);
      assertWithinLimit(proxy);
      assertServes(proxy, 1, servers);
      assertThat(settled(proxy, ProcessField.MEMORY_USED)).isLessThan(8 * MIB);
      readers.forEach(RawClient::close);
    }
  }
}
