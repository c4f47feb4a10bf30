package twemlab.event;

/// Events that a transport counts, for people and for tests: an event that never happens in a test
/// is not tested. Plain fields of the loop's thread.
public final class TransportCounts {
  /// Waits that returned.
  public long waits;

  /// Events that waits reported.
  public long events;

  /// Connections accepted.
  public long accepted;

  /// Errors of accept(2) that were skipped (the connection had vanished).
  public long acceptsSkipped;

  /// Times a listener stopped because no descriptor was left.
  public long acceptsStarved;

  /// Events of a descriptor that was closed, dropped by their generation.
  public long staleEvents;

  /// Sends that the kernel took only in part, or not at all.
  public long shortSends;

  /// Mbufs that the transport itself keeps ready, for whatever comes next: a gauge.
  public int mbufsHeld;

  /// Turns in which a connection's budget stopped its reading.
  public long budgetStops;

  /// Connections closed because their handler threw an exception.
  public long broken;

  /// Draining closes that gave up with bytes undelivered.
  public long cutOff;

  /// Turns in which a connection's budget stopped its sending.
  public long sendStops;

  /// Bytes read.
  public long bytesRead;

  /// Bytes that the kernel accepted.
  public long bytesWritten;
}
