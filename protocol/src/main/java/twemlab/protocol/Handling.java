package twemlab.protocol;

/// What the proxy does with a request.
public enum Handling {
  /// It goes to a server.
  FORWARD,
  /// The proxy answers it.
  LOCAL,
  /// It would give its connection a state that a shared server connection cannot have: the proxy
  /// answers an error and closes, because what follows is meant for that state.
  REFUSE_AND_CLOSE
}
