package twemlab.protocol;

/// Where the keys of a request stand.
public enum KeyShape {
  /// There is no key.
  NONE,
  /// The first argument is the key.
  FIRST,
  /// Every argument is a key.
  EVERY,
  /// Keys and values alternate, a key first; the number of elements is odd (`MSET`).
  PAIRS,
  /// A script, a number of keys, then keys and arguments (`EVAL`). The first key alone decides the
  /// route.
  AFTER_NUMKEYS
}
