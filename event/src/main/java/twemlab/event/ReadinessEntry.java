package twemlab.event;

/// Something of a [ReadinessTransport] that has a descriptor and takes its events.
interface ReadinessEntry {
  /// The event base reported it.
  void onReady(int events);

  /// It had put itself on the re-arm list in an earlier turn.
  void onRearmed();
}
