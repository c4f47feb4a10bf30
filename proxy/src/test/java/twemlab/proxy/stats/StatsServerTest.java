package twemlab.proxy.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import twemlab.event.Transport;
import twemlab.event.backend.Backend;
import twemlab.event.backend.Backends;
import twemlab.event.backend.Kernels;
import twemlab.event.kernel.Address;
import twemlab.proxy.process.LoopThread;
import twemlab.proxy.testing.ProxyUnderTest;
import twemlab.proxy.testing.RawClient;

/// The statistics port as strangers meet it.
class StatsServerTest {
  private static final StatsHeader HEADER = new StatsHeader("nutcracker", "host", "0.5.0", 1, 2);

  private static StatsServer open(String backendName, int port) throws Transport.ListenException {
    Backend backend = Backends.byName(Kernels.host(), backendName).orElseThrow();
    var stats = new Stats(List.of(new StatsNames("pool", List.of("server"))));
    Address address = Address.inet(new byte[] {127, 0, 0, 1}, port);
    return StatsServer.open(Kernels.host(backend), backend, address, stats, () -> HEADER);
  }

  private static int port(StatsServer server) {
    return ((Address.Inet) server.address()).port();
  }

  /// Connections open, without the listener, as of the end of a turn.
  private static int connections(StatsServer server) {
    var answer = new CompletableFuture<Integer>();
    server.loop().post(() -> answer.complete(server.loop().transport().openCount() - 1));
    return answer.orTimeout(10, TimeUnit.SECONDS).join();
  }

  /// A hundred that neither read nor close: each gets its line in the end, and at no time have they
  /// more than eight descriptors; who asks behind them is answered too.
  @ParameterizedTest
  @ValueSource(strings = {"epoll", "nio"})
  void aCrowdHasAShareOfItsOwn(String backend) throws Exception {
    List<RawClient> crowd = new ArrayList<>();
    try (StatsServer server = open(backend, 0);
        LoopThread _ = LoopThread.start(server.loop(), "stats")) {
      for (int i = 0; i < 100; i++) {
        crowd.add(RawClient.connect(port(server)));
      }
      var last = CompletableFuture.supplyAsync(crowd.getLast()::readToEnd);
      int most = 0;
      while (!last.isDone()) {
        most = Math.max(most, connections(server));
      }
      assertThat(most).isEqualTo(StatsServer.CONNECTIONS_MAX);
      assertThat(last.join()).endsWith("}\n");
      for (RawClient client : crowd.subList(0, 99)) {
        assertThat(client.readToEnd()).startsWith("{\"service\":\"nutcracker\"").endsWith("}\n");
      }
      ProxyUnderTest.await("all given up", () -> connections(server) == 0);
    } finally {
      crowd.forEach(RawClient::close);
    }
  }

  /// Nobody is closed by what it says before it takes its line, and nothing of that is kept.
  @Test
  void whatAClientSendsIsDiscarded() throws Exception {
    try (StatsServer server = open("epoll", 0);
        LoopThread _ = LoopThread.start(server.loop(), "stats");
        RawClient client = RawClient.connect(port(server))) {
      client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n".repeat(100));
      assertThat(client.readToEnd()).endsWith("}\n");
    }
  }

  /// A second one would take half of those who ask, and nobody would know.
  @ParameterizedTest
  @ValueSource(strings = {"epoll", "nio"})
  void twoDoNotShareAPort(String backend) throws Exception {
    try (StatsServer first = open(backend, 0)) {
      assertThatThrownBy(() -> open(backend, port(first)))
          .isInstanceOf(Transport.ListenException.class)
          .hasMessageEndingWith("Address already in use");
    }
  }
}
