package twemlab.proxy.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import twemlab.event.backend.EventBases;
import twemlab.event.backend.Kernels;
import twemlab.event.kernel.Address;
import twemlab.proxy.log.Log;
import twemlab.proxy.log.LogLevel;
import twemlab.proxy.testing.ProxyUnderTest;
import twemlab.proxy.testing.RawClient;
import twemlab.proxy.testing.RealServer;

/// A failure of the statistics' thread is logged, and the statistics come back.
class StatsThreadTest {
  private final Queue<String> lines = new ConcurrentLinkedQueue<>();
  private final AtomicInteger asked = new AtomicInteger();
  private final int port = RealServer.freePort();

  private StatsHeader header() {
    if (asked.incrementAndGet() == 1) {
      throw new IllegalStateException("no header");
    }
    return new StatsHeader("nutcracker", "host", "0.5.0", 1, 2);
  }

  private String answer() {
    try (RawClient client = RawClient.connect(port)) {
      return client.readToEnd();
    } catch (UncheckedIOException | AssertionError _) {
      return "";
    }
  }

  @Test
  void itBeginsAnewAfterAFailure() throws Exception {
    Log log =
        new Log(
            (bytes, length) -> lines.add(new String(bytes, 0, length, StandardCharsets.UTF_8)),
            LogLevel.NOTICE,
            InstantSource.system());
    var stats = new Stats(List.of(new StatsNames("pool", List.of("server"))));
    Address address = Address.inet(new byte[] {127, 0, 0, 1}, port);
    Supplier<StatsHeader> header = this::header;
    try (StatsThread _ =
        StatsThread.start(
            () -> StatsServer.open(Kernels.host(), EventBases.EPOLL, address, stats, header),
            log)) {
      assertThat(answer()).isEmpty();
      ProxyUnderTest.await("the statistics", () -> answer().startsWith("{\"service\""));
    }
    assertThat(lines)
        .anySatisfy(
            line -> assertThat(line).contains("the statistics failed").contains("no header"));
  }
}
