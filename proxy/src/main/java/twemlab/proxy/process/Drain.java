package twemlab.proxy.process;

import twemlab.proxy.Context;
import twemlab.proxy.ServerPool;

/// The orderly end of a proxy, on SIGTERM and SIGINT. It answers every request whose last byte had
/// arrived when it began.
///
/// 1. Waiting connections are accepted, and then no others.
/// 2. Each client is read until its socket is empty once. One that is at a limit is read on as its
///    replies leave.
/// 3. Each client is closed when its last reply has been sent.
/// 4. When no client and no request is left, or the time is over, the loop may end.
///
/// It owns no loop: the code that runs the turns (the process, or a simulator) asks after each
/// whether it is [#over].
public final class Drain {
  /// Between two looks at the clock.
  private static final int LONGEST_WAIT_MILLIS = 50;

  private final Context context;
  private final long deadline;
  private final long cutOffBefore;

  /// Begins the end.
  ///
  /// @param timeoutNanos how long it may take
  public Drain(Context context, long timeoutNanos) {
    this.context = context;
    this.deadline = context.kernel.clock().monotonicNanos() + timeoutNanos;
    this.cutOffBefore = context.transport.counts().cutOff;
    context.pools().forEach(ServerPool::drain);
  }

  /// Whether everything is answered, or the time is.
  public boolean over() {
    return !context.busy() || context.kernel.clock().monotonicNanos() >= deadline;
  }

  /// One turn of the loop.
  ///
  /// @return how many events were handled
  public int turn() {
    return context.loop.runOnce(LONGEST_WAIT_MILLIS);
  }

  /// Whether every client has been sent all that it was owed.
  public boolean complete() {
    return !context.busy() && context.transport.counts().cutOff == cutOffBefore;
  }
}
