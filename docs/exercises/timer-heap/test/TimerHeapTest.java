package twemlab.exercise.timerheap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import twemlab.sim.choice.Choices;
import twemlab.sim.choice.SeededChoices;

final class TimerHeapTest {
  private final TimerHeap heap = new TimerHeap();
  private final List<String> fired = new ArrayList<>();

  private TimerHeap.Timer timer(String name) {
    return new TimerHeap.Timer(now -> fired.add(name + "@" + now));
  }

  @Test
  void anEmptyHeapHasNoDeadline() {
    assertThat(heap.size()).isZero();
    assertThat(heap.nextDeadline()).isEqualTo(TimerHeap.NONE);
    assertThat(heap.expire(1_000_000)).isZero();
  }

  @Test
  void firesAtItsDeadlineAndNotBefore() {
    heap.schedule(timer("a"), 100);
    assertThat(heap.nextDeadline()).isEqualTo(100);
    assertThat(heap.expire(99)).isZero();
    assertThat(heap.expire(100)).isEqualTo(1);
    assertThat(fired).containsExactly("a@100");
    assertThat(heap.expire(1_000)).as("it fires once").isZero();
    assertThat(heap.size()).isZero();
  }

  @Test
  void theEarliestFiresFirst() {
    heap.schedule(timer("c"), 30);
    heap.schedule(timer("a"), 10);
    heap.schedule(timer("d"), 40);
    heap.schedule(timer("b"), 20);
    assertThat(heap.expire(35)).isEqualTo(3);
    assertThat(fired).containsExactly("a@35", "b@35", "c@35");
    assertThat(heap.nextDeadline()).isEqualTo(40);
  }

  @Test
  void schedulingAgainMovesIt() {
    TimerHeap.Timer a = timer("a");
    heap.schedule(a, 10);
    heap.schedule(timer("b"), 20);
    heap.schedule(a, 30);
    assertThat(heap.size()).isEqualTo(2);
    heap.expire(25);
    assertThat(fired).containsExactly("b@25");
    heap.schedule(a, 26);
    heap.expire(26);
    assertThat(fired).containsExactly("b@25", "a@26");
  }

  @Test
  void aCancelledOneDoesNotFire() {
    TimerHeap.Timer a = timer("a");
    heap.cancel(a);
    heap.schedule(a, 10);
    heap.schedule(timer("b"), 20);
    heap.cancel(a);
    heap.cancel(a);
    assertThat(heap.size()).isEqualTo(1);
    assertThat(heap.nextDeadline()).isEqualTo(20);
    heap.expire(50);
    assertThat(fired).containsExactly("b@50");
  }

  @Test
  void anActionMayCancelOneThatIsDueToo() {
    TimerHeap.Timer victim = timer("victim");
    heap.schedule(new TimerHeap.Timer(_ -> heap.cancel(victim)), 10);
    heap.schedule(victim, 11);
    assertThat(heap.expire(20)).isEqualTo(1);
    assertThat(fired).isEmpty();
    assertThat(heap.size()).isZero();
  }

  @Test
  void whatAnActionSchedulesWaitsForTheNextCall() {
    TimerHeap.Timer[] self = new TimerHeap.Timer[1];
    self[0] =
        new TimerHeap.Timer(
            now -> {
              fired.add("self@" + now);
              if (fired.size() < 1_000) {
                heap.schedule(self[0], now - 5);
              }
            });
    heap.schedule(self[0], 10);
    assertThat(heap.expire(20)).isEqualTo(1);
    assertThat(heap.expire(21)).isEqualTo(1);
    assertThat(fired).containsExactly("self@20", "self@21");
  }

  /// Against a model that is too simple to be wrong.
  @Test
  void doesWhatASortedMapWouldDo() {
    Choices choices = new SeededChoices(7);
    List<TimerHeap.Timer> timers = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      timers.add(timer("t" + i));
    }
    Map<Integer, Long> model = new TreeMap<>();
    long now = 0;
    for (int step = 0; step < 20_000; step++) {
      int i = choices.below(timers.size());
      switch (choices.below(5)) {
        case 0, 1, 2 -> {
          long deadline = now + 1 + choices.below(1_000) * 64L + i;
          heap.schedule(timers.get(i), deadline);
          model.put(i, deadline);
        }
        case 3 -> {
          heap.cancel(timers.get(i));
          model.remove(i);
        }
        default -> {
          now += choices.below(5_000);
          expireBoth(now, model);
        }
      }
      assertThat(heap.size()).isEqualTo(model.size());
      assertThat(heap.nextDeadline())
          .isEqualTo(model.values().stream().min(Long::compare).orElse(TimerHeap.NONE));
    }
  }

  private void expireBoth(long now, Map<Integer, Long> model) {
    List<String> expected =
        model.entrySet().stream()
            .filter(each -> each.getValue() <= now)
            .sorted(Comparator.comparing(Map.Entry::getValue))
            .map(each -> "t" + each.getKey() + "@" + now)
            .toList();
    model.values().removeIf(deadline -> deadline <= now);
    fired.clear();
    heap.expire(now);
    // Equal deadlines may fire in any order.
    assertThat(fired).containsExactlyInAnyOrderElementsOf(expected);
  }

  /// A million steps of searching 100,000 timers from end to end would take minutes.
  @Test
  void cancellingDoesNotSearch() {
    TimerHeap.Timer[] many = new TimerHeap.Timer[100_000];
    for (int i = 0; i < many.length; i++) {
      many[i] = new TimerHeap.Timer(_ -> {});
      heap.schedule(many[i], 1_000_000L + i * 7_919L % many.length);
    }
    long started = System.nanoTime();
    for (int i = 0; i < 1_000_000; i++) {
      TimerHeap.Timer timer = many[(int) (i * 31L % many.length)];
      heap.cancel(timer);
      heap.schedule(timer, 1_000_000L + i * 104_729L % 999_983);
      if (i % 1_000 == 0) {
        assertThat(System.nanoTime() - started)
            .as("nanoseconds for %,d of 1,000,000 steps", i)
            .isLessThan(10_000_000_000L);
      }
    }
    assertThat(heap.size()).isEqualTo(many.length);
  }
}
