package twemlab.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import twemlab.proxy.testing.RealServer;

/// The generator against real servers: were a reply's length not what a case says, nothing would be
/// answered, or too much.
final class LoadTest {
  private static final long MILLI = 1_000_000;

  static Stream<Case> cases() {
    // As they are, but with fewer connections.
    return Case.ALL.stream()
        .map(
            each ->
                new Case(
                    each.name(),
                    each.redis(),
                    each.operation(),
                    each.keys(),
                    Math.min(each.valueBytes(), 1_024),
                    Math.min(each.connections(), 10),
                    each.pipeline()))
        .distinct();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everyRequestIsAnsweredClosedAndOpenLoop(Case load) {
    try (var server = load.redis() ? RealServer.redis() : RealServer.memcached();
        var clients = new Load()) {
      clients.connect(server.port(), load.connections());
      clients.fill(load);
      clients.prepare(load, load.pipeline());
      assertThat(clients.run(30 * MILLI)).isPositive();
      var latencies = clients.run(30 * MILLI, 1_000);
      assertThat(latencies.getTotalCount()).isBetween(29L, 30L);
      assertThat(latencies.getMinValue()).isPositive();
    }
  }

  @Test
  void aTargetThatClosesIsToldAtOnce() {
    Case load = Case.ALL.getFirst();
    try (var server = RealServer.redis();
        var clients = new Load()) {
      clients.connect(server.port(), 2);
      clients.prepare(load, 1);
      server.kill();
      assertThatThrownBy(() -> clients.run(1_000 * MILLI))
          .isInstanceOf(IllegalStateException.class);
    }
  }
}
