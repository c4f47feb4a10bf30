package twemlab.protocol;

/// What the proxy does with a request.
public enum Handling {
  /// It goes to a server.
  FORWARD,
  /// The proxy answers it.
  LOCAL,
  /// The proxy cannot do it, and says why: the row's [Obstacle].
  REFUSE
}
