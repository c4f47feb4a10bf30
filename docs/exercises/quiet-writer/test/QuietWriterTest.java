package twemlab.exercise.quietwriter;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import twemlab.event.base.EpollEventBase;
import twemlab.event.base.EventBase;
import twemlab.event.kernel.CallCounts.Call;
import twemlab.sim.choice.Choices;
import twemlab.sim.choice.SeededChoices;
import twemlab.sim.kernel.SimKernel;
import twemlab.sim.world.Settings;
import twemlab.sim.world.World;

final class QuietWriterTest {
  private static final long HANDLE = 7L << 32 | 1;

  private SimKernel kernel;
  private EventBase base;
  private MemorySegment memory;
  private QuietWriter writer;
  private int ours;
  private int peer;
  private int events;
  private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
  private final ByteArrayOutputStream received = new ByteArrayOutputStream();

  @BeforeEach
  void open() {
    kernel = new SimKernel(new World(Settings.linux(), new SeededChoices(1)), "writer");
    memory = kernel.memory().map(8_192);
    base =
        new EpollEventBase(
            kernel.epoll().orElseThrow(),
            kernel.memory(),
            kernel.platform(),
            false,
            16,
            (_, ready) -> events |= ready);
    assertThat(kernel.sockets().socketpair(memory, 0)).isZero();
    ours = memory.get(JAVA_INT, 0);
    peer = memory.get(JAVA_INT, 4);
    base.addConnection(ours, HANDLE);
    MemorySegment scratch = kernel.memory().map(4_096);
    writer = new QuietWriter(kernel.sockets(), base, scratch, ours, HANDLE);
  }

  @AfterEach
  void close() {
    base.close();
    kernel.close();
  }

  private void send(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (sent.size() + i * 7);
    }
    sent.writeBytes(bytes);
    writer.send(bytes);
  }

  /// One turn; whether anything was reported.
  private boolean turn() {
    events = 0;
    base.await(1);
    base.dispatch();
    if ((events & (EventBase.WRITE | EventBase.ERROR)) != 0) {
      writer.onReady();
    }
    return events != 0;
  }

  private void receive(int atMost) {
    for (int left = atMost; left > 0; ) {
      int count = kernel.sockets().read(peer, memory, 4_096, Math.min(left, 4_096));
      if (count <= 0) {
        return;
      }
      received.writeBytes(memory.asSlice(4_096, count).toArray(JAVA_BYTE));
      left -= count;
    }
  }

  private void fill() {
    for (int i = 0; i < 100 && writer.pendingBytes() == 0; i++) {
      send(10_000);
    }
    assertThat(writer.pendingBytes()).as("pending when a megabyte was sent").isPositive();
  }

  @Test
  void whatFitsIsWrittenAtOnceAndCostsNoOtherCall() {
    long before = kernel.counts().of(Call.CONTROL);
    for (int i = 0; i < 5; i++) {
      send(1_000);
    }
    assertThat(writer.pendingBytes()).isZero();
    receive(Integer.MAX_VALUE);
    assertThat(received.toByteArray()).isEqualTo(sent.toByteArray());
    assertThat(kernel.counts().of(Call.CONTROL) - before).as("calls of epoll_ctl").isZero();
  }

  @Test
  void anIdleWriterIsNotWoken() {
    send(1_000);
    for (int i = 0; i < 20; i++) {
      assertThat(turn()).as("an event with nothing to write").isFalse();
    }
  }

  @Test
  void whatDoesNotFitWaitsAndFollows() {
    fill();
    assertThat(turn()).as("an event while there is no room").isFalse();
    receive(Integer.MAX_VALUE);
    for (int i = 0; i < 1_000 && writer.pendingBytes() > 0; i++) {
      turn();
      receive(Integer.MAX_VALUE);
    }
    receive(Integer.MAX_VALUE);
    assertThat(received.size()).as("bytes received").isEqualTo(sent.size());
    assertThat(received.toByteArray()).isEqualTo(sent.toByteArray());
  }

  @Test
  void afterwardsItIsQuietAgain() {
    fill();
    for (int i = 0; i < 1_000 && writer.pendingBytes() > 0; i++) {
      receive(Integer.MAX_VALUE);
      turn();
    }
    receive(Integer.MAX_VALUE);
    for (int i = 0; i < 20; i++) {
      assertThat(turn()).as("an event with nothing to write").isFalse();
    }
  }

  @Test
  void laterBytesStayBehindEarlierOnes() {
    Choices choices = new SeededChoices(2);
    for (int i = 0; i < 2_000; i++) {
      if (choices.chance(1, 2) && writer.pendingBytes() < 100_000) {
        send(1 + choices.below(9_000));
      } else {
        receive(choices.below(20_000));
      }
      turn();
    }
    for (int i = 0; i < 1_000 && received.size() < sent.size(); i++) {
      receive(Integer.MAX_VALUE);
      turn();
    }
    assertThat(received.size()).as("bytes received").isEqualTo(sent.size());
    assertThat(received.toByteArray()).isEqualTo(sent.toByteArray());
  }

  @Test
  void interestIsChangedWhenItChangesAndNotForEachWrite() {
    fill();
    long before = kernel.counts().of(Call.CONTROL);
    for (int i = 0; i < 50; i++) {
      send(100);
    }
    assertThat(kernel.counts().of(Call.CONTROL) - before).as("calls of epoll_ctl").isZero();
  }

  @Test
  void aPeerThatHasGoneEndsIt() {
    fill();
    kernel.sockets().close(peer);
    turn();
    assertThat(writer.failed()).as("failed").isTrue();
    assertThat(writer.pendingBytes()).isZero();
    writer.send(new byte[100]);
    assertThat(writer.pendingBytes()).isZero();
  }
}
