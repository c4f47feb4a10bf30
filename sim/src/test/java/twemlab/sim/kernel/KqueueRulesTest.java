package twemlab.sim.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;
import static org.assertj.core.api.Assertions.assertThat;
import static twemlab.event.kernel.KqueueCalls.EVFILT_READ;
import static twemlab.event.kernel.KqueueCalls.EVFILT_TIMER;
import static twemlab.event.kernel.KqueueCalls.EVFILT_WRITE;
import static twemlab.event.kernel.KqueueCalls.EV_ADD;
import static twemlab.event.kernel.KqueueCalls.EV_CLEAR;
import static twemlab.event.kernel.KqueueCalls.EV_DELETE;
import static twemlab.event.kernel.KqueueCalls.EV_DISABLE;
import static twemlab.event.kernel.KqueueCalls.EV_DISPATCH;
import static twemlab.event.kernel.KqueueCalls.EV_ENABLE;
import static twemlab.event.kernel.KqueueCalls.EV_EOF;
import static twemlab.event.kernel.KqueueCalls.EV_ERROR;
import static twemlab.event.kernel.KqueueCalls.EV_ONESHOT;
import static twemlab.event.kernel.KqueueCalls.EV_RECEIPT;
import static twemlab.event.kernel.KqueueCalls.NOTE_LOWAT;
import static twemlab.event.kernel.KqueueCalls.NOTE_TRIGGER;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.KqueueCalls;
import twemlab.event.kernel.Platform;
import twemlab.sim.world.Fault;
import twemlab.sim.world.Faults;

/// Rules K1 to K18 but K16 (fork), on the simulated kernel in the layouts of both systems. Their
/// source is the manual page; there is no real arm.
@ParameterizedClass
@EnumSource(names = {"MACOS", "FREEBSD"})
class KqueueRulesTest {
  private static final int EVENTS_AT = 1 << 12;

  private final Platform platform;
  private final SimScript s;
  private final KqueueCalls calls;
  private final MemorySegment memory;
  private final int size;
  private int kq;
  private int changes;

  /// An event, less its cookie.
  private record Event(long ident, short filter, int flags, int fflags, long data) {
    boolean has(int flag) {
      return (flags & flag) != 0;
    }
  }

  KqueueRulesTest(Platform platform) {
    this.platform = platform;
    s = new SimScript(platform);
    calls = s.kernel.kqueue().orElseThrow();
    memory = s.kernel.memory().map(1 << 14);
    size = KqueueCalls.eventSize(platform);
  }

  @BeforeEach
  void open() {
    kq = calls.kqueue();
  }

  @AfterEach
  void close() {
    s.close();
  }

  private void change(long ident, short filter, int flags) {
    change(ident, filter, flags, 0, 0);
  }

  private void change(long ident, short filter, int flags, int fflags, long data) {
    long at = (long) changes++ * size;
    memory.set(JAVA_LONG_UNALIGNED, at + KqueueCalls.IDENT, ident);
    memory.set(JAVA_SHORT_UNALIGNED, at + KqueueCalls.FILTER, filter);
    memory.set(JAVA_SHORT_UNALIGNED, at + KqueueCalls.FLAGS, (short) flags);
    memory.set(JAVA_INT_UNALIGNED, at + KqueueCalls.FFLAGS, fflags);
    memory.set(JAVA_LONG_UNALIGNED, at + KqueueCalls.DATA, data);
    memory.set(JAVA_LONG_UNALIGNED, at + KqueueCalls.UDATA, 1_000 + ident);
  }

  /// Applies the changes so far and waits for events for a short time.
  private List<Event> kevent(int max) {
    int count = result(max, 10);
    assertThat(count).isNotNegative();
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long at = EVENTS_AT + (long) i * size;
      long ident = memory.get(JAVA_LONG_UNALIGNED, at + KqueueCalls.IDENT);
      assertThat(memory.get(JAVA_LONG_UNALIGNED, at + KqueueCalls.UDATA)).isEqualTo(1_000 + ident);
      events.add(
          new Event(
              ident,
              memory.get(JAVA_SHORT_UNALIGNED, at + KqueueCalls.FILTER),
              memory.get(JAVA_SHORT_UNALIGNED, at + KqueueCalls.FLAGS) & 0xffff,
              memory.get(JAVA_INT_UNALIGNED, at + KqueueCalls.FFLAGS),
              memory.get(JAVA_LONG_UNALIGNED, at + KqueueCalls.DATA)));
    }
    return events;
  }

  private int result(int max, int timeoutMillis) {
    int count = changes;
    changes = 0;
    return calls.kevent(kq, memory, 0, count, memory, EVENTS_AT, max, timeoutMillis);
  }

  private Event one() {
    List<Event> events = kevent(8);
    assertThat(events).hasSize(1);
    return events.getFirst();
  }

  private void nothing() {
    assertThat(kevent(8)).isEmpty();
  }

  @Test
  void k1FiltersAreSeparate() {
    int[] pair = s.tcpPair();
    change(pair[0], EVFILT_READ, EV_ADD | EV_CLEAR);
    s.write(pair[1], "abc");
    assertThat(one().filter()).isEqualTo(EVFILT_READ);
    change(pair[0], EVFILT_WRITE, EV_ADD | EV_CLEAR);
    assertThat(one().filter()).isEqualTo(EVFILT_WRITE);
    change(pair[0], EVFILT_WRITE, EV_DELETE);
    s.write(pair[1], "d");
    assertThat(one().filter()).isEqualTo(EVFILT_READ);
  }

  @Test
  void k1FinCoalesced() {
    int[] pair = s.tcpPair();
    change(pair[0], EVFILT_READ, EV_ADD | EV_CLEAR);
    s.write(pair[1], "abc");
    s.shutdownWrite(pair[1]);
    s.settle();
    Event event = one();
    assertThat(event.has(EV_EOF)).isTrue();
    assertThat(event.data()).isEqualTo(3); // K12: bytes and the end in one event
    assertThat(s.read(pair[0], 4_096)).isEqualTo("abc");
    nothing();
    change(pair[0], EVFILT_WRITE, EV_ADD | EV_CLEAR);
    assertThat(one().filter()).isEqualTo(EVFILT_WRITE); // unlike epoll's MOD, READ is not run again
  }

  @Test
  void k2TheFilterRunsAtRegistrationAndRetrieval() {
    int[] pair = s.tcpPair();
    s.write(pair[1], "x");
    s.settle();
    change(pair[0], EVFILT_READ, EV_ADD);
    assertThat(one().data()).isEqualTo(1);
    s.read(pair[0], 9);
    nothing();
  }

  @Test
  void k3TriggersAreAggregated() {
    int[] pair = s.tcpPair();
    change(pair[0], EVFILT_READ, EV_ADD | EV_CLEAR);
    nothing();
    s.write(pair[1], "a");
    s.write(pair[1], "b");
    s.settle();
    assertThat(one().data()).isEqualTo(2);
    nothing();
  }

  @Test
  void k4ChangesComeBeforeEvents() {
    int[] pair = s.tcpPair();
    s.write(pair[1], "x");
    s.settle();
    change(pair[0], EVFILT_READ, EV_ADD);
    change(pair[0], EVFILT_READ, EV_DISABLE);
    nothing();
    change(pair[0], EVFILT_READ, EV_ENABLE);
    assertThat(calls.kevent(kq, memory, 0, 1, memory, 0, 1, 0)).isEqualTo(1); // one array for both
    assertThat(memory.get(JAVA_LONG_UNALIGNED, KqueueCalls.DATA)).isEqualTo(1);
  }

  @Test
  void k5WithoutRoomItReturnsAtOnce() {
    long before = s.world.scheduler().now();
    assertThat(result(0, -1)).isZero();
    assertThat(s.world.scheduler().now() - before).isLessThan(1_000_000);
  }

  @Test
  void k6ErrorsTakeTheRoomOfEvents() {
    int[] pair = s.tcpPair();
    change(9_999, EVFILT_READ, EV_ADD);
    change(pair[0], EVFILT_WRITE, EV_ADD);
    Event event = one();
    assertThat(event.has(EV_ERROR)).isTrue();
    assertThat(event.data()).isEqualTo(Errno.EBADF.number());
    assertThat(one().filter()).isEqualTo(EVFILT_WRITE); // the other change was made
    change(9_999, EVFILT_READ, EV_ADD);
    assertThat(Script.text(result(0, 0))).isEqualTo("EBADF");
  }

  @Test
  void k7ReceiptsDrainNoEvents() {
    int[] pair = s.tcpPair();
    change(pair[0], EVFILT_WRITE, EV_ADD | EV_RECEIPT);
    change(pair[1], EVFILT_WRITE, EV_ADD | EV_RECEIPT);
    List<Event> events = kevent(1);
    assertThat(events).hasSize(1);
    assertThat(events.getFirst().has(EV_ERROR)).isTrue();
    assertThat(events.getFirst().data()).isZero();
    assertThat(kevent(8)).hasSize(2);
    change(pair[0], EVFILT_READ, EV_ADD | EV_RECEIPT);
    change(9_999, EVFILT_READ, EV_DELETE);
    change(pair[1], EVFILT_WRITE, EV_DELETE);
    assertThat(result(1, 0)).isLessThan(0); // no room for the second: the third is not processed
    change(pair[1], EVFILT_WRITE, EV_DELETE | EV_RECEIPT);
    assertThat(one().data()).isZero();
  }

  @Test
  void k8AddingAgainModifiesAndEnables() {
    int[] pair = s.tcpPair();
    s.write(pair[1], "x");
    s.settle();
    change(pair[0], EVFILT_READ, EV_ADD | EV_DISABLE);
    nothing();
    change(pair[0], EVFILT_READ, EV_ADD);
    assertThat(one().data()).isEqualTo(1);
    change(pair[0], EVFILT_READ, EV_ADD, NOTE_LOWAT, 2);
    nothing();
  }

  @Test
  void k9OneShotDispatchAndClear() {
    int[] pair = s.tcpPair();
    s.write(pair[1], "x");
    s.settle();
    change(pair[0], EVFILT_READ, EV_ADD | EV_ONESHOT);
    one();
    change(pair[0], EVFILT_READ, EV_ENABLE);
    assertThat(one().data()).isEqualTo(Errno.ENOENT.number());
    change(pair[0], EVFILT_READ, EV_ADD | EV_DISPATCH);
    one();
    nothing();
    change(pair[0], EVFILT_READ, EV_ENABLE);
    one();
    change(pair[1], EVFILT_WRITE, EV_ADD | EV_CLEAR);
    one();
    nothing();
  }

  @Test
  void k9WithoutClearTheEventRepeats() {
    int[] pair = s.tcpPair();
    s.write(pair[1], "x");
    s.settle();
    change(pair[0], EVFILT_READ, EV_ADD);
    one();
    one();
  }

  @Test
  void k10ListenerCountsConnections() {
    int listener = s.listener();
    change(listener, EVFILT_READ, EV_ADD | EV_CLEAR);
    nothing();
    s.connectTo(listener);
    s.connectTo(listener);
    s.settle();
    assertThat(one().data()).isEqualTo(2);
  }

  @Test
  void k11LowWater() {
    int[] pair = s.tcpPair();
    change(pair[0], EVFILT_READ, EV_ADD, NOTE_LOWAT, 3);
    s.write(pair[1], "ab");
    nothing();
    s.write(pair[1], "cd");
    assertThat(one().data()).isEqualTo(4);
  }

  @Test
  void k12ErrorsAreInFflags() {
    int[] pair = s.tcpPair();
    change(pair[0], EVFILT_READ, EV_ADD | EV_CLEAR);
    nothing();
    s.reset(pair[1], pair[0]);
    Event event = one();
    assertThat(event.has(EV_EOF)).isTrue();
    assertThat(event.fflags()).isEqualTo(Errno.ECONNRESET.number());
  }

  @Test
  void k13WriteFilter() {
    int[] pair = s.unixPair();
    change(pair[0], EVFILT_WRITE, EV_ADD | EV_CLEAR);
    long room = one().data();
    assertThat(room).isPositive();
    s.write(pair[0], "abc");
    s.read(pair[1], 9);
    assertThat(one().data()).isEqualTo(room); // every drain is an edge, unlike T9
    s.close(pair[1]);
    assertThat(one().has(EV_EOF)).isTrue();
  }

  @Test
  void k13NotBeforeTheConnectionIsMade() {
    int client = s.connectTo(s.listener());
    change(client, EVFILT_WRITE, EV_ADD | EV_CLEAR);
    assertThat(result(8, 0)).isZero();
    assertThat(one().filter()).isEqualTo(EVFILT_WRITE);
  }

  @Test
  void k14CloseRemovesTheKnotes() {
    int[] pair = s.unixPair();
    int copy = s.kernel.dup(pair[0]);
    change(pair[0], EVFILT_READ, EV_ADD);
    nothing();
    s.write(pair[1], "x");
    s.close(pair[0]);
    nothing();
    change(copy, EVFILT_READ, EV_ADD);
    assertThat(one().ident()).isEqualTo(copy);
  }

  @Test
  void k15ChangesAreAppliedBeforeEintr() {
    int[] pair = s.unixPair();
    s.world.faults().rate(Fault.EINTR, Faults.OUT_OF);
    change(pair[0], EVFILT_READ, EV_ADD);
    assertThat(Script.text(result(8, 1_000))).isEqualTo("EINTR");
    s.world.faults().stop();
    s.write(pair[1], "x");
    assertThat(one().data()).isEqualTo(1);
  }

  @Test
  void k17UnknownKnotes() {
    int[] pair = s.unixPair();
    change(pair[0], EVFILT_READ, EV_DELETE);
    assertThat(one().data()).isEqualTo(Errno.ENOENT.number());
    change(pair[0], (short) -99, EV_ADD);
    assertThat(one().data()).isEqualTo(Errno.EINVAL.number());
    int mine = kq;
    kq = 9_999;
    assertThat(Script.text(result(8, 0))).isEqualTo("EBADF");
    kq = mine;
  }

  @Test
  void k18Timers() {
    change(7, EVFILT_TIMER, EV_ADD, 0, 3);
    assertThat(result(0, 0)).isZero();
    assertThat(result(8, 100)).isEqualTo(1);
    s.world.scheduler().runUntil(s.world.scheduler().now() + 9_500_000);
    assertThat(one().data()).isEqualTo(3);
    change(7, EVFILT_TIMER, EV_ADD | EV_ONESHOT, 0, 50); // restarted: nothing for 50 ms
    nothing();
    change(7, EVFILT_TIMER, EV_DELETE);
    assertThat(result(8, 100)).isZero();
  }

  @Test
  void k18UserEvents() {
    short user = KqueueCalls.evfiltUser(platform);
    change(1, user, EV_ADD | EV_CLEAR);
    nothing();
    change(1, user, 0, NOTE_TRIGGER, 0);
    assertThat(result(0, 0)).isZero();
    assertThat(one().filter()).isEqualTo(user);
    nothing();
  }
}
