package twemlab.exercise.timerheap;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;

/// Deadlines in a binary heap, with the contract of [twemlab.event.TimerWheel] and without its
/// ticks: a timer fires in the first [#expire] at or after its deadline, the earliest first.
///
/// No clock is read: `now` is an argument. A timer knows its place in the heap, so that cancelling
/// does not search.
final class TimerHeap {
  /// What [#nextDeadline] answers when no timer is scheduled.
  static final long NONE = Long.MAX_VALUE;

  private static final int ABSENT = -1;
  private static final int DUE = -2;

  /// A deadline and what to do then. May be scheduled again after it has fired.
  static final class Timer {
    final LongConsumer action;
    private long deadline;

    /// Its index in the heap; [#ABSENT], or [#DUE] when it is about to fire.
    private int place = ABSENT;

    /// @param action is given the time at which it fires
    Timer(LongConsumer action) {
      this.action = action;
    }
  }

  private Timer[] heap = new Timer[16];
  private int size;
  private int due;

  /// Timers that are scheduled.
  int size() {
    return size + due;
  }

  /// Schedules a timer; if it was scheduled already, it moves.
  void schedule(Timer timer, long deadline) {
    cancel(timer);
    if (size == heap.length) {
      heap = Arrays.copyOf(heap, size * 2);
    }
    timer.deadline = deadline;
    put(timer, size++);
    up(timer);
  }

  /// Takes a timer out; nothing happens if it is not scheduled.
  void cancel(Timer timer) {
    if (timer.place == DUE) {
      due--;
    } else if (timer.place != ABSENT) {
      remove(timer);
    }
    timer.place = ABSENT;
  }

  private void remove(Timer timer) {
    Timer last = heap[--size];
    heap[size] = null;
    if (last != timer) {
      put(last, timer.place);
      up(last);
      down(last);
    }
  }

  /// The earliest deadline, or [#NONE].
  long nextDeadline() {
    return size == 0 ? NONE : heap[0].deadline;
  }

  /// Fires what is due by `now`. Actions may schedule and cancel any timer; one that is scheduled
  /// during the call, for a time that has come already, fires in the next call.
  ///
  /// @return how many fired
  int expire(long now) {
    List<Timer> batch = new ArrayList<>();
    while (size > 0 && heap[0].deadline <= now) {
      Timer timer = heap[0];
      remove(timer);
      timer.place = DUE;
      due++;
      batch.add(timer);
    }
    int fired = 0;
    for (Timer timer : batch) {
      // An action may have cancelled it, or moved it.
      if (timer.place == DUE) {
        cancel(timer);
        fired++;
        timer.action.accept(now);
      }
    }
    return fired;
  }

  private void put(Timer timer, int place) {
    heap[place] = timer;
    timer.place = place;
  }

  private void up(Timer timer) {
    int place = timer.place;
    while (place > 0 && timer.deadline < heap[(place - 1) / 2].deadline) {
      put(heap[(place - 1) / 2], place);
      place = (place - 1) / 2;
    }
    put(timer, place);
  }

  private void down(Timer timer) {
    int place = timer.place;
    while (2 * place + 1 < size) {
      int child = 2 * place + 1;
      if (child + 1 < size && heap[child + 1].deadline < heap[child].deadline) {
        child++;
      }
      if (timer.deadline <= heap[child].deadline) {
        break;
      }
      put(heap[child], place);
      place = child;
    }
    put(timer, place);
  }
}
