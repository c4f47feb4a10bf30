package twemlab.benchmarks.event;

import twemlab.event.TimerWheel;

/// The deadlines of the proxy: a [TimerWheel].
final class WheelTimeouts implements Pairs.Timeouts {
  private static final long FAR_NANOS = 60_000_000_000L;

  private final TimerWheel wheel = new TimerWheel(System.nanoTime());
  private final TimerWheel.Timer[] timers;
  private long now = System.nanoTime();

  WheelTimeouts(int pairs) {
    timers = new TimerWheel.Timer[pairs];
    for (int i = 0; i < pairs; i++) {
      timers[i] = new TimerWheel.Timer(_ -> {});
    }
  }

  @Override
  public void restart(int pair) {
    wheel.schedule(timers[pair], now + FAR_NANOS);
  }

  @Override
  public void turn() {
    now = System.nanoTime();
    wheel.expire(now);
    wheel.nextDeadline();
  }
}
