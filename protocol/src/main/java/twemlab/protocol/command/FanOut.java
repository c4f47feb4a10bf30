package twemlab.protocol.command;

/// How a request of several keys is divided among the servers that own them (twemproxy: fragment).
public enum FanOut {
  /// It goes to one server as it is.
  NONE,
  /// Each server gets its keys.
  KEYS,
  /// Each server gets its keys with their values.
  PAIRS,
  /// It cannot be divided: it goes to the server that owns all keys, or is refused.
  TOGETHER,
  /// It has no key and goes to every server as it is.
  ALL
}
