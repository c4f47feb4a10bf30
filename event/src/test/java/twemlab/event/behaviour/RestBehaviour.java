package twemlab.event.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import twemlab.event.Channel;
import twemlab.event.Transport;
import twemlab.event.backend.Backend;
import twemlab.event.behaviour.KernelUnderTest.Family;
import twemlab.event.behaviour.LoopFixture.Pair;

/// The last reading of an orderly end: all that had arrived, and nothing that comes later.
public abstract class RestBehaviour extends TransportBehaviour {
  protected RestBehaviour(KernelUnderTest target, Backend backend) {
    super(target, backend);
  }

  private void untilRestIsRead(Recorder recorder) {
    on.until(() -> recorder.events().contains("rest"));
  }

  @ParameterizedTest
  @EnumSource(Family.class)
  void whatHadArrivedIsReadAndNothingElse(Family family) {
    Pair pair = on.accepted(family);
    on.rest();
    pair.peer().write("before");
    pair.recorder().channel().readRest();
    pair.recorder().channel().readRest();
    untilRestIsRead(pair.recorder());
    pair.recorder().pause();
    pair.peer().write(" and after");
    on.rest();
    assertThat(pair.recorder().text()).isEqualTo("before");
    assertThat(pair.recorder().events()).endsWith("rest").doesNotHaveDuplicates();
  }

  @Test
  void nothingThereIsToldToo() {
    Pair pair = on.accepted(Family.TCP);
    pair.recorder().channel().readRest();
    untilRestIsRead(pair.recorder());
    assertThat(pair.recorder().events()).containsExactly("rest");
  }

  /// Much more than a turn's budget, of a handler that pauses, takes a part only, and goes on when
  /// the others have had their turn.
  @Test
  void budgetsAndPausesLoseNothing() {
    byte[] bytes = LoopFixture.pattern(400_000);
    Recorder recorder = on.recorder();
    recorder.taking(
        (_, _, from, to) -> {
          recorder.pause();
          return from + (to - from + 1) / 2;
        });
    Pair pair = on.accepted(Family.UNIX, recorder, 1 << 20);
    int written = 0;
    for (int result = 1; result > 0 && written < bytes.length; written += Math.max(result, 0)) {
      result = pair.peer().write(bytes, written);
    }
    on.turn();
    recorder.channel().readRest();
    on.until(
        () -> {
          recorder.resume();
          return recorder.events().contains("rest");
        });
    assertThat(recorder.received())
        .hasSize(written)
        .isEqualTo(java.util.Arrays.copyOf(bytes, written));
    assertThat(written).isGreaterThan(64 << 10);
  }

  @Test
  void endOfTheStreamComesInPlaceOfIt() {
    Pair pair = on.accepted(Family.TCP);
    pair.peer().write("last");
    pair.peer().shutdownWrite();
    pair.recorder().channel().readRest();
    on.until(pair.recorder()::ended);
    on.rest();
    assertThat(pair.recorder().text()).isEqualTo("last");
    assertThat(pair.recorder().events()).doesNotContain("rest");
  }

  /// Their connections are made as far as they know, and may have requests in them.
  @ParameterizedTest
  @EnumSource(Family.class)
  void finishedListenerAcceptsThoseWhoWait(Family family) {
    List<Channel> accepted = new ArrayList<>();
    Transport.Listener listener =
        on.listen(
            family,
            channel -> {
              accepted.add(channel);
              return on.recorder();
            });
    on.rest();
    for (int i = 0; i < 70; i++) {
      on.connect(listener.address());
    }
    listener.finish();
    on.rest();
    assertThat(accepted).hasSize(70);
    assertThat(on.transport.openCount()).isEqualTo(70);
  }

  @Test
  void finishedListenerThatIsPausedCloses() {
    Transport.Listener listener = on.listen(Family.TCP, _ -> on.recorder());
    listener.pause();
    listener.finish();
    on.rest();
    assertThat(on.transport.openCount()).isZero();
  }
}
