package twemlab.sim.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static twemlab.event.kernel.UringCalls.CANCEL_ALL;
import static twemlab.event.kernel.UringCalls.CANCEL_ANY;
import static twemlab.sim.kernel.Script.IN;
import static twemlab.sim.kernel.Script.OUT;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import twemlab.event.backend.Backends;
import twemlab.event.backend.Transports;

/// Rules U1 to U7, and what the transport builds on, on both kernels where the host has io_uring.
@ParameterizedClass
@EnumSource(Arm.class)
class UringRulesTest {
  private final Script s;
  private UringScript ring;

  UringRulesTest(Arm arm) {
    s = new Script(arm);
  }

  @AfterEach
  void close() {
    if (ring != null) {
      ring.close();
    }
    s.close();
  }

  private UringScript ring(int submissions, int completions) {
    boolean works = Backends.working(s.system.kernel()).contains(Transports.IO_URING);
    assumeTrue(works, "no usable io_uring here");
    ring = new UringScript(s, submissions, completions);
    assertThat(ring.enable()).isEqualTo("0");
    return ring;
  }

  private UringScript ring() {
    return ring(16, 32);
  }

  @Test
  void aRingIsDisabledUntilItIsEnabled() {
    assumeTrue(Backends.working(s.system.kernel()).contains(Transports.IO_URING));
    ring = new UringScript(s, 4, 8);
    assertThat(ring.enterAlone()).isEqualTo("EBADFD");
    assertThat(ring.enable()).isEqualTo("0");
    assertThat(ring.enterAlone()).isEqualTo("0");
    assertThat(ring.await(1)).isEmpty();
  }

  @Test
  void u1PollAddIsOneShot() {
    ring();
    int[] pair = s.unixPair();
    ring.pollAdd(pair[0], IN, false, 'p');
    assertThat(ring.await(1)).isEmpty();
    s.write(pair[1], "x");
    assertThat(ring.await(1)).containsExactly("p:1");
    s.write(pair[1], "y");
    assertThat(ring.await(1)).isEmpty();
  }

  @Test
  void u1WhatIsReadyAtOnceCompletesInTheCallThatSubmits() {
    ring();
    int[] pair = s.unixPair();
    ring.pollAdd(pair[0], IN | OUT, false, 'p');
    assertThat(ring.submit()).containsExactly("p:4");
  }

  @Test
  void u2MultishotTellsThatItGoesOn() {
    ring();
    int[] pair = s.unixPair();
    ring.pollAdd(pair[0], IN, true, 'p');
    s.write(pair[1], "x");
    assertThat(ring.await(1)).containsExactly("p:1+");
    s.read(pair[0], 9);
    s.write(pair[1], "y");
    assertThat(ring.await(1)).containsExactly("p:1+");
    ring.pollRemove('p', 'r');
    assertThat(ring.await(2)).containsExactlyInAnyOrder("r:0", "p:ECANCELED");
  }

  @Test
  void u3TheFirstIsLevelTriggeredLaterOnesAreEdges() {
    ring();
    int[] pair = s.unixPair();
    s.write(pair[1], "x");
    ring.pollAdd(pair[0], IN, true, 'p');
    assertThat(ring.await(1)).containsExactly("p:1+");
    assertThat(ring.await(1)).isEmpty();
    s.write(pair[1], "y");
    assertThat(ring.await(1)).containsExactly("p:1+");
    assertThat(ring.await(1)).isEmpty();
  }

  @Test
  void u4WhatIsNotThereCannotBeRemoved() {
    ring();
    ring.pollRemove('x', 'r');
    ring.cancel('y', 0, 'c');
    assertThat(ring.await(2)).containsExactly("r:ENOENT", "c:ENOENT");
  }

  @Test
  void u4ACancelledRequestTellsItself() {
    ring();
    ring.buffers(2);
    int[] pair = s.unixPair();
    ring.receive(pair[0], 'p');
    assertThat(ring.await(1)).isEmpty();
    ring.cancel('p', 0, 'c');
    assertThat(ring.await(2)).containsExactlyInAnyOrder("c:0", "p:ECANCELED");
  }

  @Test
  void u4AllAreCancelledAtOnce() {
    ring();
    int[] pair = s.unixPair();
    ring.pollAdd(pair[0], IN, false, 'p');
    ring.pollAdd(pair[1], IN, true, 'q');
    assertThat(ring.await(1)).isEmpty();
    ring.cancel('\0', CANCEL_ALL | CANCEL_ANY, 'c');
    assertThat(ring.await(3)).containsExactlyInAnyOrder("c:2", "p:ECANCELED", "q:ECANCELED");
  }

  @Test
  void u5WhatFindsNoPlaceComesLater() {
    ring(8, 8);
    int[] pair = s.unixPair();
    List<String> found = new ArrayList<>();
    for (char name = 'a'; name < 'q'; name++) {
      ring.pollAdd(pair[0], OUT, false, name);
      if (name == 'h' || name == 'p') {
        // The ring of 8 completions is not looked at in between.
        ring.submitBlindly();
      }
    }
    assertThat(ring.overflowed()).isTrue();
    for (int i = 0; i < 4 && found.size() < 16; i++) {
      found.addAll(ring.await(1));
    }
    assertThat(found).hasSize(16).doesNotHaveDuplicates();
    assertThat(ring.await(1)).isEmpty();
    assertThat(ring.overflowed()).isFalse();
  }

  @Test
  void u6ARequestHoldsItsFile() {
    ring();
    ring.buffers(2);
    int[] pair = s.tcpPair();
    ring.receive(pair[0], 'p');
    assertThat(ring.await(1)).isEmpty();
    s.close(pair[0]);
    s.settle();
    // No FIN has come: the connection lives.
    assertThat(s.read(pair[1], 9)).isEqualTo("EAGAIN");
    s.write(pair[1], "late");
    assertThat(ring.await(1)).containsExactly("p:4:buffer0+");
    ring.cancel('p', 0, 'c');
    assertThat(ring.await(2)).containsExactlyInAnyOrder("c:0", "p:ECANCELED");
    s.settle();
    assertThat(s.poll(pair[1], IN)).isEqualTo("IN");
    assertThat(s.read(pair[1], 9)).isEmpty();
  }

  @Test
  void u7CompletionsComeInTheirOwnOrder() {
    ring();
    int[] one = s.unixPair();
    int[] two = s.unixPair();
    ring.pollAdd(one[0], IN, false, '1');
    ring.pollAdd(two[0], IN, false, '2');
    assertThat(ring.await(1)).isEmpty();
    s.write(two[1], "x");
    assertThat(ring.await(1)).containsExactly("2:1");
    s.write(one[1], "x");
    assertThat(ring.await(1)).containsExactly("1:1");
  }

  @Test
  void aMultishotReceiveEndsWithItsBuffers() {
    ring();
    ring.buffers(2);
    int[] pair = s.tcpPair();
    s.write(pair[1], "x".repeat(3 * UringScript.BUFFER_BYTES));
    s.settle();
    ring.receive(pair[0], 'p');
    assertThat(ring.await(3)).containsExactly("p:64:buffer0+", "p:64:buffer1+", "p:ENOBUFS");
    ring.offer(1);
    ring.receive(pair[0], 'q');
    assertThat(ring.await(1)).containsExactly("q:64:buffer1+");
  }

  @Test
  void withoutABufferAReceiveEndsEvenIfNothingIsThere() {
    ring();
    ring.buffers(0);
    int[] pair = s.tcpPair();
    ring.receive(pair[0], 'p');
    assertThat(ring.submit()).containsExactly("p:ENOBUFS");
  }

  @Test
  void theEndOfTheStreamEndsAReceive() {
    ring();
    ring.buffers(4);
    int[] pair = s.tcpPair();
    ring.receive(pair[0], 'p');
    s.write(pair[1], "abc");
    s.sockets.shutdown(pair[1], 1);
    s.settle();
    List<String> found = new ArrayList<>(ring.await(2));
    if (found.size() < 2) {
      found.addAll(ring.await(1));
    }
    assertThat(found).containsExactly("p:3:buffer0+", "p:0");
  }

  @Test
  void aMultishotAcceptBringsEachConnection() {
    ring();
    int listener = s.listener(8);
    ring.accept(listener, 'a');
    assertThat(ring.await(1)).isEmpty();
    for (int i = 0; i < 2; i++) {
      s.connect(s.socket(), s.name(listener));
    }
    s.settle();
    List<String> found = new ArrayList<>(ring.await(2));
    assertThat(found).hasSize(2).allMatch(each -> each.matches("a:\\d+\\+"));
    found.forEach(each -> s.opened(Integer.parseInt(each.substring(2, each.length() - 1))));
  }

  @Test
  void aTriedSendIsSilentOnlyIfAllWasSent() {
    ring();
    int[] pair = s.tcpPair();
    ring.send(pair[0], 100, true, 's');
    assertThat(ring.submit()).isEmpty();
    s.settle();
    assertThat(s.drain(pair[1])).isEqualTo(100);
  }

  @Test
  void aTriedSendTellsWhatDidNotFit() {
    ring();
    int[] pair = s.tcpPair(4_096, 4_096);
    ring.send(pair[0], 1 << 20, true, 's');
    List<String> first = ring.submit();
    assertThat(first).singleElement().asString().matches("s:\\d+");
    s.fill(pair[0]);
    ring.send(pair[0], 1 << 10, true, 't');
    assertThat(ring.submit()).containsExactly("t:EAGAIN");
  }

  @Test
  void aSendThatMayWaitCompletesWhenAllWasSent() {
    ring();
    int[] pair = s.tcpPair(4_096, 4_096);
    ring.send(pair[0], 1 << 18, false, 's');
    assertThat(ring.submit()).isEmpty();
    List<String> found = new ArrayList<>();
    int received = 0;
    for (int i = 0; i < 1_000 && found.isEmpty(); i++) {
      s.settle();
      received += s.drain(pair[1]);
      found.addAll(ring.await(0));
    }
    assertThat(found).containsExactly("s:" + (1 << 18));
    s.settle();
    assertThat(received + s.drain(pair[1])).isEqualTo(1 << 18);
  }
}
