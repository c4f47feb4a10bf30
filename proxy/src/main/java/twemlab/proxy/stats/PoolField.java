package twemlab.proxy.stats;

import java.util.Locale;

/// The values of a pool, in the order of the answer. C counterpart `STATS_POOL_CODEC`.
public enum PoolField {
  CLIENT_EOF(FieldType.COUNTER, "# eof on client connections"),
  CLIENT_ERR(FieldType.COUNTER, "# errors on client connections"),
  CLIENT_CONNECTIONS(FieldType.GAUGE, "# active client connections"),
  SERVER_EJECTS(FieldType.COUNTER, "# times backend server was ejected"),
  FORWARD_ERROR(FieldType.COUNTER, "# times we encountered a forwarding error"),
  FRAGMENTS(FieldType.COUNTER, "# fragments created from a multi-vector request"),

  // Ours.

  HANDLER_ERR(FieldType.COUNTER, "# connections closed by an error of the proxy itself");

  /// How many fields a pool has.
  static final int COUNT = values().length;

  private final FieldType type;
  private final String fieldName;
  private final String description;

  PoolField(FieldType type, String description) {
    this.type = type;
    this.fieldName = name().toLowerCase(Locale.ROOT);
    this.description = description;
  }

  /// How the value moves.
  public FieldType type() {
    return type;
  }

  /// The name in the answer, such as `client_eof`.
  public String fieldName() {
    return fieldName;
  }

  /// What `-D` says about it.
  public String description() {
    return description;
  }
}
