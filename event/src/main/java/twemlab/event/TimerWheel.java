package twemlab.event;

/// Deadlines in a hierarchical timing wheel; C counterpart the red-black tree `tmo_rbt`
/// (nc_connection.h), which costs O(log n) for each request.
///
/// Wheel `k` has 64 slots of 64^k milliseconds. A timer lies in the lowest wheel whose span holds
/// its distance, and moves down as its time comes near; a bit per slot finds the next one without a
/// scan. Scheduling and cancelling take constant time and allocate nothing, because a [Timer] is
/// its own list node. Source: G. Varghese and T. Lauck, "Hashed and hierarchical timing wheels",
/// SOSP 1987, scheme 6.
///
/// ```text
/// wheel 0   1 ms a slot    [0 . . . 63]   up to 64 ms ahead
/// wheel 1   64 ms a slot   [0 . . . 63]   up to 4.1 s
/// wheel 2   4.1 s a slot   [0 . . . 63]   up to 4.4 min
/// wheel 3   4.4 min        [0 . . . 63]   up to 4.7 h
/// wheel 4   4.7 h          [0 . . . 63]   up to 12 days; later deadlines wait in its last slot
/// ```
///
/// The wheel never reads a clock: `now` is an argument. A timer never fires early, and at most a
/// tick late: in the first [#expire] at or after the tick that follows its deadline. Of two timers
/// the one with the earlier tick fires first; those of one tick fire in an order that depends on
/// nothing but the calls made (not always that of scheduling).
public final class TimerWheel {
  /// Nanoseconds of a tick.
  public static final long TICK_NANOS = 1_000_000;

  /// What [#nextDeadline] returns when no timer is scheduled.
  public static final long NONE = Long.MAX_VALUE;

  private static final int BITS = 6;
  private static final int SLOTS = 1 << BITS;
  private static final int MASK = SLOTS - 1;
  private static final int LEVELS = 5;
  private static final long SPAN = 1L << (BITS * LEVELS);

  private final Timer[][] slots = new Timer[LEVELS][SLOTS];
  private final long[] occupied = new long[LEVELS];
  private final long origin;

  /// The tick up to which everything has been expired.
  private long tick;

  private int size;

  /// A deadline and what to do then. Reusable; a member of the object that waits.
  public static final class Timer {
    /// Called in the turn in which the deadline has passed.
    public interface Action {
      void expired(long nowNanos);
    }

    private final Action action;
    private long deadline;
    private long tick;
    private int level = -1;
    private int slot;
    private Timer previous;
    private Timer next;

    /// A timer that is not scheduled yet.
    public Timer(Action action) {
      this.action = action;
    }

    /// Whether it will fire.
    public boolean scheduled() {
      return level >= 0;
    }

    /// When it will fire, on the loop's monotonic scale.
    public long deadline() {
      return deadline;
    }
  }

  /// An empty wheel; deadlines are later than `nowNanos`.
  public TimerWheel(long nowNanos) {
    this.origin = nowNanos;
  }

  /// Timers scheduled.
  public int size() {
    return size;
  }

  /// Schedules a timer, moving it if it was scheduled already. A deadline that has passed fires at
  /// the next tick.
  public void schedule(Timer timer, long deadlineNanos) {
    cancel(timer);
    timer.deadline = deadlineNanos;
    // Rounded up, so that no timer fires before its deadline.
    timer.tick = Math.max(Math.ceilDiv(sinceOrigin(deadlineNanos), TICK_NANOS), tick + 1);
    place(timer);
    size++;
  }

  /// The scale may begin anywhere, so that a deadline of "never" could overflow.
  private long sinceOrigin(long nanos) {
    long distance = nanos - origin;
    boolean overflow = ((nanos ^ origin) & (nanos ^ distance)) < 0;
    return overflow ? (nanos > 0 ? Long.MAX_VALUE : Long.MIN_VALUE) : distance;
  }

  /// Takes a timer out; nothing happens if it is not scheduled.
  public void cancel(Timer timer) {
    if (timer.level >= 0) {
      unlink(timer);
      size--;
    }
  }

  // tag::place[]
  private void place(Timer timer) {
    long distance = timer.tick - tick;
    int level = 0;
    while (level < LEVELS - 1 && distance >= 1L << (BITS * (level + 1))) {
      level++;
    }
    long target = Math.min(timer.tick, tick + SPAN - (1L << (BITS * (LEVELS - 1))));
    int slot = (int) (target >>> (BITS * level)) & MASK;
    link(timer, level, slot);
  }

  // end::place[]

  private void link(Timer timer, int level, int slot) {
    timer.level = level;
    timer.slot = slot;
    Timer head = slots[level][slot];
    if (head == null) {
      timer.next = timer;
      timer.previous = timer;
      slots[level][slot] = timer;
      occupied[level] |= 1L << slot;
    } else {
      timer.next = head;
      timer.previous = head.previous;
      head.previous.next = timer;
      head.previous = timer;
    }
  }

  private void unlink(Timer timer) {
    int level = timer.level;
    int slot = timer.slot;
    if (timer.next == timer) {
      slots[level][slot] = null;
      occupied[level] &= ~(1L << slot);
    } else {
      timer.previous.next = timer.next;
      timer.next.previous = timer.previous;
      if (slots[level][slot] == timer) {
        slots[level][slot] = timer.next;
      }
    }
    timer.level = -1;
    timer.next = null;
    timer.previous = null;
  }

  /// The next moment at which [#expire] has something to do; [#NONE] without timers. It is never
  /// later than the tick that follows the earliest deadline, and earlier when a timer has to move
  /// to a finer wheel first. Waiting until then, each time, reaches every deadline less than a tick
  /// late.
  public long nextDeadline() {
    long earliest = nextTick();
    return earliest == NONE ? NONE : origin + earliest * TICK_NANOS;
  }

  /// The first tick at which a slot has to be looked at.
  private long nextTick() {
    long earliest = NONE;
    for (int level = 0; level < LEVELS; level++) {
      if (occupied[level] == 0) {
        continue;
      }
      int shift = BITS * level;
      long current = tick >>> shift;
      // The slots ahead of the current one, in the order in which their time comes.
      long ahead = Long.rotateRight(occupied[level], (int) (current + 1) & MASK);
      long start = (current + 1 + Long.numberOfTrailingZeros(ahead)) << shift;
      earliest = Math.min(earliest, start);
    }
    return earliest;
  }

  /// Fires every timer whose deadline is not later than `nowNanos`. Actions may schedule and cancel
  /// any timer.
  ///
  /// @return how many fired
  // tag::expire[]
  public int expire(long nowNanos) {
    long target = Math.floorDiv(nowNanos - origin, TICK_NANOS);
    int fired = 0;
    for (long next = nextTick(); next <= target; next = nextTick()) {
      tick = next;
      cascade();
      fired += fire(nowNanos);
    }
    tick = Math.max(tick, target);
    return fired;
  }

  // end::expire[]

  /// Moves the timers of the higher wheels whose slot begins at this tick to where they now belong.
  private void cascade() {
    for (int level = LEVELS - 1; level > 0; level--) {
      int shift = BITS * level;
      if ((tick & ((1L << shift) - 1)) != 0) {
        continue;
      }
      int slot = (int) (tick >>> shift) & MASK;
      for (Timer timer = slots[level][slot]; timer != null; timer = slots[level][slot]) {
        unlink(timer);
        place(timer);
        if (timer.level == level && timer.slot == slot) {
          throw new IllegalStateException("a timer did not move down");
        }
      }
    }
  }

  private int fire(long nowNanos) {
    int slot = (int) tick & MASK;
    int fired = 0;
    for (Timer timer = slots[0][slot]; timer != null; timer = slots[0][slot]) {
      unlink(timer);
      size--;
      fired++;
      timer.action.expired(nowNanos);
    }
    return fired;
  }
}
