package twemlab.event.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import twemlab.event.Channel;
import twemlab.event.Transport;
import twemlab.event.backend.Backend;
import twemlab.event.behaviour.KernelUnderTest.Family;
import twemlab.event.behaviour.LoopFixture.Pair;
import twemlab.event.kernel.Address;

/// The two closes, and events of what is closed already.
public abstract class CloseBehaviour extends TransportBehaviour {
  private static final int TINY = 4 << 10;
  private static final long SECOND = 1_000_000_000L;

  protected CloseBehaviour(KernelUnderTest target, Backend backend) {
    super(target, backend);
  }

  private void untilGone(Pair pair) {
    on.until(() -> pair.recorder().channel().descriptor() == -1);
    assertThat(on.transport.openCount()).isZero();
  }

  @ParameterizedTest
  @EnumSource(Family.class)
  void rule6CloseNowDropsWhatIsPending(Family family) {
    Pair pair = on.accepted(family);
    on.send(pair.recorder().channel(), LoopFixture.pattern(500_000));
    pair.recorder().closeNow();
    pair.recorder().channel().closeNow();
    assertThat(pair.recorder().channel().open()).isFalse();
    assertThat(on.mbufsInUse()).isZero();
    on.until(() -> pair.peer().read().ended());
    assertThat(pair.peer().receivedCount()).isZero();
  }

  /// Closing at once would answer the unread bytes with a reset, and the peer might lose replies.
  @ParameterizedTest
  @EnumSource(Family.class)
  void rule6DrainedCloseSparesTheRepliesWhenBytesAreUnread(Family family) {
    byte[] replies = LoopFixture.pattern(50_000);
    Pair pair = on.accepted(family);
    pair.recorder().pause();
    pair.peer().write("unread");
    on.turn();
    on.send(pair.recorder().channel(), replies);
    pair.recorder().closeDrained();
    on.turn();
    pair.peer().write("and still more");
    on.until(() -> pair.peer().read(999).ended() || pair.peer().error() != null);
    assertThat(pair.peer().error()).isNull();
    assertThat(pair.peer().received()).isEqualTo(replies);
    assertThat(pair.recorder().channel().descriptor()).as("waits for the peer").isNotEqualTo(-1);
    on.rest();
    pair.peer().shutdownWrite();
    untilGone(pair);
  }

  /// The peer has finished, but bytes of it are unread: the connection hangs up (both directions),
  /// and still must not be reset.
  @Test
  void rule6DrainedCloseReadsToTheEndOfAPeerThatHasFinished() {
    byte[] replies = LoopFixture.pattern(100_000);
    Pair pair = on.accepted(Family.TCP);
    pair.recorder().pause();
    pair.peer().write("unread");
    pair.peer().shutdownWrite();
    on.turn();
    on.send(pair.recorder().channel(), replies);
    pair.recorder().closeDrained();
    untilGone(pair);
    on.until(() -> pair.peer().read(999).ended() || pair.peer().error() != null);
    assertThat(pair.peer().error()).isNull();
    assertThat(pair.peer().received()).isEqualTo(replies);
  }

  @ParameterizedTest
  @EnumSource(Family.class)
  void rule6DrainedCloseWhileBlockedSendsTheRest(Family family) {
    byte[] replies = LoopFixture.pattern(300_000);
    Pair pair = on.accepted(family, on.recorder(), TINY);
    on.send(pair.recorder().channel(), replies);
    on.turn();
    assertThat(pair.recorder().channel().pendingBytes()).isPositive();
    pair.recorder().closeDrained();
    on.rest();
    on.until(() -> pair.peer().read().ended());
    assertThat(pair.peer().received()).isEqualTo(replies);
    pair.peer().close();
    untilGone(pair);
  }

  @ParameterizedTest
  @EnumSource(Family.class)
  void rule6DrainedCloseAfterTheEndNeedsNoDraining(Family family) {
    Recorder recorder = on.recorder();
    recorder.atEnd(
        channel -> {
          on.send(channel, "reply");
          recorder.closeDrained();
        });
    Pair pair = on.accepted(family, recorder);
    pair.peer().write("request");
    pair.peer().shutdownWrite();
    untilGone(pair);
    on.until(() -> pair.peer().read().ended());
    assertThat(pair.peer().text()).isEqualTo("reply");
  }

  @Test
  void rule6DrainingEndsAfterASecond() {
    on.kernel.freezeClock();
    Pair pair = on.accepted(Family.TCP);
    pair.recorder().closeDrained();
    on.until(() -> pair.peer().read().ended());
    on.rest();
    assertThat(pair.recorder().channel().descriptor()).isNotEqualTo(-1);
    on.kernel.advanceClock(SECOND / 2);
    on.rest();
    assertThat(pair.recorder().channel().descriptor()).isNotEqualTo(-1);
    on.kernel.advanceClock(SECOND / 2 + 2_000_000);
    untilGone(pair);
  }

  @Test
  void rule6DrainingEndsAfterAMebibyte() {
    Pair pair = on.accepted(Family.UNIX);
    pair.recorder().closeDrained();
    byte[] block = new byte[32 << 10];
    long sent = 0;
    while (pair.recorder().channel().descriptor() != -1) {
      sent += Math.max(0, pair.peer().write(block, 0));
      assertThat(sent).isLessThan(3 << 20);
      on.turn();
    }
    assertThat(sent).isGreaterThan(1 << 20);
  }

  @Test
  void rule6DrainingOfAPeerThatReadsNothingEnds() {
    Pair pair = on.accepted(Family.TCP, on.recorder(), TINY);
    on.send(pair.recorder().channel(), LoopFixture.pattern(500_000));
    pair.recorder().closeDrained();
    on.rest();
    // In the first ten seconds it took what fits into the buffers.
    on.kernel.advanceClock(11 * SECOND);
    on.rest();
    on.kernel.advanceClock(11 * SECOND);
    untilGone(pair);
    assertThat(on.transport.counts().cutOff).isEqualTo(1);
  }

  @Test
  void rule6DrainingOfAPeerThatReadsSlowlyGoesOn() {
    byte[] replies = LoopFixture.pattern(200_000);
    Pair pair = on.accepted(Family.TCP, on.recorder(), TINY);
    on.send(pair.recorder().channel(), replies);
    pair.recorder().closeDrained();
    while (pair.peer().receivedCount() < replies.length) {
      pair.peer().read(9_999);
      on.rest();
      on.kernel.advanceClock(6 * SECOND);
    }
    assertThat(pair.peer().received()).isEqualTo(replies);
    assertThat(on.transport.counts().cutOff).isZero();
    pair.peer().shutdownWrite();
    untilGone(pair);
  }

  @ParameterizedTest
  @EnumSource(Family.class)
  void rule6DrainingOfAPeerThatIsGoneEndsSilently(Family family) {
    Pair pair = on.accepted(family, on.recorder(), TINY);
    on.send(pair.recorder().channel(), LoopFixture.pattern(500_000));
    on.turn();
    pair.recorder().closeDrained();
    on.turn();
    pair.peer().close();
    untilGone(pair);
  }

  @Test
  void rule6DrainedCloseOfAConnectionThatIsLost() {
    Pair pair = on.accepted(Family.UNIX);
    pair.peer().close();
    on.send(pair.recorder().channel(), "lost");
    pair.recorder().closeDrained();
    untilGone(pair);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void rule6CloseInsideOnWritable(boolean drained) {
    Recorder recorder = on.recorder();
    recorder.atWritable(
        _ -> {
          if (drained) {
            recorder.closeDrained();
          } else {
            recorder.closeNow();
          }
        });
    Pair pair = on.accepted(Family.TCP, recorder, TINY);
    on.send(recorder.channel(), LoopFixture.pattern(400_000));
    recorder.channel().shutdownWrite();
    on.until(() -> pair.peer().read().ended() || pair.peer().error() != null);
    pair.peer().close();
    untilGone(pair);
  }

  @Test
  void rule6CloseInsideOnClosedDoesNothing() {
    if (!hangUpIsTold()) {
      return;
    }
    Recorder recorder = on.recorder();
    recorder.atClosed(
        channel -> {
          channel.closeNow();
          channel.closeDrained();
          channel.pauseReading();
          channel.resumeReading();
          channel.shutdownWrite();
        });
    Pair pair = on.accepted(Family.UNIX, recorder);
    pair.peer().close();
    on.until(() -> recorder.errno() != null);
    assertThat(recorder.events()).containsExactly("end", "closed ECONNRESET");
  }

  @Test
  void rule6CloseInsideOnAccepted() {
    List<Channel> channels = new ArrayList<>();
    Transport.Listener listener =
        on.listen(
            Family.TCP,
            channel -> {
              channels.add(channel);
              channel.closeNow();
              return on.recorder();
            });
    Peer peer = on.connect(listener.address());
    on.until(() -> peer.read().ended() || peer.error() != null);
    assertThat(channels).singleElement().matches(channel -> !channel.open());
    listener.close();
  }

  /// Rule E13: in one batch, the first handler closes the second connection and makes another,
  /// which gets the same descriptor.
  @Test
  void rule7EventOfAClosedConnectionDoesNotReachItsSuccessor() {
    if (!sendsByCall()) {
      return;
    }
    Address address = on.address(Family.UNIX);
    Peer listener = on.listening(address, 16);
    Recorder successor = on.recorder();
    Recorder[] recorders = {on.recorder(), on.recorder()};
    int[] reused = {-1, -2};
    for (int i = 0; i < 2; i++) {
      Recorder other = recorders[1 - i];
      recorders[i].taking(
          (_, _, _, to) -> {
            if (reused[0] == -1) {
              reused[0] = other.channel().descriptor();
              other.closeNow();
              successor.of(on.transport.connect(address, successor));
              reused[1] = successor.channel().descriptor();
            }
            return to;
          });
    }
    Peer first = on.accepted(Family.UNIX, recorders[0]).peer();
    Peer second = on.accepted(Family.UNIX, recorders[1]).peer();
    // No lower descriptor is free: the next one that the system gives is the one just closed.
    int highest =
        Math.max(recorders[0].channel().descriptor(), recorders[1].channel().descriptor());
    while (on.peer(address).descriptor() < highest) {}
    first.write("now");
    second.write("now");
    on.turn();
    assertThat(reused[1]).as("the system reuses the descriptor").isEqualTo(reused[0]);
    assertThat(on.transport.counts().staleEvents)
        .as("none of a base that forgets the events of what was deleted, two of kqueue's filters")
        .isLessThanOrEqualTo(2);
    assertThat(recorders[0].receivedCount() + recorders[1].receivedCount()).isEqualTo(3);
    Peer peer = on.accept(listener);
    peer.write("for the successor");
    on.until(() -> successor.text().equals("for the successor"));
    assertThat(successor.events()).containsExactly("connected", "bytes 17");
  }

  @Test
  void rule6CloseOfTheWholeTransportInsideAHandler() {
    for (int i = 0; i < 2; i++) {
      Recorder recorder = on.recorder();
      boolean[] closed = new boolean[1];
      recorder.taking(
          (_, _, _, to) -> {
            closed[0] = true;
            on.transport.close();
            return to;
          });
      Pair pair = on.accepted(Family.TCP, recorder);
      Pair other = on.accepted(Family.TCP);
      other.peer().write("never heard, perhaps");
      pair.peer().write("stop");
      on.until(() -> closed[0]);
      on.closeAndCheck();
      open();
    }
  }

  @Test
  void rule7CloseOfTheTransportInTheMiddleOfEverything() {
    Pair blocked = on.accepted(Family.TCP, on.recorder(), TINY);
    on.send(blocked.recorder().channel(), LoopFixture.pattern(500_000));
    Pair draining = on.accepted(Family.TCP, on.recorder(), TINY);
    on.send(draining.recorder().channel(), LoopFixture.pattern(500_000));
    Recorder holding = on.recorder();
    holding.taking(
        (_, _, from, _) -> {
          holding.pause();
          return from;
        });
    Pair held = on.accepted(Family.TCP, holding);
    held.peer().write("held");
    on.turn();
    draining.recorder().closeDrained();
    on.until(() -> !holding.events().isEmpty());
    on.listen(Family.TCP, _ -> null);
    on.transport.connect(on.address(Family.UNIX), on.recorder());
    on.send(blocked.recorder().channel(), "dirty");
    closeAndReopen();
  }
}
