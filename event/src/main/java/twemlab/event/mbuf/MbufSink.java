package twemlab.event.mbuf;

/// Takes ranges of mbufs, one after the other: a connection that sends them.
public interface MbufSink {
  /// Takes the bytes `[from, to)` of an mbuf, and the caller's reference.
  void send(Mbuf mbuf, int from, int to);
}
