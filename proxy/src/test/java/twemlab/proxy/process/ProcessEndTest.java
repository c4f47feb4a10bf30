package twemlab.proxy.process;

import static org.assertj.core.api.Assertions.assertThat;
import static twemlab.proxy.testing.ProxyUnderTest.redisPool;
import static twemlab.proxy.testing.RawClient.resp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import twemlab.event.backend.Backend;
import twemlab.proxy.testing.ProxyUnderTest;
import twemlab.proxy.testing.RawClient;
import twemlab.proxy.testing.RealServer;
import twemlab.proxy.testing.ScriptedServer;

/// The orderly end of the process: SIGTERM, SIGINT, and a second signal. Whatever had arrived when
/// the signal came is answered; nothing here waits for that before it signals.
class ProcessEndTest {
  @TempDir private Path directory;

  private final int port = RealServer.freePort();

  private String pool(int server, String... lines) {
    List<String> all = new ArrayList<>(List.of("listen: 127.0.0.1:" + port));
    all.addAll(List.of(lines));
    return redisPool(List.of(server), all.toArray(String[]::new));
  }

  private String unixPool(int server) {
    return redisPool(List.of(server), "listen: " + directory.resolve("socket") + " 0600")
        .replace("redis:\n", "unix:\n");
  }

  /// Clients that never stop asking: whatever the server has answered reaches its client.
  @Test
  void sigtermUnderLoadLosesNoReply() throws Exception {
    AtomicInteger answered = new AtomicInteger();
    try (var server = ScriptedServer.start(peer -> answerAll(peer, answered));
        var child =
            ChildProxy.run(directory, "", pool(server.port()) + unixPool(server.port()))
                .awaitListening(port)) {
      AtomicInteger received = new AtomicInteger();
      List<Thread> clients = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        clients.add(Thread.ofPlatform().start(() -> askUntilClosed(port, received)));
      }
      ProxyUnderTest.await("traffic", () -> received.get() > 2000);
      child.signal("TERM");
      for (Thread client : clients) {
        assertThat(client.join(Duration.ofSeconds(30))).isTrue();
      }
      assertThat(child.exitCode()).as(child.log()).isZero();
      assertThat(received.get()).isEqualTo(answered.get());
      assertThat(child.log()).contains("signal 15 (SIGTERM) received, exiting", "rabbit done");
      assertThat(child.pidFile()).doesNotExist();
      assertThat(directory.resolve("socket")).doesNotExist();
    }
  }

  static void answerAll(ScriptedServer.Peer peer, AtomicInteger answered) throws IOException {
    while (true) {
      peer.request();
      answered.incrementAndGet();
      peer.send("+yes\r\n");
    }
  }

  /// Sends requests in pipelines of five and counts the replies, up to the end of the stream.
  private static void askUntilClosed(int port, AtomicInteger received) {
    String pipeline = resp("GET", "key").repeat(5);
    try (var client = RawClient.connect(port)) {
      while (true) {
        client.send(pipeline);
        for (int i = 0; i < 5; i++) {
          client.line();
          received.incrementAndGet();
        }
      }
    } catch (UncheckedIOException | AssertionError _) {
      // Closed by the proxy.
    }
  }

  /// What was received before the signal is answered, though the server takes its time.
  @Test
  void whatWasReceivedIsAnsweredBeforeTheEnd() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    AtomicInteger seen = new AtomicInteger();
    try (var server =
            ScriptedServer.start(
                peer -> {
                  while (true) {
                    peer.request();
                    seen.incrementAndGet();
                    await(go);
                    peer.send("+late\r\n");
                  }
                });
        var child = ChildProxy.run(directory, "", pool(server.port())).awaitListening(port);
        var client = RawClient.connect(port);
        var other = RawClient.connect(port)) {
      client.send(resp("GET", "a").repeat(300));
      other.send(resp("GET", "b").repeat(300));
      ProxyUnderTest.await("the first request", () -> seen.get() > 0);
      child.signal("TERM");
      ProxyUnderTest.await("a closed listener", () -> !accepts(port));
      assertThat(child.alive()).isTrue();
      go.countDown();
      assertThat(client.readToEnd()).isEqualTo("+late\r\n".repeat(300));
      assertThat(other.readToEnd()).isEqualTo("+late\r\n".repeat(300));
      assertThat(child.exitCode()).isZero();
    }
  }

  static List<String> backendNames() {
    return ProxyUnderTest.backends().stream().map(Backend::backend).toList();
  }

  /// Far more than a client may have outstanding (1,024 requests) has arrived when the signal
  /// comes: some of it is forwarded, some is held, and some lies in the sockets' buffers.
  @ParameterizedTest
  @MethodSource("backendNames")
  void allThatHadArrivedIsAnswered(String backend) throws Exception {
    int requests = 3_000;
    CountDownLatch go = new CountDownLatch(1);
    AtomicInteger answered = new AtomicInteger();
    List<RawClient> clients = new ArrayList<>();
    try (var server =
            ScriptedServer.start(
                peer -> {
                  await(go);
                  answerAll(peer, answered);
                });
        var child =
            ChildProxy.run(directory, "", pool(server.port()), "--backend", backend)
                .awaitListening(port)) {
      for (int i = 0; i < 4; i++) {
        RawClient client = RawClient.connect(port);
        clients.add(client);
        client.send(resp("GET", "k").repeat(requests));
      }
      child.signal("TERM");
      ProxyUnderTest.await("the signal", () -> child.log().contains("SIGTERM"));
      go.countDown();
      for (RawClient client : clients) {
        assertThat(client.readToEnd()).isEqualTo("+yes\r\n".repeat(requests));
      }
      assertThat(child.exitCode()).as(child.log()).isZero();
    } finally {
      clients.forEach(RawClient::close);
    }
  }

  /// A client that takes nothing of its 50 MB is cut off when the time is over, and that is no
  /// orderly end.
  @ParameterizedTest
  @MethodSource("backendNames")
  void whatCouldNotBeDeliveredIsToldByTheExitCode(String backend) throws Exception {
    String value = "x".repeat(1 << 20);
    AtomicInteger answered = new AtomicInteger();
    try (var server =
            ScriptedServer.start(
                peer -> {
                  while (true) {
                    peer.request();
                    peer.send("$" + value.length() + "\r\n" + value + "\r\n");
                    answered.incrementAndGet();
                  }
                });
        var child =
            ChildProxy.run(
                    directory,
                    "",
                    pool(server.port()),
                    "--backend",
                    backend,
                    "--drain-timeout",
                    "1")
                .awaitListening(port);
        var client = RawClient.connect(port)) {
      client.send(resp("GET", "k").repeat(50));
      ProxyUnderTest.await("the replies", () -> answered.get() == 50);
      child.signal("TERM");
      assertThat(child.exitCode()).as(child.log()).isEqualTo(1);
      assertThat(child.log()).contains("before everything was answered");
    }
  }

  private static boolean accepts(int port) {
    try (var _ = RawClient.connect(port)) {
      return true;
    } catch (UncheckedIOException _) {
      return false;
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aServerThatNeverAnswersDoesNotKeepTheProxyForEver() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    try (var server = ScriptedServer.start(_ -> await(never));
        var child =
            ChildProxy.run(directory, "", pool(server.port()), "--drain-timeout", "1")
                .awaitListening(port);
        var client = RawClient.connect(port)) {
      client.send(resp("GET", "a"));
      ProxyUnderTest.await("the request at the server", () -> server.connections() > 0);
      child.signal("INT");
      assertThat(child.exitCode()).isEqualTo(1);
      assertThat(child.pidFile()).doesNotExist();
      never.countDown();
    }
  }

  @Test
  void aSecondSignalEndsAtOnce() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    try (var server = ScriptedServer.start(_ -> await(never));
        var child =
            ChildProxy.run(directory, "", pool(server.port()), "--drain-timeout", "600")
                .awaitListening(port);
        var client = RawClient.connect(port)) {
      client.send(resp("GET", "a"));
      ProxyUnderTest.await("the request at the server", () -> server.connections() > 0);
      child.signal("TERM");
      ProxyUnderTest.await("the first", () -> child.log().contains("SIGTERM"));
      child.signal("TERM");
      assertThat(child.exitCode()).isEqualTo(1);
      assertThat(child.pidFile()).doesNotExist();
      never.countDown();
    }
  }
}
