package twemlab.protocol.command;

/// How the replies to the fragments of one request become one reply (twemproxy: coalesce).
public enum Gather {
  /// There are no fragments.
  NONE,
  /// The elements of the fragments' arrays, in the order of the request's keys.
  ARRAY,
  /// The sum of the fragments' integers.
  SUM,
  /// One `+OK`, or memcached's `OK`, when every fragment said so.
  STATUS,
  /// The `VALUE` blocks, in the order of the request's keys, and one `END`.
  VALUES,
  /// The elements of the fragments' arrays, one server's after the other's.
  CONCATENATION,
  /// The first bulk string that is not null.
  ANY
}
