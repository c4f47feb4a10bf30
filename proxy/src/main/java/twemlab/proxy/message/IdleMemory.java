package twemlab.proxy.message;

import twemlab.event.EventLoop;
import twemlab.event.TimerWheel;
import twemlab.event.mbuf.MbufPool;

/// Gives memory back that a burst needed and nobody needs any more: mbufs, messages and the rings
/// of queues. (nc_mbuf.c and nc_message.c keep all that was ever in use.)
///
/// Once a second it compares what there is with the most that was in use during that second; it
/// acts when half would have been enough, so that steady traffic neither takes nor gives. It sleeps
/// while there is little to give back. One loop's thread.
public final class IdleMemory {
  private static final long PERIOD_NANOS = 1_000_000_000L;

  /// The least that is worth the trouble: the pool keeps one piece of this size in reserve.
  private static final long LITTLE_BYTES = 2L << 20;

  private static final int FEW_MESSAGES = 1024;

  /// Slabs that are unmapped in one turn, and the pause before the next ones: 300 MB at once stop
  /// everybody for 60 ms.
  private static final int SLABS_A_TURN = 4;

  private static final long PAUSE_NANOS = 2_000_000L;

  private final EventLoop loop;
  private final MbufPool mbufs;
  private final MsgPool msgs;
  private final Runnable queues;
  private final TimerWheel.Timer timer = new TimerWheel.Timer(_ -> check());
  private final TimerWheel.Timer next = new TimerWheel.Timer(_ -> giveMbufsBack());

  /// @param queues ends the period of every [MsgQueue]
  public IdleMemory(EventLoop loop, MbufPool mbufs, MsgPool msgs, Runnable queues) {
    this.loop = loop;
    this.mbufs = mbufs;
    this.msgs = msgs;
    this.queues = queues;
  }

  /// Called at the end of each turn.
  public void watch() {
    if (!timer.scheduled() && isMuch()) {
      mbufs.restartPeak();
      msgs.restartPeak();
      loop.timers().schedule(timer, loop.now() + PERIOD_NANOS);
    }
  }

  private boolean isMuch() {
    return mbufs.mappedBytes() > Math.max(LITTLE_BYTES, 2L * mbufs.mbufBytes())
        || msgs.size() > FEW_MESSAGES;
  }

  private void check() {
    if (2L * mbufs.peak() * mbufs.mbufBytes() <= mbufs.mappedBytes()) {
      giveMbufsBack();
    }
    if (2 * msgs.peak() <= msgs.size()) {
      msgs.trim(Math.max(msgs.peak(), FEW_MESSAGES));
    }
    queues.run();
  }

  private void giveMbufsBack() {
    if (mbufs.trim(SLABS_A_TURN) > 0 && !next.scheduled()) {
      loop.timers().schedule(next, loop.now() + PAUSE_NANOS);
    }
  }
}
