package twemlab.sim.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static twemlab.event.kernel.SelectCalls.FD_SETSIZE;
import static twemlab.event.kernel.SelectCalls.NO_SET;
import static twemlab.event.kernel.SelectCalls.SET_SIZE;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import twemlab.event.kernel.SelectCalls;

/// Rules S2 to S4, on both kernels. S1 is undefined behaviour, S5 is about datagrams.
@ParameterizedClass
@EnumSource(Arm.class)
class SelectRulesTest {
  private final Script s;
  private final SelectCalls select;

  SelectRulesTest(Arm arm) {
    s = new Script(arm);
    SelectCalls calls = s.system.select();
    select =
        (count, sets, in, out, except, millis) ->
            Script.whole(() -> calls.select(count, sets, in, out, except, millis));
  }

  @AfterEach
  void close() {
    s.close();
  }

  /// Asks for everything about one descriptor: `r`, `w`, `x` for what is ready, or an error.
  private String select(int fd, int timeoutMillis) {
    s.memory.fill((byte) 0);
    for (int set = 0; set < 3; set++) {
      s.memory.set(JAVA_BYTE, set * SET_SIZE + fd / 8, (byte) (1 << (fd % 8)));
    }
    int result = select.select(fd + 1, s.memory, 0, SET_SIZE, 2 * SET_SIZE, timeoutMillis);
    if (result < 0) {
      return Script.text(result);
    }
    StringBuilder ready = new StringBuilder();
    for (int set = 0; set < 3; set++) {
      if ((s.memory.get(JAVA_BYTE, set * SET_SIZE + fd / 8) & (1 << (fd % 8))) != 0) {
        ready.append("rwx".charAt(set));
      }
    }
    assertThat(result).isEqualTo(ready.length());
    return ready.toString();
  }

  @Test
  void s2SetsHoldTheResult() {
    int[] pair = s.unixPair();
    assertThat(select(pair[0], 0)).isEqualTo("w");
    s.write(pair[1], "x");
    assertThat(select(pair[0], 0)).isEqualTo("rw");
    s.fill(pair[0]);
    assertThat(select(pair[0], 0)).isEqualTo("r");
    s.read(pair[0], 9);
    assertThat(select(pair[0], 5)).isEmpty();
  }

  @Test
  void s2SetsMayBeAbsent() {
    int[] pair = s.unixPair();
    s.memory.fill((byte) 0);
    s.memory.set(JAVA_BYTE, pair[0] / 8, (byte) (1 << (pair[0] % 8)));
    assertThat(select.select(FD_SETSIZE, s.memory, NO_SET, 0, NO_SET, 0)).isEqualTo(1);
    assertThat(select.select(pair[0] + 1, s.memory, 0, NO_SET, NO_SET, 0)).isZero();
    assertThat(select.select(0, s.memory, 0, NO_SET, NO_SET, 1)).isZero();
  }

  @Test
  void s3HangUpIsReadableErrorIsBoth() {
    int[] pair = s.tcpPair();
    s.reset(pair[1], pair[0]);
    assertThat(select(pair[0], 0)).isEqualTo("rw");
    assertThat(select(s.socket(), 0)).isEqualTo("rw");
  }

  @Test
  void s4AClosedDescriptorFailsTheCall() {
    int fd = s.socket();
    s.close(fd);
    assertThat(select(fd, 0)).isEqualTo("EBADF");
    assertThat(Script.text(select.select(-1, s.memory, 0, NO_SET, NO_SET, 0))).isEqualTo("EINVAL");
  }
}
