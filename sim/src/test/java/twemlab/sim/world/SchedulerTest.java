package twemlab.sim.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SchedulerTest {
  private final Scheduler scheduler = new Scheduler();
  private final List<String> log = new ArrayList<>();

  private Runnable say(String word) {
    return () -> log.add(word + "@" + scheduler.now());
  }

  @Test
  void eventsRunInTheOrderOfTimeThenOfScheduling() {
    scheduler.at(20, say("c"));
    scheduler.at(10, say("a"));
    scheduler.at(10, say("b"));
    scheduler.runUntilIdle();
    assertThat(log).containsExactly("a@10", "b@10", "c@20");
    assertThat(scheduler.idle()).isTrue();
  }

  @Test
  void anEventMayScheduleAnotherAtItsOwnTime() {
    scheduler.at(10, () -> scheduler.after(0, say("second")));
    scheduler.at(10, say("first"));
    scheduler.runUntil(10);
    assertThat(log).containsExactly("first@10", "second@10");
  }

  @Test
  void thePastIsNow() {
    scheduler.runUntil(100);
    scheduler.at(50, say("late"));
    scheduler.runUntilIdle();
    assertThat(log).containsExactly("late@100");
  }

  @Test
  void cancelledEventsDoNotHappen() {
    Scheduler.Event event = scheduler.at(10, say("no"));
    assertThat(event.pending()).isTrue();
    event.cancel();
    assertThat(event.pending()).isFalse();
    assertThat(scheduler.idle()).isTrue();
    assertThat(scheduler.step(Long.MAX_VALUE)).isFalse();
    assertThat(log).isEmpty();
  }

  @Test
  void stepsStopAtTheLimit() {
    scheduler.at(10, say("a"));
    assertThat(scheduler.step(9)).isFalse();
    assertThat(scheduler.now()).isZero();
    assertThat(scheduler.step(10)).isTrue();
    assertThat(scheduler.now()).isEqualTo(10);
  }

  @Test
  void anEventMustNotWait() {
    scheduler.at(1, () -> scheduler.runUntil(5));
    scheduler.at(2, say("never"));
    assertThatThrownBy(scheduler::runUntilIdle).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void whoSchedulesHimselfForEverIsFound() {
    Runnable[] again = new Runnable[1];
    again[0] = () -> scheduler.after(1, again[0]);
    scheduler.after(1, again[0]);
    assertThatThrownBy(scheduler::runUntilIdle).hasMessageContaining("no end");
  }
}
