package twemlab.sim.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static twemlab.sim.kernel.Script.ALL;
import static twemlab.sim.kernel.Script.ET;
import static twemlab.sim.kernel.Script.IN;
import static twemlab.sim.kernel.Script.ONESHOT;
import static twemlab.sim.kernel.Script.OUT;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Rules E1 to E17, on both kernels.
@ParameterizedClass
@EnumSource(Arm.class)
class EpollRulesTest {
  private static final int EXCLUSIVE = 1 << 28;

  private final Script s;
  private final int ep;

  EpollRulesTest(Arm arm) {
    s = new Script(arm);
    ep = s.epoll();
  }

  @AfterEach
  void close() {
    s.close();
  }

  @Test
  void e1TheKeyIsNumberAndFile() {
    int[] pair = s.unixPair();
    int copy = s.opened(s.system.dup(pair[0]));
    assertThat(s.add(ep, pair[0], IN)).isEqualTo("0");
    assertThat(s.add(ep, copy, IN)).isEqualTo("0");
    s.write(pair[1], "x");
    assertThat(s.awaitWho(ep, 8)).containsExactlyInAnyOrder(pair[0], copy);
  }

  @Test
  void e2Errors() {
    int[] pair = s.unixPair();
    int file = s.opened(s.system.openRegularFile());
    assertThat(s.add(ep, pair[0], IN)).isEqualTo("0");
    assertThat(s.add(ep, pair[0], IN)).isEqualTo("EEXIST");
    assertThat(s.modify(ep, pair[1], IN)).isEqualTo("ENOENT");
    assertThat(s.delete(ep, pair[1])).isEqualTo("ENOENT");
    assertThat(s.add(ep, file, IN)).isEqualTo("EPERM");
    assertThat(s.add(ep, ep, IN)).isEqualTo("EINVAL");
    assertThat(s.add(pair[0], pair[1], IN)).isEqualTo("EINVAL");
    assertThat(s.add(ep, 9_999, IN)).isEqualTo("EBADF");
    assertThat(s.add(9_999, pair[1], IN)).isEqualTo("EBADF");
  }

  @Test
  void e2Loops() {
    int inner = s.epoll();
    assertThat(s.add(ep, inner, IN)).isEqualTo("0");
    assertThat(s.add(inner, ep, IN)).isEqualTo("ELOOP");
    List<Integer> chain = new ArrayList<>(List.of(s.epoll()));
    for (int i = 0; i < 4; i++) {
      int next = s.epoll();
      assertThat(s.add(chain.getLast(), next, IN)).isEqualTo("0");
      chain.add(next);
    }
    assertThat(s.add(chain.getLast(), s.epoll(), IN)).isEqualTo("ELOOP");
  }

  @Test
  void e3ErrAndHupAreAlwaysReported() {
    int[] pair = s.tcpPair();
    s.add(ep, pair[0], 0);
    s.reset(pair[1], pair[0]);
    assertThat(s.await(ep)).isEqualTo("ERR|HUP");
  }

  @Test
  void e4RdHupOnlyIfRequested() {
    int[] pair = s.tcpPair();
    s.add(ep, pair[0], IN);
    s.sockets.shutdown(pair[1], 1);
    assertThat(s.await(ep)).isEqualTo("IN");
    s.modify(ep, pair[0], ALL);
    assertThat(s.await(ep)).isEqualTo("IN|OUT|RDHUP");
  }

  @Test
  void e5AddReportsWhatIsReadyAlready() {
    int[] pair = s.tcpPair();
    s.write(pair[1], "x");
    s.settle();
    s.add(ep, pair[0], IN | ET);
    assertThat(s.await(ep)).isEqualTo("IN");
  }

  @Test
  void e5ModifyArmsAnEdgeAgainE9ANewSegmentDoesToo() {
    int[] pair = s.tcpPair();
    s.add(ep, pair[0], IN | ET);
    s.write(pair[1], "x");
    assertThat(s.await(ep)).isEqualTo("IN");
    assertThat(s.await(ep)).isEqualTo("nothing");
    s.modify(ep, pair[0], IN | ET);
    assertThat(s.await(ep)).isEqualTo("IN");
    assertThat(s.await(ep)).isEqualTo("nothing");
    s.write(pair[1], "y");
    assertThat(s.await(ep)).isEqualTo("IN");
  }

  @Test
  void e6WhatIsGoneAtTheWaitIsNotReported() {
    int[] pair = s.tcpPair();
    s.add(ep, pair[0], IN);
    s.write(pair[1], "x");
    s.settle();
    s.read(pair[0], 9);
    assertThat(s.await(ep)).isEqualTo("nothing");
  }

  @Test
  void e7TheMaskIsTheCurrentOne() {
    int[] pair = s.tcpPair();
    s.add(ep, pair[0], IN | OUT | ET);
    assertThat(s.await(ep)).isEqualTo("OUT");
    s.write(pair[1], "x");
    assertThat(s.await(ep)).isEqualTo("IN|OUT");
  }

  @Test
  void e8LevelTriggeredEventsTakeTurns() {
    List<Integer> fds = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      int[] pair = s.unixPair();
      s.add(ep, pair[0], IN);
      s.write(pair[1], "x");
      fds.add(pair[0]);
    }
    List<Integer> seen = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      seen.addAll(s.awaitWho(ep, 1));
    }
    List<Integer> twice = new ArrayList<>(fds);
    twice.addAll(fds);
    assertThat(seen).isEqualTo(twice);
  }

  @Test
  void e9EdgeOnceForEachWakeUp() {
    int[] pair = s.unixPair();
    s.add(ep, pair[0], IN | ET);
    s.write(pair[1], "a");
    assertThat(s.await(ep)).isEqualTo("IN");
    s.read(pair[0], 9);
    assertThat(s.await(ep)).isEqualTo("nothing");
    s.write(pair[1], "b");
    assertThat(s.await(ep)).isEqualTo("IN");
  }

  @Test
  void e10OneShotHidesEvenErrors() {
    int[] pair = s.tcpPair();
    s.add(ep, pair[0], IN | ONESHOT);
    s.write(pair[1], "x");
    assertThat(s.await(ep)).isEqualTo("IN");
    s.reset(pair[1], pair[0]);
    assertThat(s.await(ep)).isEqualTo("nothing");
    s.modify(ep, pair[0], IN);
    assertThat(s.await(ep)).isEqualTo("IN|ERR|HUP");
  }

  @Test
  void e11EventsBetweenWaitsAreCombined() {
    int[] pair = s.tcpPair();
    s.add(ep, pair[0], ALL | ET);
    s.write(pair[1], "a");
    s.write(pair[1], "b");
    s.sockets.shutdown(pair[1], 1);
    s.settle();
    assertThat(s.await(ep)).isEqualTo("IN|OUT|RDHUP");
    assertThat(s.await(ep)).isEqualTo("nothing");
  }

  @Test
  void e12OnlyTheLastCloseEndsTheRegistration() {
    int[] pair = s.unixPair();
    int copy = s.opened(s.system.dup(pair[0]));
    s.add(ep, pair[0], IN);
    s.close(pair[0]);
    s.write(pair[1], "x");
    assertThat(s.awaitWho(ep, 8)).containsExactly(pair[0]);
    assertThat(s.delete(ep, pair[0])).isEqualTo("EBADF");
    s.close(copy);
    assertThat(s.await(ep)).isEqualTo("nothing");
  }

  @Test
  void e13ANumberIsUsedAgainInsideABatch() {
    int[] one = s.unixPair();
    int[] two = s.unixPair();
    s.add(ep, one[0], IN);
    s.add(ep, two[0], IN);
    s.write(one[1], "x");
    s.write(two[1], "x");
    assertThat(s.awaitWho(ep, 8)).hasSize(2);
    s.close(two[0]);
    assertThat(s.unixSocket()).isEqualTo(two[0]);
    assertThat(s.awaitWho(ep, 8)).containsExactly(one[0]);
    assertThat(s.add(ep, two[0], IN)).isEqualTo("0");
  }

  @Test
  void e14Arguments() {
    assertThat(s.awaitResult(ep, 8, 0)).isEqualTo("0");
    assertThat(s.awaitResult(ep, 0, 0)).isEqualTo("EINVAL");
    assertThat(s.awaitResult(9_999, 8, 0)).isEqualTo("EBADF");
    assertThat(s.awaitResult(s.socket(), 8, 0)).isEqualTo("EINVAL");
    long before = s.system.kernel().clock().monotonicNanos();
    assertThat(s.awaitResult(ep, 8, 10)).isEqualTo("0");
    long waited = s.system.kernel().clock().monotonicNanos() - before;
    assertThat(waited).isGreaterThanOrEqualTo(10_000_000);
  }

  @Test
  void e15AnEpollDescriptorCanBePolled() {
    int[] pair = s.unixPair();
    int outer = s.epoll();
    s.add(ep, pair[0], IN);
    assertThat(s.add(outer, ep, IN)).isEqualTo("0");
    assertThat(s.poll(ep, IN)).isEqualTo("nothing");
    s.write(pair[1], "x");
    assertThat(s.poll(ep, IN)).isEqualTo("IN");
    assertThat(s.await(outer)).isEqualTo("IN");
    s.read(pair[0], 9);
    assertThat(s.await(outer)).isEqualTo("nothing");
  }

  @Test
  void e16ExclusiveIsForAddAlone() {
    int[] pair = s.unixPair();
    assertThat(s.add(ep, pair[0], IN | EXCLUSIVE | ONESHOT)).isEqualTo("EINVAL");
    assertThat(s.add(ep, pair[0], IN | EXCLUSIVE | ET)).isEqualTo("0");
    assertThat(s.modify(ep, pair[0], IN)).isEqualTo("EINVAL");
    assertThat(s.add(ep, s.epoll(), IN | EXCLUSIVE)).isEqualTo("EINVAL");
    s.write(pair[1], "x");
    assertThat(s.await(ep)).isEqualTo("IN");
  }

  @Test
  void e17FinCoalesced() {
    int[] pair = s.tcpPair();
    s.add(ep, pair[0], IN | ET);
    s.write(pair[1], "abc");
    s.sockets.shutdown(pair[1], 1);
    s.settle();
    assertThat(s.await(ep)).isEqualTo("IN");
    assertThat(s.read(pair[0], 4_096)).isEqualTo("abc");
    assertThat(s.await(ep)).isEqualTo("nothing");
    s.modify(ep, pair[0], IN | OUT | ET);
    assertThat(s.await(ep)).isEqualTo("IN|OUT");
    assertThat(s.read(pair[0], 4_096)).isEmpty();
  }

  @Test
  void aFinWakesEvenThoseWhoWantToWrite() {
    int[] pair = s.tcpPair();
    s.add(ep, pair[0], OUT | ET);
    assertThat(s.await(ep)).isEqualTo("OUT");
    s.write(pair[1], "x");
    assertThat(s.await(ep)).isEqualTo("nothing");
    s.sockets.shutdown(pair[1], 1);
    assertThat(s.await(ep)).isEqualTo("OUT");
  }
}
