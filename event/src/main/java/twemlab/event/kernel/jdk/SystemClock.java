package twemlab.event.kernel.jdk;

import twemlab.event.kernel.Clock;

/// The machine's clocks.
public final class SystemClock implements Clock {
  @Override
  public long monotonicNanos() {
    return System.nanoTime();
  }

  @Override
  public long wallMillis() {
    return System.currentTimeMillis();
  }
}
