package twemlab.sim.run.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import twemlab.proxy.tool.Launch;

/// The command line of `twemlab soak`.
final class SoakCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return Launch.run(new SoakCommand(), new PrintWriter(out), new PrintWriter(err), arguments);
  }

  @Test
  void attacksAreListed() {
    assertThat(run("--list-attacks")).isZero();
    assertThat(out.toString().lines())
        .hasSizeGreaterThan(20)
        .allMatch(line -> line.matches("[a-z-]+ +\\S.*"));
  }

  @Test
  void wrongUsageIsOneLineThatSaysWhatIsAccepted() {
    assertThat(run("--hostile", "--attack", "siege")).isEqualTo(2);
    assertThat(err.toString().lines())
        .singleElement()
        .asString()
        .contains("--attack 'siege': accepted: ", "near-valid");
  }

  @Test
  void attacksNeedHostile() {
    assertThat(run("--attack", "near-valid")).isEqualTo(2);
    assertThat(err.toString()).contains("--hostile");
  }

  @Test
  void aTimeIsMoreThanNothing() {
    assertThat(run("--hostile", "--minutes", "0")).isEqualTo(2);
    assertThat(err.toString()).contains("--minutes 0.0; accepted: more than 0");
  }
}
