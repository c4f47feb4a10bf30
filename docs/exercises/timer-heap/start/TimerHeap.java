package twemlab.exercise.timerheap;

import java.util.function.LongConsumer;

/// Deadlines in a binary heap, with the contract of [twemlab.event.TimerWheel] and without its
/// ticks: a timer fires in the first [#expire] at or after its deadline, the earliest first.
///
/// No clock is read: `now` is an argument.
final class TimerHeap {
  /// What [#nextDeadline] answers when no timer is scheduled.
  static final long NONE = Long.MAX_VALUE;

  /// A deadline and what to do then. May be scheduled again after it has fired.
  static final class Timer {
    final LongConsumer action;

    /// @param action is given the time at which it fires
    Timer(LongConsumer action) {
      this.action = action;
    }
  }

  /// Timers that are scheduled.
  int size() {
    return 0; // yours to write
  }

  /// Schedules a timer; if it was scheduled already, it moves.
  void schedule(Timer timer, long deadline) {
    // yours to write
  }

  /// Takes a timer out; nothing happens if it is not scheduled.
  void cancel(Timer timer) {
    // yours to write
  }

  /// The earliest deadline, or [#NONE].
  long nextDeadline() {
    return NONE; // yours to write
  }

  /// Fires what is due by `now`. Actions may schedule and cancel any timer; one that is scheduled
  /// during the call, for a time that has come already, fires in the next call.
  ///
  /// @return how many fired
  int expire(long now) {
    return 0; // yours to write
  }
}
