package twemlab.sim.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;
import static org.assertj.core.api.Assertions.assertThat;
import static twemlab.sim.kernel.Script.IN;
import static twemlab.sim.kernel.Script.OUT;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import twemlab.event.kernel.EventPortCalls;
import twemlab.event.kernel.Platform;
import twemlab.sim.world.Fault;
import twemlab.sim.world.Faults;

/// Rules P1 to P8 less P7's privileges, on the simulated kernel. Their source is the manual page;
/// there is no real arm.
class EventPortRulesTest {
  private static final int NGET_AT = 1 << 12;

  private final SimScript s = new SimScript(Platform.ILLUMOS);
  private final EventPortCalls calls = s.kernel.eventPorts().orElseThrow();
  private final MemorySegment memory = s.kernel.memory().map(1 << 13);
  private final int port = calls.portCreate();
  private int got;

  @AfterEach
  void close() {
    s.close();
  }

  private String associate(int fd, int events, long user) {
    return Script.text(calls.portAssociate(port, fd, events, user));
  }

  private String getn(int max, int want, int timeoutMillis) {
    memory.set(JAVA_INT_UNALIGNED, NGET_AT, want);
    int result = calls.portGetn(port, memory, 0, max, memory, NGET_AT, timeoutMillis);
    got = memory.get(JAVA_INT_UNALIGNED, NGET_AT);
    return Script.text(result);
  }

  /// What is there, as `user:mask`.
  private List<String> events() {
    getn(8, 1, 10);
    List<String> events = new ArrayList<>();
    for (int i = 0; i < got; i++) {
      long at = (long) i * EventPortCalls.EVENT_SIZE;
      events.add(
          memory.get(JAVA_LONG_UNALIGNED, at + EventPortCalls.USER)
              + ":"
              + Script.mask(memory.get(JAVA_INT_UNALIGNED, at + EventPortCalls.EVENTS)));
    }
    return events;
  }

  @Test
  void p1AssociatingAgainUpdates() {
    int[] pair = s.unixPair();
    assertThat(associate(pair[0], IN, 1)).isEqualTo("0");
    assertThat(associate(pair[0], IN | OUT, 2)).isEqualTo("0");
    assertThat(events()).containsExactly("2:OUT");
  }

  @Test
  void p2WhatIsReadyIsSentAtOnceAndOnce() {
    int[] pair = s.unixPair();
    s.write(pair[1], "x");
    associate(pair[0], IN, 1);
    s.write(pair[1], "y");
    assertThat(events()).containsExactly("1:IN");
  }

  @Test
  void p3RetrievalDissociates() {
    int[] pair = s.unixPair();
    associate(pair[0], IN, 1);
    s.write(pair[1], "x");
    assertThat(events()).containsExactly("1:IN");
    s.write(pair[1], "y");
    assertThat(events()).isEmpty();
    assertThat(Script.text(calls.portDissociate(port, pair[0]))).isEqualTo("ENOENT");
  }

  @Test
  void p4AssociatingBeforeReadingFiresAgain() {
    int[] pair = s.unixPair();
    associate(pair[0], IN, 1);
    s.write(pair[1], "x");
    assertThat(events()).containsExactly("1:IN");
    associate(pair[0], IN, 1);
    assertThat(events()).containsExactly("1:IN");
    s.read(pair[0], 9);
    associate(pair[0], IN, 1);
    assertThat(events()).isEmpty();
  }

  @Test
  void p5TheTimeoutMayComeWithEvents() {
    int[] pair = s.unixPair();
    associate(pair[0], OUT, 1);
    assertThat(getn(8, 2, 5)).isEqualTo("ETIME");
    assertThat(got).isEqualTo(1);
    assertThat(getn(8, 1, 5)).isEqualTo("ETIME");
    assertThat(got).isZero();
    associate(pair[0], OUT, 1);
    associate(pair[1], OUT, 2);
    assertThat(getn(8, 2, 5)).isEqualTo("0");
    assertThat(got).isEqualTo(2);
    s.world.faults().rate(Fault.GETN_ETIME, Faults.OUT_OF);
    associate(pair[0], OUT, 1);
    assertThat(getn(8, 1, 5)).isEqualTo("ETIME");
    assertThat(got).isEqualTo(1);
    assertThat(s.world.faults().count(Fault.GETN_ETIME)).isEqualTo(1);
  }

  @Test
  void p6WithoutRoomItCounts() {
    int[] pair = s.unixPair();
    associate(pair[0], OUT, 1);
    associate(pair[1], OUT, 2);
    assertThat(getn(0, 0, 0)).isEqualTo("0");
    assertThat(got).isEqualTo(2);
    assertThat(getn(1, 1, 0)).isEqualTo("0");
    assertThat(getn(1, 2, 0)).isEqualTo("EINVAL");
  }

  @Test
  void p7Errors() {
    int[] pair = s.unixPair();
    assertThat(Script.text(calls.portDissociate(port, pair[0]))).isEqualTo("ENOENT");
    assertThat(associate(9_999, IN, 1)).isEqualTo("EBADFD");
    assertThat(Script.text(calls.portDissociate(port, 9_999))).isEqualTo("EBADFD");
    assertThat(Script.text(calls.portAssociate(pair[0], pair[0], IN, 1))).isEqualTo("EBADF");
    assertThat(Script.text(calls.portSend(pair[0], 1, 1))).isEqualTo("EBADF");
    assertThat(Script.text(calls.portGetn(pair[0], memory, 0, 1, memory, NGET_AT, 0)))
        .isEqualTo("EBADF");
    associate(pair[0], IN, 1);
    s.write(pair[1], "x");
    s.close(pair[0]);
    assertThat(events()).isEmpty();
  }

  @Test
  void p8SendWakes() {
    assertThat(calls.portSend(port, IN, 42)).isZero();
    assertThat(events()).containsExactly("42:IN");
    assertThat(memory.get(JAVA_SHORT_UNALIGNED, EventPortCalls.SOURCE))
        .isEqualTo(EventPortCalls.PORT_SOURCE_USER);
    int[] pair = s.unixPair();
    associate(pair[0], IN, 1);
    assertThat(calls.close(port)).isZero();
    s.write(pair[1], "x");
    assertThat(getn(8, 1, 0)).isEqualTo("EBADF");
  }
}
