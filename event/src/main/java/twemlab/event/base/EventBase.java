package twemlab.event.base;

/// A set of descriptors and the mechanism that reports which are ready; C counterpart `struct
/// event_base` and its operations (event/nc_event.h), of which each method names its own.
///
/// A descriptor is registered with a handle that comes back with each of its events. A handle is
/// `(generation << 32) | slot`: the slot is a small number that indexes tables, the generation
/// tells an event of a closed descriptor from one of its successor. Results are `>= 0` or `-errno`.
///
/// What every base promises, whatever lies below it (the behaviour suite holds them to it):
///
/// 1. A registered descriptor that is or becomes readable is reported with [#READ] while it has
///    input interest, also at the end of its stream; likewise [#WRITE] with output interest.
/// 2. An *edge-triggered* base reports a change once and may report more than asked; who gets an
///    event reads or writes until nothing is left. Interest is fixed at registration, and the calls
///    that change it cost nothing.
/// 3. A *level-triggered* base reports again while the condition holds and the interest stands.
/// 4. [#ERROR] and a hang-up are reported whatever the interest, a hang-up as [#READ] with
///    [#HANGUP]; unless the mechanism knows only readable and writable ([#readinessAlone]): there
///    the next read or write finds out.
/// 5. [#END] accompanies [#READ] when the mechanism can report that the peer has finished sending;
///    its absence says nothing.
/// 6. After [#deleteConnection] no event of that handle is reported, except those of the batch
///    being dispatched, which the receiver tells by their generation.
public interface EventBase extends AutoCloseable {
  /// Readable, or at the end of the stream (EVENT_READ).
  int READ = 1;

  /// Writable, or connected (EVENT_WRITE).
  int WRITE = 2;

  /// An error is pending on the socket (EVENT_ERR).
  int ERROR = 4;

  /// The peer has finished sending, and whatever it sent can be read.
  int END = 8;

  /// Both directions are gone: nothing that is sent will arrive.
  int HANGUP = 16;

  /// Takes the events of one wait; C counterpart `event_cb_t`.
  // tag::callback[]
  interface Callback {
    /// One descriptor is ready.
    ///
    /// @param handle as registered
    /// @param events bits of [#READ], [#WRITE], [#ERROR], [#END], [#HANGUP]
    void onReady(long handle, int events);
  }

  // end::callback[]

  /// The name by which `--backend` knows this base.
  String name();

  /// Whether a condition is reported once (edge) or as long as it holds (level).
  boolean edgeTriggered();

  /// Whether only [#READ] and [#WRITE] are ever reported.
  default boolean readinessAlone() {
    return false;
  }

  /// Descriptors from this number on cannot be registered.
  default int descriptorLimit() {
    return Integer.MAX_VALUE;
  }

  /// Registers a connection for input and output (`event_add_conn`); a level-triggered base starts
  /// with input interest alone, because an idle socket is always writable.
  // tag::operations[]
  int addConnection(int fd, long handle);

  /// Takes a connection out, before its descriptor is closed (`event_del_conn`).
  int deleteConnection(int fd, long handle);

  /// Input interest on (`event_add_in`).
  int addIn(int fd, long handle);

  /// Input interest off (`event_del_in`).
  int deleteIn(int fd, long handle);

  /// Output interest on (`event_add_out`).
  int addOut(int fd, long handle);

  /// Output interest off (`event_del_out`).
  int deleteOut(int fd, long handle);

  /// Waits once (`event_wait`).
  ///
  /// @param timeoutMillis -1 waits without limit, 0 does not wait
  /// @return the number of descriptors that are ready, or `-errno`
  int await(int timeoutMillis);

  // end::operations[]

  /// Reports what the last wait found to the callback. Apart from the wait, so that the loop can
  /// read its clock in between.
  void dispatch();

  /// How many events one wait can report; a full batch may have left others behind.
  int batchLimit();

  /// Gives the mechanism's descriptor and memory back (`event_base_destroy`).
  @Override
  void close();
}
