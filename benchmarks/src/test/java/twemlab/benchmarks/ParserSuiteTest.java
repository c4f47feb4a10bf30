package twemlab.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.openjdk.jmh.runner.RunnerException;

/// The benchmarks of the parsers run, tiny, so that they cannot rot; and everybody reads the whole
/// batch, or a ratio would mean nothing.
final class ParserSuiteTest {
  private static final List<Integer> READS = List.of(0, 1, 512, 16384);

  @ParameterizedTest
  @EnumSource(names = {"REDIS_GET", "REDIS_SET_1K", "REDIS_MGET_100"})
  void redisRequestsAreAllRead(Traffic traffic) {
    for (int read : READS) {
      RedisRequestBenchmark benchmark = new RedisRequestBenchmark();
      benchmark.traffic = traffic;
      benchmark.read = read;
      benchmark.open();
      for (int round = 0; round < 2; round++) {
        assertThat((int) benchmark.twemlab()).as("reads of %d", read).isEqualTo(traffic.messages());
        assertThat(benchmark.netty()).as("reads of %d", read).isEqualTo(traffic.messages());
      }
      benchmark.close();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"REDIS_BULK_1K", "REDIS_ARRAY_10000"})
  void redisRepliesAreAllRead(Traffic traffic) {
    for (int read : READS) {
      RedisReplyBenchmark benchmark = new RedisReplyBenchmark();
      benchmark.traffic = traffic;
      benchmark.read = read;
      benchmark.open();
      for (int round = 0; round < 2; round++) {
        assertThat((int) benchmark.twemlab()).as("reads of %d", read).isEqualTo(traffic.messages());
        assertThat(benchmark.netty()).as("reads of %d", read).isEqualTo(traffic.messages());
        assertThat(benchmark.lettuce()).as("reads of %d", read).isEqualTo(traffic.messages());
      }
      benchmark.close();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"MEMCACHE_GET", "MEMCACHE_SET_1K", "MEMCACHE_MULTIGET_100"})
  void memcacheRequestsAreAllRead(Traffic traffic) {
    for (int read : READS) {
      MemcacheRequestBenchmark benchmark = new MemcacheRequestBenchmark();
      benchmark.traffic = traffic;
      benchmark.read = read;
      benchmark.open();
      for (int round = 0; round < 2; round++) {
        assertThat((int) benchmark.twemlab()).as("reads of %d", read).isEqualTo(traffic.messages());
        assertThat(benchmark.nettyBinary())
            .as("reads of %d", read)
            .isEqualTo((long) traffic.messages() * traffic.binaryMessages());
      }
      benchmark.close();
    }
  }

  @ParameterizedTest
  @CsvSource({"MEMCACHE_VALUE_1K, 1", "MEMCACHE_VALUES_100, 100"})
  void memcacheRepliesAreAllRead(Traffic traffic, int values) {
    for (int read : READS) {
      MemcacheReplyBenchmark benchmark = new MemcacheReplyBenchmark();
      benchmark.traffic = traffic;
      benchmark.read = read;
      benchmark.open();
      assertThat((int) benchmark.twemlab()).as("reads of %d", read).isEqualTo(traffic.messages());
      assertThat(benchmark.spymemcached()).as("reads of %d", read).isEqualTo(traffic.messages());
      SpymemcachedHarness harness = new SpymemcachedHarness(traffic.batch(), benchmark.read);
      harness.messages();
      assertThat(harness.values()).isEqualTo((long) traffic.messages() * values);
    }
  }

  @Test
  void theSuiteRunsAndPrints(@TempDir Path folder) throws RunnerException, IOException {
    Path json = folder.resolve("results/parser.json");
    List<ParserSuite.Row> rows = ParserSuite.run(Tiny.EFFORT, Tiny.silent(), json);
    assertThat(rows).hasSize(2 * (3 + 2 * 2 + 3 + 2));
    assertThat(rows).allSatisfy(row -> assertThat(row.ours()).isPositive());
    StringWriter text = new StringWriter();
    ParserSuite.print(rows, new PrintWriter(text, true));
    for (Traffic traffic : Traffic.values()) {
      assertThat(text.toString())
          .contains(traffic.name().toLowerCase(Locale.ROOT).replace('_', ' '));
    }
    assertThat(Files.readString(json)).contains("\"jvm\" : \"java\"", "gc.alloc.rate.norm");
  }

  @Test
  void ratesAndRatioFollowFromTheTimes() {
    Measured ours = redisGet("twemlab", 1000.0 * Traffic.REDIS_GET.messages());
    Measured netty = redisGet("netty", 5000.0 * Traffic.REDIS_GET.messages());
    List<ParserSuite.Row> rows = ParserSuite.rows(List.of(netty, ours));
    assertThat(rows).hasSize(1);
    assertThat(rows.getFirst().ratio()).isEqualTo(5.0);
    StringWriter text = new StringWriter();
    ParserSuite.print(rows, new PrintWriter(text, true));
    // 1,000 ns a request of 36 bytes
    assertThat(text.toString())
        .containsSubsequence("1,000.0", "1,000,000", "36", "5,000.0", "5.0x");
  }

  private static Measured redisGet(String method, double nanos) {
    return new Measured(
        "RedisRequestBenchmark", method, Map.of("traffic", "REDIS_GET", "read", "0"), nanos, 0, 0);
  }
}
