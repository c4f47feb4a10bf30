package twemlab.proxy.message;

import twemlab.proxy.stats.ServerField;
import twemlab.proxy.stats.ServerStats;

/// The requests of one server connection and their deadlines; C counterparts `imsg_q` and `omsg_q`.
///
/// ```text
///           add              hand                    answered
/// request ───────► inQueue ────────► outQueue ─────────────────►
///                  may still         given to the channel; one reply is owed for each,
///                  be taken back     in this order, also for those that timed out
/// ```
///
/// All requests of a pool have the same time to live, also those without reply, because others wait
/// behind them. So deadlines are in the order of each queue, and one timer for the oldest serves
/// all. A request whose deadline passes in the inQueue is taken out. In the outQueue it stays, as a
/// tombstone, because its reply is owed; the first so many there are known to have no deadline
/// ahead and are not looked at again.
public final class ServerQueues {
  private static final int NOWHERE = 0;
  private static final int WAITING = 1;
  private static final int SENT = 2;

  /// Takes requests out of the queues.
  public interface Taker {
    void take(Msg msg);
  }

  private final ServerStats stats;
  private final MsgQueue inQueue = new MsgQueue();
  private final MsgQueue outQueue = new MsgQueue();

  /// How many at the head of the outQueue have no deadline ahead.
  private int passed;

  /// How many at the head of the outQueue are known to be sent.
  private int sent;

  private int tombstones;

  public ServerQueues(ServerStats stats) {
    this.stats = stats;
  }

  /// Requests and tombstones queued.
  public int size() {
    return inQueue.size() + outQueue.size();
  }

  /// Timed-out requests whose replies are still to come.
  public int tombstones() {
    return tombstones;
  }

  /// Ends a period of both queues; see [IdleMemory].
  public void trim() {
    inQueue.trim();
    outQueue.trim();
  }

  /// Queues a request that a client made.
  public void add(Msg msg) {
    msg.inServerQueue(true);
    inQueue.add(msg);
    stats.add(ServerField.REQUESTS, 1);
    stats.add(ServerField.REQUEST_BYTES, msg.requestBytes);
    gauge(msg, WAITING);
  }

  /// The oldest request that was not handed over, taken out; or null.
  public Msg nextToHand() {
    return inQueue.poll();
  }

  /// A request is given to the channel.
  public void hand(Msg msg) {
    msg.inServerQueue(true);
    outQueue.add(msg);
  }

  /// The request that the next reply belongs to, or null if none is owed.
  public Msg owed() {
    return outQueue.peek();
  }

  /// That reply has come.
  public Msg answered() {
    Msg msg = outQueue.poll();
    passed = Math.max(0, passed - 1);
    sent = Math.max(0, sent - 1);
    msg.inServerQueue(false);
    if (msg.isExpired()) {
      tombstones--;
    }
    gauge(msg, NOWHERE);
    return msg;
  }

  /// Moves the gauges of the requests that the kernel has accepted.
  public void markSent(long acceptedBytes) {
    while (sent < outQueue.size() && outQueue.get(sent).isSent(acceptedBytes)) {
      Msg msg = outQueue.get(sent++);
      if (msg.gauge() == WAITING) {
        gauge(msg, SENT);
      }
    }
  }

  /// The earliest deadline, or [Long#MAX_VALUE].
  public long nextDeadline() {
    long waiting = inQueue.isEmpty() ? Long.MAX_VALUE : inQueue.peek().deadline;
    return Math.min(waiting, nextHandedDeadline());
  }

  private long nextHandedDeadline() {
    while (passed < outQueue.size() && isUnwatched(outQueue.get(passed))) {
      passed++;
    }
    return passed < outQueue.size() ? outQueue.get(passed).deadline : Long.MAX_VALUE;
  }

  private static boolean isUnwatched(Msg msg) {
    return msg.isExpired() || msg.deadline == Long.MAX_VALUE;
  }

  /// Hands each request to the taker whose deadline has passed. Those that were given to the
  /// channel become tombstones.
  // tag::expire[]
  public void expire(long now, Taker taker) {
    while (nextHandedDeadline() <= now) {
      Msg msg = outQueue.get(passed);
      msg.expired();
      tombstones++;
      gauge(msg, NOWHERE);
      taker.take(msg);
    }
    while (!inQueue.isEmpty() && inQueue.peek().deadline <= now) {
      takeOut(inQueue, taker);
    }
  }

  // end::expire[]

  /// Takes everything out, the oldest first: the connection is gone.
  public void drain(Taker taker) {
    passed = 0;
    sent = 0;
    tombstones = 0;
    drain(outQueue, taker);
    drain(inQueue, taker);
  }

  /// Exactly those that are queued now: what is answered may make others.
  private void drain(MsgQueue queue, Taker taker) {
    for (int left = queue.size(); left > 0; left--) {
      takeOut(queue, taker);
    }
  }

  private void takeOut(MsgQueue queue, Taker taker) {
    Msg msg = queue.poll();
    msg.inServerQueue(false);
    gauge(msg, NOWHERE);
    taker.take(msg);
  }

  private void gauge(Msg msg, int next) {
    count(msg, msg.gauge(), -1);
    count(msg, next, 1);
    msg.gauge(next);
  }

  private void count(Msg msg, int gauge, int sign) {
    if (gauge == WAITING) {
      stats.add(ServerField.IN_QUEUE, sign);
      stats.add(ServerField.IN_QUEUE_BYTES, (long) sign * msg.requestBytes);
    } else if (gauge == SENT) {
      stats.add(ServerField.OUT_QUEUE, sign);
      stats.add(ServerField.OUT_QUEUE_BYTES, (long) sign * msg.requestBytes);
    }
  }
}
