package twemlab.event.stream;

/// Something of a [twemlab.event.readiness.ReadinessTransport] or a
/// [twemlab.event.nio.NioTransport] that can be ready and takes its events.
public interface ReadinessEntry {
  /// The event base, or the selector, reported it.
  void onReady(int events);
}
