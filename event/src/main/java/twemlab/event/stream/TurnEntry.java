package twemlab.event.stream;

/// Something that a budget may stop: a channel, or a listener.
interface TurnEntry {
  /// It had put itself on the re-arm list in an earlier turn ([TurnWork#rearm]).
  void onRearmed();
}
