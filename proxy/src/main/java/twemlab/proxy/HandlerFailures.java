package twemlab.proxy;

import twemlab.proxy.log.Log;
import twemlab.proxy.log.StackLines;
import twemlab.proxy.stats.PoolField;
import twemlab.proxy.stats.PoolStats;

/// The exceptions that cost a connection: each is counted, and the first of a period are logged
/// with their stacks. A client that has found a bad input may send it a thousand times a second,
/// and the log is not to be the way to fill a disk.
///
/// One loop's thread.
public final class HandlerFailures {
  private static final int LOGGED_IN_A_PERIOD = 3;
  private static final long PERIOD_NANOS = 60_000_000_000L;

  private final Log log;
  private long count;
  private RuntimeException first;
  private long periodEnd = Long.MIN_VALUE;
  private int inPeriod;

  HandlerFailures(Log log) {
    this.log = log;
  }

  /// A connection was closed by an exception of its handler.
  void report(PoolStats stats, String connection, RuntimeException failure, long now) {
    stats.add(PoolField.HANDLER_ERR, 1);
    if (count++ == 0) {
      first = failure;
    }
    endPeriod(now);
    if (inPeriod == 0) {
      periodEnd = now + PERIOD_NANOS;
    }
    if (++inPeriod <= LOGGED_IN_A_PERIOD) {
      StackLines.print(log, "an error of ours closes " + connection, failure);
    }
  }

  /// Says how many were not logged, once their period is over. Called at the end of each turn.
  void endPeriod(long now) {
    if (inPeriod > 0 && now - periodEnd >= 0) {
      if (inPeriod > LOGGED_IN_A_PERIOD) {
        log.error(
            (inPeriod - LOGGED_IN_A_PERIOD) + " more connections were closed by errors of ours");
      }
      inPeriod = 0;
    }
  }

  /// How many there were.
  public long count() {
    return count;
  }

  /// The first of all, or null.
  public RuntimeException first() {
    return first;
  }
}
