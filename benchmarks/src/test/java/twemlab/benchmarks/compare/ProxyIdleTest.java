package twemlab.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import twemlab.proxy.testing.RealServer.Program;

final class ProxyIdleTest {
  @Test
  void idleConnectionsAreThere() throws Exception {
    Program.REDIS.needInstalled();
    List<ProxyIdle.Row> rows = new ArrayList<>();
    var effort = new ProxyIdle.Effort(100_000_000L, 100_000_000L);
    new ProxyIdle(effort, rows::add).run("epoll", List.of(0, 150));
    assertThat(rows).extracting(ProxyIdle.Row::idle).containsExactly(0, 150);
    assertThat(rows)
        .allSatisfy(
            row -> {
              assertThat(row.rate()).isPositive();
              assertThat(row.cpuMicros()).isPositive();
              assertThat(row.p99()).isGreaterThanOrEqualTo(row.p50());
            });
  }
}
