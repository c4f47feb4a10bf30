package twemlab.proxy;

import twemlab.event.EventLoop;
import twemlab.event.MbufPool;
import twemlab.event.TimerWheel;

/// Gives memory back that a burst needed and nobody needs any more. (nc_mbuf.c keeps every mbuf
/// that was ever in use.)
///
/// Once a second it compares what is mapped with the most that was in use during that second; it
/// acts when half would have been enough, so that steady traffic neither maps nor unmaps. It sleeps
/// while there is little to give back. One loop's thread.
final class IdleMemory {
  private static final long PERIOD_NANOS = 1_000_000_000L;

  /// The least that is worth the trouble: the pool keeps one piece of this size in reserve.
  private static final long LITTLE_BYTES = 2L << 20;

  private final EventLoop loop;
  private final MbufPool mbufs;
  private final TimerWheel.Timer timer = new TimerWheel.Timer(this::check);

  IdleMemory(EventLoop loop, MbufPool mbufs) {
    this.loop = loop;
    this.mbufs = mbufs;
  }

  /// Called at the end of each turn.
  void watch() {
    if (!timer.scheduled()
        && mbufs.mappedBytes() > Math.max(LITTLE_BYTES, 2L * mbufs.mbufBytes())) {
      mbufs.restartPeak();
      loop.timers().schedule(timer, loop.now() + PERIOD_NANOS);
    }
  }

  private void check(long now) {
    if (2L * mbufs.peak() * mbufs.mbufBytes() <= mbufs.mappedBytes()) {
      mbufs.trim();
    }
  }
}
