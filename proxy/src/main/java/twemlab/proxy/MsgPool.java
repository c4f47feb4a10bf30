package twemlab.proxy;

/// Messages for use and re-use; C counterpart `free_msgq` (nc_message.c), which keeps every message
/// that a burst ever needed. This one keeps a bounded number.
final class MsgPool {
  private static final int KEPT = 4096;

  private final Msg[] free = new Msg[KEPT];
  private int freeCount;
  private int used;

  /// A cleared message.
  Msg take() {
    used++;
    Msg msg = freeCount > 0 ? free[--freeCount] : fresh();
    msg.free = false;
    return msg;
  }

  private static Msg fresh() {
    Msg msg = new Msg();
    msg.clear();
    return msg;
  }

  /// Takes a message back, once it has left both queues.
  ///
  /// @throws IllegalStateException if it still stands in one, or was taken back before
  void release(Msg msg) {
    if (msg.inClientQueue || msg.inServerQueue) {
      throw new IllegalStateException("a message was released while it stood in a queue");
    }
    if (msg.free) {
      throw new IllegalStateException("a message was released twice");
    }
    msg.clear();
    msg.free = true;
    used--;
    if (freeCount < KEPT) {
      free[freeCount++] = msg;
    }
  }

  /// Messages taken and not released.
  int used() {
    return used;
  }
}
