package twemlab.sim.world;

import twemlab.event.kernel.Errno;

/// What an actor does when something happens at one of its connections.
///
/// Called from scheduled events, never from within a call of the endpoint. A handler may call every
/// method of its endpoint.
public interface EndpointHandler {
  /// The connection is made: accepted, or the connect succeeded.
  default void connected(SimEndpoint endpoint) {}

  /// Bytes arrived; the array belongs to the handler.
  default void bytes(SimEndpoint endpoint, byte[] bytes) {}

  /// The peer sends no more. Sending is still possible.
  default void end(SimEndpoint endpoint) {}

  /// The connection was reset, or could not be made: nothing follows.
  default void failed(SimEndpoint endpoint, Errno errno) {}
}
