package twemlab.sim.scenario;

/// What a client of the simulated world does that a polite one does not.
public enum ClientFault {
  /// The requests of a batch come in two pieces, cut anywhere, some time apart.
  DRIBBLE,
  /// Bytes that are no request follow the batch.
  GARBAGE,
  /// It ends its side of the connection behind the batch.
  HALF_CLOSE,
  /// It says `quit` behind the batch.
  QUIT,
  /// It does not read for a while.
  STALL,
  /// It resets the connection while replies are outstanding.
  RESET,
  /// It closes while replies are outstanding.
  VANISH,
  /// It sends more requests than the proxy lets a client have outstanding.
  OVERRUN,
  /// Beside the others there is one that means ill ([twemlab.sim.HostileClient]), and does
  /// something.
  HOSTILE
}
