package twemlab.event.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import twemlab.event.backend.Backend;
import twemlab.event.behaviour.KernelUnderTest.Family;
import twemlab.event.behaviour.LoopFixture.Pair;

/// Pausing and resuming to read.
public abstract class PauseBehaviour extends TransportBehaviour {
  protected PauseBehaviour(KernelUnderTest target, Backend backend) {
    super(target, backend);
  }

  @ParameterizedTest
  @EnumSource(Family.class)
  void rule8PausedChannelIsToldNothing(Family family) {
    Pair pair = on.accepted(family);
    pair.recorder().pause();
    pair.peer().write("while ");
    on.rest();
    pair.peer().write("paused");
    on.rest();
    assertThat(pair.recorder().events()).isEmpty();
    pair.recorder().resume();
    on.until(() -> pair.recorder().receivedCount() == 12);
    assertThat(pair.recorder().text()).isEqualTo("while paused");
  }

  @ParameterizedTest
  @EnumSource(Family.class)
  void rule8EndDuringThePauseIsToldAfterIt(Family family) {
    Pair pair = on.accepted(family);
    pair.recorder().pause();
    pair.peer().write("bytes");
    pair.peer().shutdownWrite();
    on.rest();
    pair.recorder().resume();
    on.until(() -> pair.recorder().ended());
    assertThat(pair.recorder().events()).containsExactly("bytes 5", "end");
  }

  @Test
  void rule8HeldBytesComeFirst() {
    Recorder recorder = on.recorder();
    recorder.taking(
        (_, _, from, to) -> {
          if (recorder.receivedCount() > 0) {
            return to;
          }
          recorder.pause();
          return from + 3;
        });
    Peer peer = on.accepted(Family.TCP, recorder).peer();
    peer.write("0123456789");
    on.until(() -> recorder.receivedCount() == 3);
    peer.write("abc");
    on.rest();
    assertThat(recorder.text()).isEqualTo("012");
    recorder.resume();
    on.until(() -> recorder.receivedCount() == 13);
    assertThat(recorder.text()).isEqualTo("0123456789abc");
    assertThat(recorder.events()).containsExactly("bytes 10", "bytes 7", "bytes 3");
  }

  @Test
  void rule8PauseAndResumeInOneUpcallChangeNothing() {
    Recorder recorder = on.recorder();
    recorder.taking(
        (_, _, _, to) -> {
          recorder.pause();
          recorder.resume();
          return to;
        });
    Peer peer = on.accepted(Family.TCP, recorder).peer();
    for (int i = 1; i <= 3; i++) {
      int expected = i;
      peer.write("x");
      on.until(() -> recorder.receivedCount() == expected);
    }
    peer.shutdownWrite();
    on.until(recorder::ended);
  }

  @Test
  void rule8PauseDuringTheBudgetStopsTheRest() {
    Recorder recorder = on.recorder();
    recorder.taking(
        (_, _, _, to) -> {
          recorder.pause();
          return to;
        });
    Peer peer = on.accepted(Family.UNIX, recorder, 1 << 20).peer();
    byte[] bytes = LoopFixture.pattern(60_000);
    peer.write(bytes, 0);
    peer.shutdownWrite();
    on.until(() -> recorder.receivedCount() > 0);
    for (int upcalls = 1; recorder.receivedCount() < bytes.length; upcalls++) {
      on.rest();
      assertThat(recorder.events()).hasSize(upcalls);
      recorder.resume();
      on.turn();
      on.turn();
    }
    assertThat(recorder.received()).isEqualTo(bytes);
    recorder.resume();
    on.until(recorder::ended);
  }

  @ParameterizedTest
  @EnumSource(Family.class)
  void rule8ResetOfAPausedChannelClosesIt(Family family) {
    if (!hangUpIsTold()) {
      return;
    }
    Pair pair = on.accepted(family);
    on.send(pair.recorder().channel(), "never read");
    on.until(() -> pair.recorder().channel().pendingBytes() == 0);
    pair.recorder().pause();
    on.kernel.settle();
    pair.peer().write("never delivered");
    pair.peer().close();
    on.until(() -> pair.recorder().errno() != null);
    assertThat(pair.recorder().events()).containsExactly("closed ECONNRESET");
  }

  @Test
  void rule8HangUpOfAPausedChannelClosesIt() {
    if (!hangUpIsTold()) {
      return;
    }
    Pair pair = on.accepted(Family.UNIX);
    pair.recorder().pause();
    pair.peer().close();
    on.until(() -> pair.recorder().errno() != null);
    assertThat(pair.recorder().events()).containsExactly("closed ECONNRESET");
  }

  @Test
  void rule8PauseAfterAHangUpWasSeenClosesIt() {
    if (!hangUpIsTold()) {
      return;
    }
    Recorder recorder = on.recorder();
    recorder.taking(
        (_, _, from, _) -> {
          recorder.pause();
          return from;
        });
    Pair pair = on.accepted(Family.UNIX, recorder);
    pair.peer().write("bytes");
    pair.peer().close();
    on.until(() -> recorder.errno() != null);
    assertThat(recorder.events()).containsExactly("bytes 5", "closed ECONNRESET");
  }

  @Test
  void rule8FailedSendOfAPausedChannelClosesIt() {
    if (!sendsByCall()) {
      return;
    }
    Pair pair = on.accepted(Family.UNIX);
    pair.recorder().pause();
    pair.peer().close();
    on.send(pair.recorder().channel(), "lost");
    on.flush();
    assertThat(pair.recorder().events()).containsExactly("closed EPIPE");
  }

  /// A hang-up, but no failure: both sides have finished, and there is still something to read.
  @ParameterizedTest
  @EnumSource(Family.class)
  void rule8BothDirectionsFinishedDuringThePause(Family family) {
    Pair pair = on.accepted(family);
    pair.recorder().channel().shutdownWrite();
    on.until(() -> pair.peer().read().ended());
    pair.recorder().pause();
    pair.peer().write("late");
    pair.peer().shutdownWrite();
    on.rest();
    assertThat(pair.recorder().events()).isEmpty();
    pair.recorder().resume();
    on.until(() -> pair.recorder().ended());
    assertThat(pair.recorder().events()).containsExactly("bytes 4", "end");
    on.rest();
    pair.recorder().closeDrained();
    on.until(() -> pair.recorder().channel().descriptor() == -1);
  }

  @Test
  void rule8PausedChannelStillSends() {
    byte[] bytes = LoopFixture.pattern(500_000);
    Pair pair = on.accepted(Family.TCP);
    pair.recorder().pause();
    on.send(pair.recorder().channel(), bytes);
    on.until(() -> pair.peer().read().receivedCount() == bytes.length);
    assertThat(pair.peer().received()).isEqualTo(bytes);
  }

  @Test
  void rule8PauseWhileConnecting() {
    Recorder recorder = on.recorder();
    var address = on.address(Family.TCP);
    Peer listener = on.listening(address, 16);
    recorder.of(on.transport.connect(on.bound(listener, address), recorder));
    recorder.pause();
    Peer peer = on.accept(listener);
    peer.write("bytes");
    on.until(recorder::connected);
    on.rest();
    assertThat(recorder.events()).containsExactly("connected");
    recorder.resume();
    on.until(() -> recorder.text().equals("bytes"));
  }
}
