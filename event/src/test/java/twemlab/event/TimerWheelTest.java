package twemlab.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// The wheel against a plain list of deadlines.
final class TimerWheelTest {
  private static final long TICK = TimerWheel.TICK_NANOS;
  private static final long HOUR = 3_600_000 * TICK;

  /// One step of a run: what, on which timer, and a distance in time.
  record Step(int kind, int timer, long nanos) {}

  /// A timer of the model, and what its action will do besides.
  private static final class Entry {
    final TimerWheel.Timer timer;
    Step reaction;
    long tick;
    boolean scheduled;

    Entry(TimerWheel.Timer.Action action) {
      timer = new TimerWheel.Timer(action);
    }
  }

  /// A wheel and its model, which hold the same timers.
  private static final class Twins {
    final long origin;
    final TimerWheel wheel;
    final List<Entry> entries = new ArrayList<>();
    long now;

    /// The tick that the wheel has reached: of the timer that fires, or of the last expire.
    long tick;

    Twins(long origin) {
      this.origin = origin;
      now = origin;
      wheel = new TimerWheel(origin);
      for (int i = 0; i < 12; i++) {
        int index = i;
        entries.add(new Entry(_ -> fired(entries.get(index))));
      }
    }

    private void fired(Entry entry) {
      assertThat(entry.scheduled).as("fired once, and only while scheduled").isTrue();
      assertThat(entry.timer.scheduled()).isFalse();
      assertThat(entry.timer.deadline()).as("never early").isLessThanOrEqualTo(now);
      entry.scheduled = false;
      assertThat(entry.tick).as("in the order of ticks").isBetween(tick, ticks(now));
      tick = entry.tick;
      Step reaction = entry.reaction;
      entry.reaction = null;
      if (reaction != null) {
        apply(reaction);
      }
    }

    void apply(Step step) {
      Entry entry = entries.get(step.timer());
      switch (step.kind()) {
        case 0, 1 -> schedule(entry, now + step.nanos());
        case 2 -> {
          wheel.cancel(entry.timer);
          entry.scheduled = false;
        }
        case 3 ->
            entry.reaction = new Step((int) (step.nanos() & 1), step.timer() / 2, step.nanos());
        default -> expire(step.nanos());
      }
    }

    private void schedule(Entry entry, long deadline) {
      wheel.schedule(entry.timer, deadline);
      entry.scheduled = true;
      entry.tick = Math.max(Math.ceilDiv(deadline - origin, TICK), tick + 1);
    }

    private void expire(long distance) {
      now += Math.max(0, distance);
      wheel.expire(now);
      tick = ticks(now);
      for (Entry entry : entries) {
        assertThat(!entry.scheduled || entry.tick > tick).as("at most a tick late").isTrue();
      }
    }

    private long ticks(long nanos) {
      return Math.floorDiv(nanos - origin, TICK);
    }

    void check() {
      assertThat(wheel.size()).isEqualTo((int) entries.stream().filter(e -> e.scheduled).count());
      long earliest =
          entries.stream().filter(e -> e.scheduled).mapToLong(e -> e.tick).min().orElse(-1);
      if (earliest < 0) {
        assertThat(wheel.nextDeadline()).isEqualTo(TimerWheel.NONE);
      } else {
        assertThat(wheel.nextDeadline())
            .isBetween(origin + (tick + 1) * TICK, origin + earliest * TICK);
      }
    }
  }

  @Provide
  Arbitrary<List<Step>> runs() {
    Arbitrary<Long> distances =
        Arbitraries.oneOf(
            Arbitraries.longs().between(-3 * TICK, 3 * TICK),
            Arbitraries.longs().between(0, 200 * TICK),
            Arbitraries.longs().between(0, 300_000 * TICK),
            Arbitraries.longs().between(0, 500 * HOUR),
            Arbitraries.of(63L, 64L, 65L, 4_095L, 4_096L, 4_097L, 262_143L, 262_144L, 1L << 30)
                .map(ticks -> ticks * TICK));
    Arbitrary<Step> steps =
        Combinators.combine(
                Arbitraries.integers().between(0, 5),
                Arbitraries.integers().between(0, 11),
                distances)
            .as(Step::new);
    return steps.list().ofMinSize(1).ofMaxSize(60);
  }

  @Property(tries = 1500, seed = "20260101")
  void doesWhatAListOfDeadlinesDoes(@ForAll("runs") List<Step> run, @ForAll long origin) {
    Twins twins = new Twins(origin / 4);
    for (Step step : run) {
      twins.apply(step);
      twins.check();
    }
    for (Entry entry : twins.entries) {
      entry.reaction = null;
    }
    twins.expire(1_000 * HOUR);
    assertThat(twins.wheel.size()).as("in the end all have fired").isZero();
  }

  /// As a loop does it: wait until [TimerWheel#nextDeadline], expire, repeat.
  @Property(tries = 300, seed = "20260102")
  void waitingForTheNextDeadlineReachesEachInTime(@ForAll("runs") List<Step> run) {
    Twins twins = new Twins(-5);
    run.stream().filter(step -> step.kind() < 2).forEach(twins::apply);
    for (int waits = 0; twins.wheel.size() > 0; waits++) {
      assertThat(waits).isLessThan(60 * 8);
      long next = twins.wheel.nextDeadline();
      assertThat(next).isGreaterThanOrEqualTo(twins.now);
      twins.expire(next - twins.now);
    }
  }

  @Example
  void deadlinesWithoutEndDoNotOverflow() {
    for (long origin : new long[] {-HOUR, 0, HOUR, Long.MIN_VALUE / 2}) {
      TimerWheel wheel = new TimerWheel(origin);
      List<String> fired = new ArrayList<>();
      wheel.schedule(new TimerWheel.Timer(_ -> fired.add("never")), Long.MAX_VALUE);
      wheel.schedule(new TimerWheel.Timer(_ -> fired.add("past")), Long.MIN_VALUE);
      wheel.schedule(new TimerWheel.Timer(_ -> fired.add("soon")), origin + 1);
      wheel.expire(origin + 10_000 * HOUR);
      assertThat(fired).containsExactlyInAnyOrder("past", "soon");
      assertThat(wheel.size()).isEqualTo(1);
    }
  }

  @Example
  void actionsMayCancelAndRescheduleTheirNeighbours() {
    TimerWheel wheel = new TimerWheel(0);
    List<String> fired = new ArrayList<>();
    TimerWheel.Timer[] timers = new TimerWheel.Timer[3];
    timers[0] =
        new TimerWheel.Timer(
            now -> {
              fired.add("first");
              wheel.cancel(timers[1]);
              wheel.schedule(timers[2], now + 5 * TICK);
              wheel.schedule(timers[0], now + TICK);
            });
    timers[1] = new TimerWheel.Timer(_ -> fired.add("second"));
    timers[2] = new TimerWheel.Timer(_ -> fired.add("third"));
    for (TimerWheel.Timer timer : timers) {
      wheel.schedule(timer, 2 * TICK);
    }
    assertThat(wheel.expire(2 * TICK)).isEqualTo(1);
    assertThat(fired).containsExactly("first");
    assertThat(timers[1].scheduled()).isFalse();
    assertThat(wheel.size()).isEqualTo(2);
  }
}
