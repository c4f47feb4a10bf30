package twemlab.event;

import java.util.function.IntSupplier;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Errno;

/// How a loop's connections move bytes: by readiness ([twemlab.event.readiness.ReadinessTransport])
/// or by completions.
///
/// One per loop, and used by its thread alone, except [#wake]. The rules it keeps are those of
/// `docs/architecture.md`, "Loop and transport"; the behaviour suite tests each.
public interface Transport extends AutoCloseable {

  /// Takes new connections of a listener.
  interface Acceptor {
    /// A connection was accepted.
    ///
    /// @return its handler, or null to close it without a byte
    Channel.Handler onAccepted(Channel channel);

    /// [#onAccepted] threw an exception that costs the new connection only ([Containment]); it is
    /// closed. As with [Channel.Handler#onBroken], what this throws ends the loop.
    default void onBroken(Channel channel, RuntimeException failure) {
      throw failure;
    }
  }

  /// A listening socket.
  interface Listener {
    /// The address that is listened on, with the port that the system chose for port 0.
    Address address();

    /// Accepts no more until [#resume]: connections wait in the backlog. Used at a limit of
    /// clients.
    void pause();

    /// Accepts again, from the next turn on.
    void resume();

    /// Accepts those who wait by now, without being told of them, and then closes: their
    /// connections are made as far as they know, and may have requests in them.
    void finish();

    /// Stops listening. The file of a unix socket is removed, unless another one has its name by
    /// now.
    void close();
  }

  /// How to listen.
  ///
  /// @param backlog of listen(2)
  /// @param reusePort whether SO_REUSEPORT is set
  /// @param keepAlive whether SO_KEEPALIVE is set on what is accepted
  /// @param mode of a unix socket's file; 0 or less leaves it as the process' mask makes it
  record ListenOptions(int backlog, boolean reusePort, boolean keepAlive, int mode) {
    /// twemproxy's defaults.
    public static final ListenOptions DEFAULT = new ListenOptions(512, false, false, -1);
  }

  /// Thrown when a listener cannot be opened.
  final class ListenException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Errno errno;

    /// A failed call on the way to listening.
    public ListenException(String call, Address address, Errno errno) {
      super(call + " " + address + ": " + errno.text());
      this.errno = errno;
    }

    /// The error of the call.
    public Errno errno() {
      return errno;
    }
  }

  /// Listens; a unix path that names a socket is unlinked first, one that names anything else is
  /// refused.
  ///
  /// @throws ListenException if the address cannot be had
  Listener listen(Address address, ListenOptions options, Acceptor acceptor) throws ListenException;

  /// Begins to connect. Whatever happens, an immediate failure included, is delivered later.
  Channel connect(Address address, Channel.Handler handler);

  /// Says how to learn the number of requests that wait for a reply. A transport that can wait for
  /// several events at once does so while many are on their way.
  default void outstanding(IntSupplier requests) {}

  /// Waits until something is ready, for at most a time. Calls no handler. Does not wait when there
  /// is something to deliver already.
  ///
  /// @param timeoutMillis -1 waits without limit, 0 does not wait
  /// @return the number of events that are ready; 0 also when a signal or a wake-up ended the wait
  int await(int timeoutMillis);

  /// Delivers what the last wait found, and serves channels that a budget stopped in an earlier
  /// turn.
  ///
  /// @return whether the wait may have left something behind, because it could report no more
  boolean deliver();

  /// Sends what is queued, servers (connections that we made) before clients, and delivers what
  /// follows from it, until nothing is left to do now. Ends the turn.
  void flush();

  /// Ends a wait from another thread; the only method that may be called there.
  void wake();

  /// Connections and listeners that are open.
  int openCount();

  /// What happened so far.
  TransportCounts counts();

  /// Closes every connection and listener without a call to a handler; may be called inside one.
  /// Afterwards, waiting, listening and connecting throw [IllegalStateException].
  @Override
  void close();
}
