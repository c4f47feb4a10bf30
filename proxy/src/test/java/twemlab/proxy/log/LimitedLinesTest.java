package twemlab.proxy.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What strangers can cause is told, and bounded.
final class LimitedLinesTest {
  private static final long SECOND = 1_000_000_000L;

  private final List<String> printed = new ArrayList<>();
  private final Log log =
      new Log(
          (bytes, length) -> printed.add(new String(bytes, 0, length, StandardCharsets.UTF_8)),
          LogLevel.NOTICE,
          InstantSource.fixed(Instant.EPOCH),
          ZoneOffset.UTC);
  private final LimitedLines lines = new LimitedLines(log, LogLevel.NOTICE, 3, "guests refused");

  private void cause(int times, long now) {
    for (int i = 0; i < times; i++) {
      if (lines.wanted(now)) {
        lines.print("refused");
      }
    }
  }

  private List<String> texts() {
    return printed.stream().map(line -> line.replaceAll("^.*java:\\d+ |\n$", "")).toList();
  }

  @Test
  void theFirstOfASecondAndTheNumberOfTheOthers() {
    cause(1000, 5);
    assertThat(texts()).containsExactly("refused", "refused", "refused");
    lines.endPeriod(5 + SECOND - 1);
    assertThat(printed).hasSize(3);
    lines.endPeriod(5 + SECOND);
    assertThat(texts()).hasSize(4).last().isEqualTo("and 997 more within a second: guests refused");
    lines.endPeriod(5 + 2 * SECOND);
    assertThat(printed).hasSize(4);
  }

  @Test
  void theNextSecondBeginsAnewThoughNobodyEndedTheLast() {
    cause(5, 0);
    cause(4, SECOND);
    lines.end();
    lines.end();
    assertThat(texts())
        .containsExactly(
            "refused",
            "refused",
            "refused",
            "and 2 more within a second: guests refused",
            "refused",
            "refused",
            "refused",
            "and 1 more within a second: guests refused");
  }

  @Test
  void withinTheLimitNothingIsAdded() {
    for (int i = 0; i < 10; i++) {
      cause(3, i * SECOND);
    }
    lines.end();
    assertThat(texts()).hasSize(30).containsOnly("refused");
  }

  @Test
  void belowTheLevelNothingIsCountedEither() {
    log.levelDown();
    printed.clear();
    cause(100, 0);
    lines.end();
    assertThat(printed).isEmpty();
  }

  /// The place is the caller's, not that of the class that limits.
  @Test
  void aLineNamesWhoPrintsIt() {
    cause(1, 0);
    assertThat(printed.getFirst()).contains("LimitedLinesTest.java:");
  }

  @Test
  void whatIsNotPrintedAllocatesNothing() {
    var bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    cause(100_000, 0);
    long before = bean.getCurrentThreadAllocatedBytes();
    cause(100_000, 0);
    assertThat(bean.getCurrentThreadAllocatedBytes() - before).isLessThan(10_000);
  }
}
