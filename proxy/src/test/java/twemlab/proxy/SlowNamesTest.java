package twemlab.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static twemlab.proxy.testing.ProxyUnderTest.memcachedPool;
import static twemlab.proxy.testing.ProxyUnderTest.redisPool;
import static twemlab.proxy.testing.RawClient.resp;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import twemlab.event.backend.EventBases;
import twemlab.event.backend.Kernels;
import twemlab.event.kernel.Kernel;
import twemlab.event.kernel.Resolver;
import twemlab.proxy.stats.ServerField;
import twemlab.proxy.testing.ForwardingKernel;
import twemlab.proxy.testing.ProxyUnderTest;
import twemlab.proxy.testing.ScriptedServer;

/// A name server that takes its time. nutcracker's loop waits for it, and all clients with it.
class SlowNamesTest {

  @Test
  void aNameThatIsLookedUpKeepsNobodyWaiting() {
    var found = new CountDownLatch(1);
    try (var server = ScriptedServer.start(SlowNamesTest::answer);
        var proxy =
            start(
                found,
                redisPool(List.of("slow.example:" + server.port() + ":1 a")),
                memcachedPool(List.of(server.port())));
        var waiting = proxy.connect();
        var other = proxy.connect()) {
      waiting.send(resp("GET", "a") + resp("GET", "b"));
      ProxyUnderTest.await("the requests", () -> proxy.servers(ServerField.IN_QUEUE) == 2);
      for (int i = 0; i < 100; i++) {
        assertThat(other.ask(resp("PING"))).isEqualTo("+PONG");
      }
      assertThat(server.connections()).isZero();
      found.countDown();
      assertThat(waiting.line() + waiting.line()).isEqualTo("+GET a+GET b");
    }
  }

  /// The time that the name takes is part of the request's.
  @Test
  void aNameThatTakesTooLongTimesOut() {
    var found = new CountDownLatch(1);
    try (var server = ScriptedServer.start(SlowNamesTest::answer);
        var proxy =
            start(
                found,
                redisPool(List.of("slow.example:" + server.port() + ":1 a"), "timeout: 200"));
        var client = proxy.connect()) {
      assertThat(client.ask(resp("GET", "a"))).isEqualTo("-ERR Connection timed out");
      found.countDown();
      assertThat(client.ask(resp("GET", "b"))).isEqualTo("+GET b");
    }
  }

  private static void answer(ScriptedServer.Peer peer) throws IOException {
    while (true) {
      peer.send("+" + peer.request() + "\r\n");
    }
  }

  private static ProxyUnderTest start(CountDownLatch found, String... pools) {
    return ProxyUnderTest.start(
        new SlowNames(Kernels.host(), found), EventBases.EPOLL, 16384, pools);
  }

  /// The host's kernel, but names are found on another thread, and when the test says so.
  private static final class SlowNames extends ForwardingKernel {
    private final CountDownLatch found;

    SlowNames(Kernel host, CountDownLatch found) {
      super(host);
      this.found = found;
    }

    @Override
    public Resolver resolver() {
      return (name, port, answer) -> {
        if (name.equals("slow.example")) {
          Thread.ofVirtual().start(() -> find(port, answer));
        } else {
          host.resolver().resolve(name, port, answer);
        }
      };
    }

    private void find(int port, Resolver.Answer answer) {
      try {
        found.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      host.resolver().resolve("127.0.0.1", port, answer);
    }
  }
}
