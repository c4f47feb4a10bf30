package twemlab.sim.scenario;

/// What a server of the simulated world does wrong.
public enum ServerFault {
  /// It answers an error line (`-OOM`, `-LOADING`, `SERVER_ERROR`, ...) in place of the reply.
  ERROR_REPLY,
  /// It answers an error before it has the whole request (an item that is too large), and swallows
  /// the rest.
  EARLY,
  /// A reply, and all behind it, comes up to two seconds late.
  LATE,
  /// From here on it answers nothing more on this connection.
  NEVER,
  /// It sends bytes that are no reply.
  WRONG,
  /// It sends a reply that nobody asked for, and nothing more afterwards.
  STRAY,
  /// It closes in the middle of a reply.
  CLOSE_MIDDLE,
  /// It resets the connection in place of the reply.
  RESET,
  /// It ends a connection after a reply, as after an idle time.
  IDLE_CLOSE,
  /// The process ends, its data with it, and starts again up to half a second later.
  RESTART
}
