package twemlab.event;

/// The limits of a close that first sends what is pending: a peer that takes nothing, or goes on
/// sending instead of finishing, is given up.
final class Drain {
  /// How long it may take to send what is pending, and then for the peer to finish.
  private static final long SENDING_NANOS = 10_000_000_000L;

  private static final long FINISHING_NANOS = 1_000_000_000L;

  /// The most bytes that are read and discarded meanwhile.
  private static final int DISCARDED_MAX = 1 << 20;

  private final TransportContext context;
  private final TimerWheel.Timer timer;
  private int discarded;

  Drain(TransportContext context, Channel channel) {
    this.context = context;
    this.timer = new TimerWheel.Timer(_ -> channel.closeNow());
    context.schedule(timer, SENDING_NANOS);
  }

  /// All was sent, and the end of the stream behind it: the peer has its time from now on.
  void sent() {
    context.schedule(timer, FINISHING_NANOS);
  }

  /// Bytes of the peer were discarded.
  void discarded(int bytes) {
    discarded += bytes;
  }

  /// Whether the peer sends too much.
  boolean exceeded() {
    return discarded > DISCARDED_MAX;
  }

  /// The connection is closed.
  void cancel() {
    context.timers().cancel(timer);
  }
}
