package twemlab.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.TimeValue;
import twemlab.proxy.command.Launch;

/// The benchmarks run, tiny, so that they cannot rot; their figures mean nothing here.
final class BenchCommandTest {
  private static final Effort TINY = new Effort(0, 0, 1, TimeValue.milliseconds(20));

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return Launch.run(
        new BenchCommand(), new PrintWriter(out, true), new PrintWriter(err, true), arguments);
  }

  @Test
  void everyMechanismIsMeasured(@TempDir Path folder) throws RunnerException, IOException {
    List<EventSuite.Row> rows = EventSuite.run(TINY, Tiny.silent(), folder.resolve("event.json"));
    assertThat(rows)
        .extracting(EventSuite.Row::mechanism)
        .containsExactlyInAnyOrder(Mechanism.values());
    assertThat(rows).allSatisfy(row -> assertThat(row.nanos()).isBetween(100.0, 1e7));
    EventSuite.print(rows, new PrintWriter(out, true));
    assertThat(out.toString()).contains("epoll, edge-triggered", "java.nio Selector");
  }

  /// Write, wait, read: no mechanism of ours may need a fourth call.
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SELECTOR")
  void anEventIsThreeSystemCalls(Mechanism mechanism) {
    assertThat(EventSuite.systemCallsPerEvent(mechanism)).isEqualTo(3.0);
  }

  @ParameterizedTest
  @EnumSource
  void theByteThatIsReadIsTheByteThatWasWritten(Mechanism mechanism) {
    try (OneByte pair = mechanism.open()) {
      assertThat(pair.ping()).isEqualTo('p');
    }
  }

  @Test
  void optionsOfTheComparisonAreChecked() {
    assertThat(run("compare", "--case", "redis-fly")).isEqualTo(2);
    assertThat(err.toString()).contains("no case 'redis-fly'; accepted: redis-get,");
    assertThat(run("compare", "--peer", "other")).isEqualTo(2);
    assertThat(err.toString()).contains("--peer other: accepted is NAME=PORT,PID");
    assertThat(run("event", "--all-cases")).isEqualTo(2);
    assertThat(err.toString()).contains("accepted with compare, not with event");
  }

  @Test
  void onlyHashingHasPlots() {
    assertThat(run("parser", "--plot")).isEqualTo(2);
    assertThat(err.toString()).hasLineCount(1).contains("--plot is accepted with hashing");
  }

  @Test
  void anUnknownSuiteIsWrongUsage() {
    assertThat(run("nothing")).isEqualTo(2);
    assertThat(err.toString())
        .hasLineCount(1)
        .contains("'nothing'", "event, parser, hashing, proxy, compare");
  }
}
