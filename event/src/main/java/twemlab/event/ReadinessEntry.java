package twemlab.event;

/// Something of a [ReadinessTransport] or a [NioTransport] that can be ready and takes its events.
interface ReadinessEntry {
  /// The event base, or the selector, reported it.
  void onReady(int events);
}
