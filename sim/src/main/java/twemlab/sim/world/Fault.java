package twemlab.sim.world;

/// The kinds of fault that the simulated system commits on its own. What actors do (stall, reset,
/// close half, answer wrongly) is their own affair.
public enum Fault {
  /// The tail of a segment comes later, with a wake-up of its own.
  PARTIAL_READ,
  /// write(2) and writev(2) take fewer bytes than there is room for, down to one.
  PARTIAL_WRITE,
  /// read(2) answers EAGAIN though bytes are there; a wake-up follows.
  EAGAIN_ON_READ,
  /// write(2) answers EAGAIN though there is room; a wake-up follows.
  EAGAIN_ON_WRITE,
  /// A wait with nothing ready answers EINTR before its time.
  EINTR,
  /// A segment travels up to 200 ms longer.
  DELAY_SEGMENT,
  /// The end of the stream arrives together with the last bytes.
  COALESCE_DATA_AND_FIN,
  /// A segment destroys its connection: both sides are reset.
  RST,
  /// A connect is refused though somebody listens.
  CONNECT_REFUSED,
  /// A connect takes up to 3 s.
  CONNECT_SLOW,
  /// A connect is never answered.
  CONNECT_TIMEOUT,
  /// accept(2) answers one of the errors that are to be skipped; the connection may be lost.
  ACCEPT_ERROR,
  /// socket(2) and accept(2) answer EMFILE.
  EMFILE,
  /// The listener's queue is taken for full.
  BACKLOG_FULL,
  /// A wait reports fewer events than are ready.
  FEW_EVENTS,
  /// A wait reports its events in another order.
  REORDER_EVENTS,
  /// A wait ends up to 5 ms after its time.
  TIMER_JITTER,
  /// The process stands still for up to 2 s, while the world goes on.
  PAUSE_LOOP,
  /// The wall clock jumps by up to an hour, forwards or backwards.
  CLOCK_JUMP,
  /// port_getn answers ETIME though it took events.
  GETN_ETIME,
  /// A name has no address.
  RESOLVE_FAILED,
  /// io_uring finds its ring of completions full, and keeps them outside (rule U5).
  COMPLETIONS_OVERFLOW,
  /// A request of io_uring goes on up to 1 ms after it could (rule U7).
  LATE_COMPLETION,
  /// Cancelling a request of io_uring answers EALREADY, and it goes on (rule U4).
  CANCEL_BUSY,
  /// A receive of io_uring finds no provided buffer.
  NO_BUFFERS
}
