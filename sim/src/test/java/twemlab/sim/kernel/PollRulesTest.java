package twemlab.sim.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static twemlab.sim.kernel.Script.ALL;
import static twemlab.sim.kernel.Script.IN;
import static twemlab.sim.kernel.Script.OUT;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Rules L1 to L6, on both kernels.
@ParameterizedClass
@EnumSource(Arm.class)
class PollRulesTest {
  private final Script s;

  PollRulesTest(Arm arm) {
    s = new Script(arm);
  }

  @AfterEach
  void close() {
    s.close();
  }

  @Test
  void l1NegativeDescriptorsAreIgnored() {
    assertThat(s.poll(-1, ALL)).isEqualTo("nothing");
  }

  @Test
  void l2ErrorsComeUnasked() {
    int[] pair = s.tcpPair();
    s.reset(pair[1], pair[0]);
    assertThat(s.poll(pair[0], 0)).isEqualTo("ERR|HUP");
  }

  @Test
  void l3AClosedDescriptorIsReady() {
    int fd = s.socket();
    s.close(fd);
    assertThat(s.poll(fd, IN)).isEqualTo("NVAL");
  }

  @Test
  void l4TheResultCountsEntriesThatHaveOne() {
    int[] pair = s.unixPair();
    s.write(pair[1], "x");
    s.pollEntry(0, pair[0], IN | OUT);
    s.pollEntry(1, pair[1], IN);
    s.pollEntry(2, pair[1], OUT);
    assertThat(s.pollResult(3, 0)).isEqualTo("2");
    assertThat(s.pollAnswer(0)).isEqualTo("IN|OUT");
    assertThat(s.pollAnswer(1)).isEqualTo("nothing");
    assertThat(s.pollAnswer(2)).isEqualTo("OUT");
    s.pollEntry(0, pair[1], IN);
    assertThat(s.pollResult(1, 1)).isEqualTo("0");
  }

  @Test
  void l5BytesComeBeforeTheHangUp() {
    int[] pair = s.unixPair();
    s.write(pair[1], "x");
    s.close(pair[1]);
    assertThat(s.poll(pair[0], IN)).isEqualTo("IN|HUP");
    assertThat(s.read(pair[0], 9)).isEqualTo("x");
    assertThat(s.read(pair[0], 9)).isEmpty();
  }

  @Test
  void l6TooManyEntries() {
    assertThat(s.pollResult(1 << 30, 0)).isEqualTo("EINVAL");
  }
}
