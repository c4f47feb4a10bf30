package twemlab.proxy;

import twemlab.event.EventLoop;

/// The orderly end of a proxy, on SIGTERM and SIGINT.
///
/// 1. Nothing is accepted any more.
/// 2. What had arrived when the end was asked for is read: turns without a wait, until one leaves
///    nothing behind.
/// 3. Clients are not read from any more; each is closed when its last reply has been sent.
/// 4. When no client and no request is left, or the time is over, the loop may end.
final class Drain {
  /// A batch of events and what budgets left of it need few turns; a flood must not keep us here.
  private static final int READING_TURNS = 64;

  private static final int SHORT_WAIT_MILLIS = 50;

  private final Context context;
  private final long deadline;
  private int turnsLeft = READING_TURNS;
  private boolean finishing;

  /// Begins the end.
  Drain(Context context, long drainTimeoutNanos) {
    this.context = context;
    this.deadline = context.kernel.clock().monotonicNanos() + drainTimeoutNanos;
    context.pools().forEach(ServerPool::stopListening);
  }

  /// Runs turns until everything is answered.
  ///
  /// @return whether that was so before the time was over
  boolean run() {
    EventLoop loop = context.loop;
    while (context.busy() && context.kernel.clock().monotonicNanos() < deadline) {
      int events = loop.runOnce(finishing ? SHORT_WAIT_MILLIS : 0);
      boolean allRead = events == 0 && context.transport.settled();
      if (!finishing && (allRead || --turnsLeft == 0)) {
        finishing = true;
        context.pools().forEach(ServerPool::finishClients);
      }
    }
    return !context.busy();
  }
}
