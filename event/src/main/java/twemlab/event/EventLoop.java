package twemlab.event;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import twemlab.event.kernel.Clock;

/// The loop: waits, handles what is ready, expires timers, flushes; C counterpart `core_loop`
/// (nc_core.c).
///
/// The loop owns no thread. The thread that calls [#runOnce] is its thread, also in a simulator.
///
/// ```text
/// 1  await      one system call, until something is ready or the next timer
/// 2  deliver    read, parse, forward; read, parse, answer       (handlers)
/// 3  tasks      what other threads posted; long work, a slice of it
/// 4  timers     `now` is read once, after the wait
/// 5  flush      one send for each connection with something to say, servers first
/// 6  turn end   statistics are published
/// ```
public final class EventLoop implements AutoCloseable {
  /// A deadline found this late means a paused process: what arrived meanwhile is read first.
  private static final long LATE_NANOS = 10_000_000;

  private final Clock clock;
  private final Transport transport;
  private final TimerWheel timers;
  private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();

  /// How many tasks wait; those that a task posts are left to the next turn.
  private final AtomicInteger posted = new AtomicInteger();

  private final int longestWaitMillis;
  private Runnable turnEnd = () -> {};
  private LongWork longWork = LongWork.NONE;
  private long now;
  private long turns;

  /// A loop over a transport and the timers that it shares with it.
  ///
  /// @param longestWaitMillis the limit of a wait when no timer is due (`-i`), or -1 for none
  public EventLoop(Clock clock, Transport transport, TimerWheel timers, int longestWaitMillis) {
    this.clock = clock;
    this.transport = transport;
    this.timers = timers;
    this.longestWaitMillis = longestWaitMillis;
    this.now = clock.monotonicNanos();
  }

  /// Work that goes on from turn to turn without an event.
  public void onEachTurn(LongWork work) {
    longWork = work;
  }

  /// What runs at the end of each turn.
  public void onTurnEnd(Runnable action) {
    turnEnd = action;
  }

  /// One turn.
  ///
  /// @return how many events were handled
  public int runOnce() {
    return runOnce(longestWaitMillis);
  }

  /// One turn that waits for a limited time at most.
  ///
  /// @param waitLimitMillis -1 for no limit
  /// @return how many events were handled
  // tag::run-once[]
  public int runOnce(int waitLimitMillis) {
    int events = transport.await(timeoutMillis(waitLimitMillis));
    now = clock.monotonicNanos();
    boolean more = transport.deliver();
    if (more || timers.nextDeadline() < now - LATE_NANOS) {
      events += transport.await(0);
      transport.deliver();
    }
    runTasks();
    longWork.serve();
    timers.expire(now);
    transport.flush();
    turnEnd.run();
    turns++;
    return events;
  }

  // end::run-once[]

  private void runTasks() {
    for (int left = posted.get(); left > 0; left--) {
      posted.decrementAndGet();
      tasks.remove().run();
    }
  }

  // tag::wait-time[]
  private int timeoutMillis(int waitLimitMillis) {
    if (isBusy()) {
      return 0;
    }
    long deadline = timers.nextDeadline();
    if (deadline == TimerWheel.NONE) {
      return waitLimitMillis;
    }
    // Rounded up: a wait that ends before the deadline would only be repeated.
    long left = Math.ceilDiv(deadline - clock.monotonicNanos(), 1_000_000L);
    int limit = waitLimitMillis < 0 ? Integer.MAX_VALUE : waitLimitMillis;
    return Math.clamp(left, 0, limit);
  }

  // end::wait-time[]

  /// Whether the next turn has something to do even if nothing happens.
  public boolean isBusy() {
    return posted.get() > 0 || longWork.isWaiting();
  }

  /// The time of this turn, in nanoseconds of the monotonic clock: read once, after the wait.
  public long now() {
    return now;
  }

  /// Turns so far.
  public long turns() {
    return turns;
  }

  /// Has a task run in the loop's next turn. May be called on any thread.
  public void post(Runnable task) {
    tasks.add(task);
    posted.incrementAndGet();
    transport.wake();
  }

  /// The transport that this loop waits on.
  public Transport transport() {
    return transport;
  }

  /// The deadlines of this loop.
  public TimerWheel timers() {
    return timers;
  }

  @Override
  public void close() {
    transport.close();
  }
}
