package twemlab.event.stream;

import twemlab.event.Channel;
import twemlab.event.TimerWheel;

/// The limits of a close that first sends what is pending: a peer that takes nothing for a while,
/// or goes on sending instead of finishing, is given up.
public final class Drain {
  /// How long a peer may take nothing, and then how long it may take to finish.
  private static final long SENDING_NANOS = 10_000_000_000L;

  private static final long FINISHING_NANOS = 1_000_000_000L;

  /// The most bytes that are read and discarded meanwhile.
  private static final int DISCARDED_MAX = 1 << 20;

  private final TransportContext context;
  private final Channel channel;
  private final TimerWheel.Timer timer = new TimerWheel.Timer(_ -> expired());
  private int discarded;

  /// What was pending when the timer was set.
  private long pending;

  Drain(TransportContext context, Channel channel) {
    this.context = context;
    this.channel = channel;
    watchSending();
  }

  private void watchSending() {
    pending = channel.pendingBytes();
    context.schedule(timer, SENDING_NANOS);
  }

  private void expired() {
    long left = channel.pendingBytes();
    if (left > 0 && left < pending) {
      watchSending();
      return;
    }
    if (left > 0) {
      context.counts().cutOff++;
    }
    channel.closeNow();
  }

  /// All was sent, and the end of the stream behind it: the peer has its time from now on.
  public void sent() {
    context.schedule(timer, FINISHING_NANOS);
  }

  /// Bytes of the peer were discarded.
  public void discarded(int bytes) {
    discarded += bytes;
  }

  /// Whether the peer sends too much.
  public boolean exceeded() {
    return discarded > DISCARDED_MAX;
  }

  /// The connection is closed.
  void cancel() {
    context.timers().cancel(timer);
  }
}
