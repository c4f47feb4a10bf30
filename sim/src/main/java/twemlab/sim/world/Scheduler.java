package twemlab.sim.world;

import java.util.PriorityQueue;

/// Virtual time: a queue of what will happen, ordered by (time, sequence number).
///
/// Time moves only when somebody waits or a call costs something; it never moves while Java code
/// runs. Events that are due at one moment run in the order in which they were scheduled.
public final class Scheduler {

  /// Something that will happen, unless it is cancelled.
  public static final class Event implements Comparable<Event> {
    private final long time;
    private final long sequence;
    private Runnable action;

    private Event(long time, long sequence, Runnable action) {
      this.time = time;
      this.sequence = sequence;
      this.action = action;
    }

    /// Takes it back; without effect when it has happened.
    public void cancel() {
      action = null;
    }

    /// Whether it is still going to happen.
    public boolean pending() {
      return action != null;
    }

    @Override
    public int compareTo(Event other) {
      int order = Long.compare(time, other.time);
      return order != 0 ? order : Long.compare(sequence, other.sequence);
    }

    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return Long.hashCode(sequence);
    }
  }

  private final PriorityQueue<Event> queue = new PriorityQueue<>();
  private long now;
  private long sequence;
  private boolean running;

  /// The virtual time in nanoseconds; it starts at 0.
  public long now() {
    return now;
  }

  /// Lets `action` run at `time`, or as soon as possible if that has passed.
  public Event at(long time, Runnable action) {
    Event event = new Event(Math.max(time, now), sequence++, action);
    queue.add(event);
    return event;
  }

  /// Lets `action` run `delay` nanoseconds from now.
  public Event after(long delay, Runnable action) {
    return at(now + delay, action);
  }

  /// Whether an event is running: whoever is called now must not wait.
  public boolean running() {
    return running;
  }

  /// Whether nothing is going to happen.
  public boolean idle() {
    return head() == null;
  }

  /// How many events ran, or will run if nothing is cancelled.
  public long scheduled() {
    return sequence;
  }

  /// Moves time to the next event that is due by `limit` and runs it; false if there is none.
  // tag::step[]
  public boolean step(long limit) {
    Event next = head();
    if (next == null || next.time > limit) {
      return false;
    }
    if (running) {
      throw new IllegalStateException("an event waits for events");
    }
    queue.remove();
    now = Math.max(now, next.time);
    Runnable action = next.action;
    next.action = null;
    running = true;
    try {
      action.run();
    } finally {
      running = false;
    }
    return true;
  }

  // end::step[]

  /// Runs everything that is due by `time`, which then is the time.
  public void runUntil(long time) {
    while (step(time)) {
      // each step is an event
    }
    now = Math.max(now, time);
  }

  /// Runs until nothing is left to happen.
  ///
  /// @throws IllegalStateException after a million events: something schedules itself for ever
  public void runUntilIdle() {
    for (int i = 0; i < 1_000_000; i++) {
      if (!step(Long.MAX_VALUE)) {
        return;
      }
    }
    throw new IllegalStateException("there is no end to the events");
  }

  private Event head() {
    Event next = queue.peek();
    while (next != null && next.action == null) {
      queue.remove();
      next = queue.peek();
    }
    return next;
  }
}
