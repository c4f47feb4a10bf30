package twemlab.event.readiness;

/// The socket of a [ReadinessListener], watched by an event base or a selector.
public interface ReadyListenSocket {
  /// Accepts one connection and shows it to the acceptor.
  ///
  /// @return 0, or `-errno`; `-EAGAIN` if there is none
  int acceptOne();

  /// Says whether to report that there are connections.
  void ask(boolean wanted);

  /// Closes it. The file of a unix socket stays.
  void close();
}
