package twemlab.proxy.message;

/// Messages for use and re-use: a stack, linked by [Msg#next]; C counterpart `free_msgq`
/// (nc_message.c), which keeps every message that a burst ever needed. This one keeps what the last
/// period needed: [IdleMemory] measures the peak, and has the rest given back.
public final class MsgPool {
  private Msg free;
  private int freeCount;
  private int used;
  private int peak;

  /// A cleared message.
  public Msg take() {
    peak = Math.max(peak, ++used);
    Msg msg = free;
    if (msg == null) {
      msg = new Msg();
      msg.clear();
    } else {
      free = msg.next;
      msg.next = null;
      msg.free(false);
      freeCount--;
    }
    return msg;
  }

  /// Takes a message back, once it has left both queues.
  ///
  /// @throws IllegalStateException if it still stands in one, or was taken back before
  public void release(Msg msg) {
    if (msg.inClientQueue() || msg.inServerQueue()) {
      throw new IllegalStateException("a message was released while it stood in a queue");
    }
    if (msg.isFree()) {
      throw new IllegalStateException("a message was released twice");
    }
    msg.clear();
    msg.free(true);
    used--;
    msg.next = free;
    free = msg;
    freeCount++;
  }

  /// Messages taken and not released.
  public int used() {
    return used;
  }

  /// Messages that exist, in use or not.
  public int size() {
    return used + freeCount;
  }

  /// The most that were in use at once since the last [#restartPeak].
  int peak() {
    return peak;
  }

  /// Measures the peak again from here on.
  void restartPeak() {
    peak = used;
  }

  /// Leaves unused messages to the garbage collector, until so many exist.
  void trim(int kept) {
    while (free != null && size() > kept) {
      Msg msg = free;
      free = msg.next;
      msg.next = null;
      freeCount--;
    }
  }
}
