package twemlab.sim.kernel;

import java.util.function.IntSupplier;
import twemlab.event.kernel.CallCounts;
import twemlab.event.kernel.CallCounts.Call;
import twemlab.event.kernel.Errno;
import twemlab.sim.world.Deadlock;
import twemlab.sim.world.Fault;
import twemlab.sim.world.Faults;
import twemlab.sim.world.Scheduler;
import twemlab.sim.world.Trace;
import twemlab.sim.world.World;

/// The way into a simulated kernel: what all calls do, and the blocking wait.
///
/// A call costs time, and what falls due meanwhile happens before it: another machine does not wait
/// while this one is busy. Calls made from within an event (by an actor, or by the answer of a
/// resolver) cost nothing.
final class Gate {
  private final World world;
  private final String process;
  private final Descriptors descriptors;
  private final boolean mayBlock;
  private final CallCounts counts = new CallCounts();

  Gate(World world, String process, Descriptors descriptors, boolean mayBlock) {
    this.world = world;
    this.process = process;
    this.descriptors = descriptors;
    this.mayBlock = mayBlock;
  }

  CallCounts counts() {
    return counts;
  }

  void enter(Call call) {
    counts.count(call);
    Scheduler scheduler = world.scheduler();
    if (scheduler.running()) {
      return;
    }
    long cost = world.settings().callNanos();
    Faults faults = world.faults();
    if (faults.fires(Fault.PAUSE_LOOP)) {
      cost += 1_000_000L * (1 + faults.below(Fault.PAUSE_LOOP, 2_000));
    }
    if (faults.fires(Fault.CLOCK_JUMP)) {
      world.jumpWallClock(1_000L * (faults.below(Fault.CLOCK_JUMP, 7_200) - 3_600));
    }
    scheduler.runUntil(scheduler.now() + cost);
  }

  int leave(Trace.Kind kind, int fd, int result) {
    return leave(kind, fd, result, 0);
  }

  int leave(Trace.Kind kind, int fd, int result, long bytes) {
    world.trace().add(process, kind, fd, result, bytes);
    return result;
  }

  int leaveControl(int fd, int result, int operation, int mask) {
    world.trace().addControl(process, fd, result, operation, mask);
    return result;
  }

  /// Waits until `ready` answers something else than 0, or for the timeout (-1: for ever): runs the
  /// world from event to event, and never sleeps.
  ///
  /// @return what `ready` answered, 0 after the timeout, or `-EINTR`
  /// @throws Deadlock if it would wait for ever
  int await(int timeoutMillis, IntSupplier ready) {
    return awaitNanos(timeoutMillis < 0 ? -1 : timeoutMillis * 1_000_000L, ready);
  }

  /// The same with a finer timeout.
  int awaitNanos(long timeout, IntSupplier ready) {
    descriptors.waits();
    world.trace().looking();
    int count = ready.getAsInt();
    if (count != 0 || timeout == 0 || !mayBlock) {
      return count;
    }
    Scheduler scheduler = world.scheduler();
    Faults faults = world.faults();
    long deadline = deadline(scheduler, timeout);
    int atDeadline = 0;
    if (faults.fires(Fault.EINTR)) {
      long interrupted = scheduler.now() + interruption(timeout);
      atDeadline = interrupted < deadline ? Errno.EINTR.result() : 0;
      deadline = Math.min(deadline, interrupted);
    }
    // tag::await[]
    while (count == 0 && scheduler.step(deadline)) {
      world.trace().looking();
      count = ready.getAsInt();
    }
    if (count != 0) {
      return count;
    }
    if (deadline == Long.MAX_VALUE) {
      throw new Deadlock(
          process + " waits for ever, at " + scheduler.now() + " ns, and nothing will happen");
    }
    scheduler.runUntil(deadline);
    return atDeadline;
    // end::await[]
  }

  /// Signals come at once, or anywhere in a long wait.
  private long interruption(long timeout) {
    Faults faults = world.faults();
    long longest = timeout < 0 || faults.below(Fault.EINTR, 2) == 0 ? 1_000 : timeout / 1_000;
    return 1_000L * faults.below(Fault.EINTR, Math.clamp(longest, 1, 10_000_000));
  }

  private long deadline(Scheduler scheduler, long timeout) {
    if (timeout < 0) {
      return Long.MAX_VALUE;
    }
    long jitter =
        world.faults().fires(Fault.TIMER_JITTER)
            ? 1_000L * world.faults().below(Fault.TIMER_JITTER, 5_000)
            : 0;
    return scheduler.now() + timeout + jitter;
  }

  /// How many events a wait may report.
  int fewEvents(int max) {
    Faults faults = world.faults();
    return max > 1 && faults.fires(Fault.FEW_EVENTS)
        ? 1 + faults.below(Fault.FEW_EVENTS, max - 1)
        : max;
  }
}
