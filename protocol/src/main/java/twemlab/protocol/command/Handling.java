package twemlab.protocol.command;

/// What the proxy does with a request.
public enum Handling {
  /// It goes to a server.
  FORWARD,
  /// The proxy answers it.
  LOCAL,
  /// It goes to a server, or to all, if the pool allows what concerns everybody (`admin: true`).
  ADMINISTER,
  /// The proxy cannot do it, and says why: the row's [Obstacle].
  REFUSE
}
