package twemlab.benchmarks.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import twemlab.proxy.tool.Launch;

/// What the command accepts, and how it refuses.
final class BenchCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return Launch.run(
        new BenchCommand(), new PrintWriter(out, true), new PrintWriter(err, true), arguments);
  }

  @Test
  void optionsOfTheComparisonAreChecked() {
    assertThat(run("compare", "--case", "redis-fly")).isEqualTo(2);
    assertThat(err.toString())
        .contains("--case 'redis-fly': did you mean redis-get? accepted: redis-get,");
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
  void helpNamesTheSuites() {
    assertThat(run("event", "--help")).isZero();
    assertThat(out.toString()).contains("event, parser, hashing, proxy or compare", "--quick");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void eventTakesNoOptionsOfOthers() {
    assertThat(run("event", "--plot")).isEqualTo(2);
    assertThat(err.toString()).hasLineCount(1).contains("--plot is accepted with hashing");
    assertThat(run("event", "now")).isEqualTo(2);
    assertThat(err.toString()).hasLineCount(2).contains("'now'");
  }

  @Test
  void anUnknownSuiteIsWrongUsage() {
    assertThat(run("nothing")).isEqualTo(2);
    assertThat(err.toString())
        .hasLineCount(1)
        .contains("'nothing'", "event, parser, hashing, proxy, compare");
  }

  @Test
  void onlyTakesTwoMechanisms() {
    assertThat(run("event", "--only", "epoll")).isEqualTo(2);
    assertThat(err.toString()).contains("--only epoll; accepted: two mechanisms");
    assertThat(run("event", "--only", "epoll,pull")).isEqualTo(2);
    assertThat(err.toString()).contains("--only 'pull': did you mean poll?");
    assertThat(run("parser", "--only", "epoll,poll")).isEqualTo(2);
    assertThat(err.toString()).contains("accepted with event, not with parser");
  }
}
