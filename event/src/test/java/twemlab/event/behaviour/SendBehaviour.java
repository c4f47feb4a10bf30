package twemlab.event.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import twemlab.event.Channel;
import twemlab.event.backend.Backend;
import twemlab.event.behaviour.KernelUnderTest.Family;
import twemlab.event.behaviour.LoopFixture.Pair;
import twemlab.event.mbuf.Mbuf;

/// Bytes that are sent, and the order in which channels are flushed.
public abstract class SendBehaviour extends TransportBehaviour {
  private static final int TINY = 4 << 10;

  protected SendBehaviour(KernelUnderTest target, Backend backend) {
    super(target, backend);
  }

  private int echo(Channel channel, Mbuf mbuf, int from, int to) {
    mbuf.retain();
    channel.send(mbuf, from, to);
    return to;
  }

  @ParameterizedTest
  @EnumSource(Family.class)
  void rule3EchoThroughTinyBuffersToAStalledReader(Family family) {
    byte[] bytes = LoopFixture.pattern(100_000);
    Recorder recorder = on.recorder().taking(this::echo);
    Peer peer = on.accepted(family, recorder, TINY).peer();
    int sent = 0;
    // The reader stalls: only what the buffers hold goes through.
    for (int quiet = 0; quiet < 5; ) {
      int result = sent == bytes.length ? 0 : peer.write(bytes, sent);
      sent += Math.max(result, 0);
      quiet = result > 0 ? 0 : quiet + 1;
      on.turn();
    }
    assertThat(recorder.channel().pendingBytes()).isPositive();
    on.rest();
    for (int turns = 0; peer.read(6000).receivedCount() < bytes.length; turns++) {
      assertThat(turns).isLessThan(100_000);
      if (sent < bytes.length) {
        sent += Math.max(peer.write(bytes, sent), 0);
      }
      on.turn();
    }
    assertThat(peer.received()).isEqualTo(bytes);
    assertThat(on.transport.counts().shortSends).isPositive();
    assertThat(recorder.channel().acceptedBytes()).isEqualTo(bytes.length);
  }

  @ParameterizedTest
  @EnumSource(Family.class)
  void rule3ManySmallRangesAreCutAnywhere(Family family) {
    byte[] bytes = LoopFixture.pattern(200_000);
    Pair pair = on.accepted(family, on.recorder(), TINY);
    int from = 0;
    for (int length = 1; from < bytes.length; length = length % 700 + 1) {
      int taken = Math.min(length, bytes.length - from);
      pair.recorder().channel().send(on.mbuf(bytes, from, taken), 0, taken);
      from += taken;
    }
    on.until(() -> pair.peer().read(777).receivedCount() == bytes.length);
    assertThat(pair.peer().received()).isEqualTo(bytes);
    assertThat(on.mbufsInUse()).isZero();
  }

  /// The call that sends may also be the one that waits: what is left may not need another event.
  @ParameterizedTest
  @EnumSource(Family.class)
  void rule3MoreRangesThanOneCallTakesAreSentWithoutAnotherEvent(Family family) {
    byte[] bytes = LoopFixture.pattern(3_000);
    Pair pair = on.accepted(family, on.recorder());
    Channel channel = pair.recorder().channel();
    for (int from = 0; from < bytes.length; from += 10) {
      channel.send(on.mbuf(bytes, from, 10), 0, 10);
    }
    long begun = on.kernel.clock().monotonicNanos();
    for (int turns = 0; channel.acceptedBytes() < bytes.length; turns++) {
      assertThat(turns).isLessThan(20);
      on.patientTurn();
    }
    assertThat(on.kernel.clock().monotonicNanos() - begun).isLessThan(1_000_000_000L);
    on.until(() -> pair.peer().read().receivedCount() == bytes.length);
    assertThat(pair.peer().received()).isEqualTo(bytes);
  }

  @Test
  void rule3EveryRangeIsReleasedWhenTheConnectionIsLost() {
    Pair pair = on.accepted(Family.TCP, on.recorder(), TINY);
    on.send(pair.recorder().channel(), LoopFixture.pattern(1 << 20));
    on.turn();
    int held = on.pool.used();
    assertThat(held).isGreaterThan(10);
    pair.peer().write("unread by nobody");
    pair.peer().close();
    on.until(() -> pair.recorder().errno() != null);
    assertThat(on.mbufsInUse()).isZero();
    on.send(pair.recorder().channel(), "sent to nobody");
    assertThat(on.mbufsInUse()).isZero();
  }

  @ParameterizedTest
  @EnumSource(Family.class)
  void rule3WritableIsToldOnceBelowTheLowWaterMark(Family family) {
    byte[] bytes = LoopFixture.pattern(1 << 20);
    Pair pair = on.accepted(family, on.recorder(), TINY);
    Channel channel = pair.recorder().channel();
    assertThat(channel.writable()).isTrue();
    on.send(channel, bytes);
    on.turn();
    assertThat(channel.writable()).isFalse();
    on.until(
        () -> {
          pair.peer().read();
          assertThat(pair.recorder().events().isEmpty() || channel.pendingBytes() < 64 << 10)
              .isTrue();
          return channel.writable();
        });
    on.until(() -> pair.peer().read().receivedCount() == bytes.length);
    assertThat(pair.recorder().events()).containsExactly("writable");
    assertThat(pair.peer().received()).isEqualTo(bytes);
  }

  @Test
  void rule3SendingInsideOnWritable() {
    byte[] bytes = LoopFixture.pattern(400_000);
    int[] rounds = new int[1];
    Recorder recorder = on.recorder();
    recorder.atWritable(
        channel -> {
          if (++rounds[0] < 4) {
            on.send(channel, bytes);
          }
        });
    Peer peer = on.accepted(Family.TCP, recorder).peer();
    on.send(recorder.channel(), bytes);
    on.until(() -> peer.read().receivedCount() == 4 * bytes.length);
    assertThat(rounds[0]).isEqualTo(4);
  }

  @Test
  void rule4AcceptedAndPendingBytesAddUp() {
    Pair pair = on.accepted(Family.TCP, on.recorder(), TINY);
    Channel channel = pair.recorder().channel();
    int total = 300_000;
    on.send(channel, LoopFixture.pattern(total));
    assertThat(channel.acceptedBytes()).as("nothing is written inside a send").isZero();
    on.until(
        () -> {
          pair.peer().read(5_000);
          // What is under way counts on both sides.
          assertThat(channel.acceptedBytes() + channel.pendingBytes())
              .isGreaterThanOrEqualTo(total);
          assertThat(channel.acceptedBytes()).isGreaterThanOrEqualTo(pair.peer().receivedCount());
          return channel.pendingBytes() == 0;
        });
    assertThat(channel.acceptedBytes()).isEqualTo(total);
  }

  @ParameterizedTest
  @EnumSource(Family.class)
  void rule5ShutdownComesAfterPendingSends(Family family) {
    byte[] bytes = LoopFixture.pattern(300_000);
    Pair pair = on.accepted(family, on.recorder(), TINY);
    on.send(pair.recorder().channel(), bytes);
    pair.recorder().channel().shutdownWrite();
    on.until(() -> pair.peer().read().ended());
    assertThat(pair.peer().received()).isEqualTo(bytes);
    pair.peer().write("receiving goes on");
    on.until(() -> pair.recorder().text().equals("receiving goes on"));
  }

  @Test
  void rule5SendAfterShutdownIsAnError() {
    Pair pair = on.accepted(Family.TCP);
    pair.recorder().channel().shutdownWrite();
    Mbuf mbuf = on.mbuf(new byte[1], 0, 1);
    assertThatThrownBy(() -> pair.recorder().channel().send(mbuf, 0, 1))
        .isInstanceOf(IllegalStateException.class);
    mbuf.release();
  }

  @Test
  void rule3SendAfterACloseIsReleased() {
    for (boolean drained : List.of(true, false)) {
      Pair pair = on.accepted(Family.TCP);
      if (drained) {
        pair.recorder().closeDrained();
      } else {
        pair.recorder().closeNow();
      }
      int before = on.pool.used();
      on.send(pair.recorder().channel(), "to nobody");
      assertThat(on.pool.used()).isEqualTo(before);
      on.until(() -> pair.peer().read().ended() || pair.peer().error() != null);
      pair.peer().close();
      assertThat(pair.peer().receivedCount()).isZero();
    }
  }

  @Test
  void flushServesServersBeforeClients() {
    if (!sendsByCall()) {
      return;
    }
    Recorder server = on.recorder();
    Peer serverPeer = on.connected(Family.TCP, server).peer();
    Recorder client = on.recorder();
    client.taking(
        (channel, mbuf, from, to) -> {
          echo(channel, mbuf, from, to);
          return echo(server.channel(), mbuf, from, to);
        });
    Peer clientPeer = on.accepted(Family.TCP, client).peer();
    clientPeer.write("request");
    on.kernel.writes().clear();
    on.until(() -> clientPeer.read().receivedCount() == 7);
    on.until(() -> serverPeer.read().receivedCount() == 7);
    int first = on.kernel.writes().indexOf(server.channel().descriptor());
    int second = on.kernel.writes().indexOf(client.channel().descriptor());
    assertThat(second).isGreaterThan(first);
  }

  @Test
  void flushMakesOneCallForManySends() {
    if (!sendsByCall()) {
      return;
    }
    Pair pair = on.accepted(Family.TCP);
    on.kernel.writes().clear();
    for (int i = 0; i < 100; i++) {
      on.send(pair.recorder().channel(), "reply " + i);
    }
    on.until(() -> pair.peer().read().text().endsWith("reply 99"));
    assertThat(on.kernel.writes()).hasSize(1);
  }

  @Test
  void flushComesBeforeTheEndOfALargeBatch() {
    if (!sendsByCall()) {
      return;
    }
    List<Pair> pairs =
        java.util.stream.IntStream.range(0, 100)
            .mapToObj(_ -> on.accepted(Family.UNIX, on.recorder().taking(this::echo)))
            .toList();
    int[] answeredBefore = {-1};
    pairs.forEach(
        pair ->
            pair.recorder()
                .taking(
                    (channel, mbuf, from, to) -> {
                      answeredBefore[0] =
                          (int)
                              pairs.stream()
                                  .filter(p -> p.peer().read(1).receivedCount() > 0)
                                  .count();
                      return echo(channel, mbuf, from, to);
                    }));
    pairs.forEach(pair -> pair.peer().write("x"));
    on.turn();
    assertThat(answeredBefore[0]).as("answered before the last was read").isEqualTo(64);
    on.until(() -> pairs.stream().allMatch(pair -> pair.peer().read().receivedCount() == 1));
  }

  @Test
  void interruptedWritesAreMadeAgain() {
    byte[] bytes = LoopFixture.pattern(200_000);
    Pair pair = on.accepted(Family.TCP, on.recorder(), TINY);
    on.kernel.faults().interrupt(true);
    on.send(pair.recorder().channel(), bytes);
    on.until(() -> pair.peer().read().receivedCount() == bytes.length);
    on.kernel.faults().interrupt(false);
    assertThat(pair.peer().received()).isEqualTo(bytes);
  }

  /// A large reply to a fast reader leaves in shares, and the others are served in between.
  @Test
  void fastReaderGetsItsShareOfATurn() {
    byte[] large = LoopFixture.pattern(3_000_000);
    Pair fast = on.accepted(Family.TCP, on.recorder(), 4 << 20);
    Pair other = on.accepted(Family.TCP);
    on.send(fast.recorder().channel(), large);
    on.send(other.recorder().channel(), "small");
    for (int turns = 0; fast.peer().read().receivedCount() < large.length; turns++) {
      assertThat(turns).isLessThan(5_000);
      long before = on.transport.counts().bytesWritten;
      on.turn();
      assertThat(on.transport.counts().bytesWritten - before).isLessThanOrEqualTo((256 << 10) + 5);
    }
    assertThat(other.peer().read().text()).isEqualTo("small");
    assertThat(fast.peer().received()).isEqualTo(large);
  }
}
