package twemlab.sim.model;

/// A reference model of a server: what a real one answers, byte for byte, as a function of the
/// bytes it received and of the time it is told.
///
/// One model is one server process: its sessions share its store. No threads, no clock, no chance.
/// However the bytes of a connection are cut into calls of [Session#receive], the same bytes come
/// out; between connections, the order of the calls is the order of execution. Not thread-safe:
/// whoever puts a model on real sockets serializes the calls.
public interface ServerModel {
  /// A new connection to this server.
  Session connect();

  /// The state of one connection: a half-received request, the selected database, and so on.
  interface Session {
    /// Takes bytes `from` to `to - 1` of `bytes` and writes the replies of all requests that they
    /// complete. Bytes received after [#closed] are ignored.
    ///
    /// @param nowMillis milliseconds since the epoch, never less than in an earlier call on the
    ///   model
    void receive(byte[] bytes, int from, int to, ReplySink out, long nowMillis);

    /// Bounds what the replies to one call of [#receive] may hold together; without a bound, a long
    /// request for a large value fills any memory.
    ///
    /// @param bytes beyond which [ReplyBuffer.Full] is thrown, and the session is of no more use
    default void limitReplies(int bytes) {}

    /// Whether the beginning of a request has come, and its end has not.
    default boolean partial() {
      return false;
    }

    /// True once the server closes the connection, after what it wrote: the client said goodbye or
    /// broke the protocol.
    boolean closed();
  }
}
