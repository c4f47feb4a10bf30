package twemlab.proxy.stats;

/// How a value moves. C counterpart `stats_type_t`.
public enum FieldType {
  /// Only grows.
  COUNTER,
  /// Goes up and down, never below 0.
  GAUGE,
  /// Microseconds since the epoch; 0 for never.
  TIMESTAMP
}
