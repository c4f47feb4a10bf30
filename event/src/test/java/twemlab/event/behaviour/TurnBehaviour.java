package twemlab.event.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import twemlab.event.EventLoop;
import twemlab.event.TimerWheel;
import twemlab.event.backend.Backend;
import twemlab.event.behaviour.KernelUnderTest.Family;
import twemlab.event.behaviour.LoopFixture.Pair;
import twemlab.event.kernel.Errno;

/// One turn of the loop: waits, tasks, timers.
public abstract class TurnBehaviour extends TransportBehaviour {
  private static final long MILLI = 1_000_000L;

  private final List<String> log = new ArrayList<>();

  protected TurnBehaviour(KernelUnderTest target, Backend backend) {
    super(target, backend);
  }

  private Pair logged(String name) {
    Recorder recorder = on.recorder();
    recorder.taking(
        (_, _, _, to) -> {
          log.add(name);
          return to;
        });
    return on.accepted(Family.UNIX, recorder);
  }

  @Test
  void orderOfATurnIsEventsTasksTimersFlush() {
    if (!sendsByCall()) {
      return;
    }
    Recorder recorder = on.recorder();
    recorder.taking(
        (channel, mbuf, from, to) -> {
          log.add("bytes");
          mbuf.retain();
          channel.send(mbuf, from, to);
          return to;
        });
    Pair pair = on.accepted(Family.UNIX, recorder);
    on.rest();
    on.loop.onTurnEnd(() -> log.add(pair.peer().read().receivedCount() > 0 ? "end" : "too early"));
    on.loop.post(() -> log.add("task"));
    on.timers.schedule(new TimerWheel.Timer(_ -> log.add("timer")), on.loop.now());
    on.kernel.advanceClock(2 * MILLI);
    pair.peer().write("x");
    on.turn();
    assertThat(log).containsExactly("bytes", "task", "timer", "end");
    on.loop.onTurnEnd(() -> {});
  }

  @Test
  void waitEndsWithTheNextTimer() {
    on.kernel.freezeClock();
    on.kernel.sleepless(true);
    try (var loop = new EventLoop(on.kernel.clock(), on.transport, on.timers, 30_000)) {
      var timer = new TimerWheel.Timer(_ -> log.add("timer"));
      on.timers.schedule(timer, on.kernel.clock().monotonicNanos() + 40 * MILLI);
      loop.runOnce();
      assertThat(on.kernel.requestedTimeout()).isBetween(1, 41);
      on.timers.cancel(timer);
      loop.runOnce();
      assertThat(on.kernel.requestedTimeout()).isEqualTo(30_000);
      assertThat(log).isEmpty();
      on.timers.schedule(timer, loop.now());
      on.kernel.advanceClock(3 * MILLI);
      loop.runOnce();
      assertThat(on.kernel.requestedTimeout()).isZero();
      assertThat(log).containsExactly("timer");
    }
    assertThatThrownBy(() -> on.turn()).hasMessageContaining("closed");
    closeAndReopen();
  }

  @Test
  void interruptedWaitIsNoError() {
    on.kernel.faults().script("wait", Errno.EINTR, Errno.EINTR);
    Pair pair = logged("bytes");
    pair.peer().write("x");
    on.until(() -> log.contains("bytes"));
    assertThat(on.kernel.faults().left("wait")).isZero();
  }

  /// Only io_uring submits; the others have nothing to be refused.
  @Test
  void submissionsThatAreRefusedForAWhileGoLater() {
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      pairs.add(on.accepted(Family.UNIX));
    }
    byte[] bytes = LoopFixture.pattern(40_000);
    for (int i = 0; i < 40; i++) {
      on.kernel.faults().script("enter", Errno.EAGAIN, Errno.EBUSY, Errno.ENOMEM);
    }
    pairs.forEach(pair -> on.send(pair.recorder().channel(), bytes));
    for (Pair pair : pairs) {
      on.until(() -> pair.peer().read().receivedCount() == bytes.length);
      assertThat(pair.peer().received()).isEqualTo(bytes);
      pair.recorder().closeNow();
    }
    for (Pair pair : pairs) {
      on.until(() -> pair.peer().read().ended());
    }
    on.kernel.faults().forget("enter");
  }

  @Test
  void failedWaitIsAnError() {
    on.kernel.faults().script("wait", Errno.EBADF);
    assertThatThrownBy(() -> on.turn()).hasMessageContaining("Bad file descriptor");
  }

  /// A process that was stopped for a while finds its timeouts passed; the replies that came
  /// meanwhile are read before the timeouts are believed.
  @Test
  void lateDeadlineLetsTheReadersGoFirst() {
    Pair pair = logged("reply");
    on.rest();
    on.kernel.freezeClock();
    var timeout = new TimerWheel.Timer(_ -> log.add("timeout"));
    on.timers.schedule(timeout, on.kernel.clock().monotonicNanos() + 100 * MILLI);
    on.kernel.afterNextWait(
        () -> {
          on.kernel.advanceClock(1_000 * MILLI);
          pair.peer().write("reply");
        });
    on.turn();
    assertThat(log).containsExactly("reply", "timeout");
  }

  @Test
  void fullBatchIsPolledOnceMoreBeforeTimers() {
    reopen(2);
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      pairs.add(logged("reply"));
    }
    on.rest();
    on.timers.schedule(new TimerWheel.Timer(_ -> log.add("timeout")), on.loop.now());
    on.kernel.advanceClock(2 * MILLI);
    pairs.forEach(pair -> pair.peer().write("x"));
    on.turn();
    assertThat(log).containsExactly("reply", "reply", "reply", "reply", "timeout");
  }

  @Test
  void smallBatchesStarveNobody() {
    reopen(1);
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      pairs.add(on.accepted(Family.UNIX));
    }
    for (int round = 1; round <= 3; round++) {
      int expected = round;
      pairs.forEach(pair -> pair.peer().write("x"));
      on.until(() -> pairs.stream().allMatch(p -> p.recorder().receivedCount() == expected));
    }
  }

  @Test
  void taskThatPostsItselfRunsOnceATurn() {
    int[] runs = new int[1];
    Runnable[] task = new Runnable[1];
    task[0] =
        () -> {
          if (++runs[0] < 5) {
            on.loop.post(task[0]);
          }
        };
    on.loop.post(task[0]);
    for (int turn = 1; turn <= 5; turn++) {
      on.turn();
      assertThat(runs[0]).isEqualTo(turn);
    }
    assertThat(on.loop.turns()).isEqualTo(5);
  }

  @Test
  void interruptedWakeStillWakes() {
    on.kernel.faults().interrupt(true);
    for (int i = 0; i < 4; i++) {
      log.clear();
      on.loop.post(() -> log.add("task"));
      on.turn();
      assertThat(log).containsExactly("task");
      on.turn();
    }
    on.kernel.faults().interrupt(false);
    int events = on.turn();
    on.transport.wake();
    for (int i = 0; i < 10 && events == 0; i++) {
      events = on.turn();
    }
    assertThat(events).as("the waker still rings").isPositive();
  }

  /// Rung between the wait and the read, the byte of the second wake is read with that of the
  /// first.
  @Test
  void wakeDuringTheReadOfAWakeDoesNotDeafenTheWaker() {
    on.transport.wake();
    on.kernel.beforeNextRead(() -> on.transport.wake());
    on.turn();
    on.rest();
    on.transport.wake();
    assertThat(on.turn()).isPositive();
  }

  @Test
  void manyWakesSendOneByte() {
    on.kernel.writes().clear();
    for (int i = 0; i < 100; i++) {
      on.transport.wake();
    }
    assertThat(on.kernel.writes()).hasSize(1);
    on.rest();
  }
}
