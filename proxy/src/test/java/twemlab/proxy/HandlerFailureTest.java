package twemlab.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static twemlab.proxy.testing.ProxyUnderTest.redisPool;
import static twemlab.proxy.testing.RawClient.resp;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import twemlab.event.backend.EventBases;
import twemlab.event.backend.Kernels;
import twemlab.proxy.stats.PoolField;
import twemlab.proxy.stats.ServerField;
import twemlab.proxy.testing.ProxyUnderTest;
import twemlab.proxy.testing.RawClient;
import twemlab.proxy.testing.ScriptedServer;

/// An exception in the middle of a handler costs one connection, and nothing is lost with it: the
/// proxy under test counts messages, mbufs, gauges and descriptors when it closes.
class HandlerFailureTest {
  private final FaultyKernel kernel = new FaultyKernel(Kernels.host());

  private ProxyUnderTest start(String... pools) {
    return ProxyUnderTest.start(kernel, EventBases.EPOLL, 16384, pools);
  }

  private static RuntimeException index() {
    return new IndexOutOfBoundsException("8 of \r\n[8]");
  }

  @Test
  void anExceptionInAClientsRequestCostsThatClient() {
    try (var server = ScriptedServer.start(HandlerFailureTest::answer);
        var proxy = start(redisPool(List.of(server.port())));
        var innocent = proxy.connect();
        var guilty = proxy.connect()) {
      assertThat(innocent.ask(resp("GET", "a"))).isEqualTo("+GET a");
      kernel.failDate(HandlerFailureTest::index);
      guilty.send(resp("GET", "b") + resp("TIME") + resp("GET", "c"));
      assertThat(guilty.readToEnd()).isEmpty();
      assertThat(innocent.ask(resp("GET", "d"))).isEqualTo("+GET d");
      assertThat(proxy.stats().pool(0, PoolField.HANDLER_ERR)).isEqualTo(1);
      assertThat(proxy.stats().pool(0, PoolField.CLIENT_ERR)).isEqualTo(1);
      assertThat(proxy.log())
          .anySatisfy(
              line ->
                  assertThat(line)
                      .contains("an error of ours closes a client of pool 'redis'")
                      .contains("IndexOutOfBoundsException: 8 of \\x0d\\x0a[8]"))
          .anySatisfy(line -> assertThat(line).contains("    at ").contains("LocalReplies"));
    }
  }

  /// A refused connection ejects the server, and that is where the exception comes: whoever waits
  /// for this server gets an error, and nobody else.
  @Test
  void anExceptionInAServersConnectionAnswersWhoWaitsForIt() {
    String pool =
        redisPool(List.of(1), "auto_eject_hosts: true", "server_failure_limit: 1", "timeout: 5000");
    try (var proxy = start(pool);
        var client = proxy.connect()) {
      kernel.failDate(HandlerFailureTest::index);
      client.send(resp("GET", "a") + resp("PING"));
      assertThat(client.line()).isEqualTo("-ERR Invalid argument");
      assertThat(client.line()).isEqualTo("+PONG");
      assertThat(proxy.stats().pool(0, PoolField.HANDLER_ERR)).isEqualTo(1);
      assertThat(proxy.servers(ServerField.IN_QUEUE)).isZero();
      assertThat(proxy.log())
          .anySatisfy(line -> assertThat(line).contains("an error of ours closes server '127.0"));
    }
  }

  /// Connecting happens inside the request of the client that is first, and is not its fault.
  @Test
  void anExceptionInConnectingCostsTheConnectionNotTheClient() {
    try (var server = ScriptedServer.start(HandlerFailureTest::answer);
        var proxy = start(redisPool(List.of(server.port())));
        var client = proxy.connect()) {
      kernel.failResolver(HandlerFailureTest::index);
      assertThat(client.ask(resp("GET", "a"))).isEqualTo("-ERR Invalid argument");
      assertThat(client.ask(resp("GET", "a"))).isEqualTo("+GET a");
      assertThat(proxy.stats().pool(0, PoolField.HANDLER_ERR)).isEqualTo(1);
    }
  }

  /// Who has found a bad input sends it again.
  @Test
  void manyOfThemDoNotFillTheLog() {
    try (var proxy = start(redisPool(List.of(1)))) {
      for (int i = 0; i < 50; i++) {
        kernel.failDate(HandlerFailureTest::index);
        try (RawClient guilty = proxy.connect()) {
          guilty.send(resp("TIME"));
          assertThat(guilty.readToEnd()).isEmpty();
        }
      }
      assertThat(proxy.stats().pool(0, PoolField.HANDLER_ERR)).isEqualTo(50);
      assertThat(proxy.log()).filteredOn(line -> line.contains("an error of ours")).hasSize(3);
      assertThat(proxy.log()).hasSizeLessThan(200);
    }
  }

  private static void answer(ScriptedServer.Peer peer) throws IOException {
    while (true) {
      peer.send("+" + peer.request() + "\r\n");
    }
  }
}
