package twemlab.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import twemlab.proxy.testing.Programs;

/// The generator that comes with redis, and the server that only answers.
final class RedisBenchmarkTest {
  private static final long MILLI = 1_000_000;

  @Test
  void theRateIsTheSecondFieldOfTheLastLine() throws IOException {
    String csv =
        """
        "test","rps","avg_latency_ms"
        "GET key:__rand_int__","1234.50","0.1"
        """;
    assertThat(RedisBenchmark.rateIn(csv)).isEqualTo(1234.5);
    assertThatThrownBy(() -> RedisBenchmark.rateIn("Could not connect\n"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("Could not connect");
  }

  @Test
  void itDrivesTheServerThatOnlyAnswers() throws IOException {
    Path _ = Programs.need("redis-benchmark");
    for (String name : new String[] {"redis-get-p16", "redis-mget10"}) {
      Case load = Case.named(name).orElseThrow();
      try (Target echo = Target.echo(load)) {
        RedisBenchmark generator = RedisBenchmark.of(echo.port(true), load).orElseThrow();
        assertThat(generator.drive(50 * MILLI).requests()).isPositive();
        assertThat(generator.drive(50 * MILLI).perSecond()).isPositive();
        assertThat(echo.cpuNanos()).isPositive();
      }
    }
  }

  @Test
  void oursDrivesItToo() throws IOException {
    for (String name : new String[] {"redis-get", "memcached-multiget10"}) {
      Case load = Case.named(name).orElseThrow();
      try (Target echo = Target.echo(load);
          Load clients = new Load()) {
        clients.connect(echo.port(load.redis()), 5);
        clients.prepare(load, load.pipeline());
        // A machine with much to do may give us nothing of so short a time.
        long end = System.nanoTime() + 60_000 * MILLI;
        long answered = 0;
        while (answered == 0 && System.nanoTime() < end) {
          answered = clients.drive(50 * MILLI).requests();
        }
        assertThat(answered).isPositive();
      }
    }
  }
}
