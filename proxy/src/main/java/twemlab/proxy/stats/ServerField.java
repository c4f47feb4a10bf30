package twemlab.proxy.stats;

import java.util.Locale;

/// The values of a server, in the order of the answer. C counterpart `STATS_SERVER_CODEC`.
public enum ServerField {
  SERVER_EOF(FieldType.COUNTER, "# eof on server connections"),
  SERVER_ERR(FieldType.COUNTER, "# errors on server connections"),
  SERVER_TIMEDOUT(FieldType.COUNTER, "# timeouts on server connections"),
  SERVER_CONNECTIONS(FieldType.GAUGE, "# active server connections"),
  SERVER_EJECTED_AT(FieldType.TIMESTAMP, "timestamp when server was ejected in usec since epoch"),
  REQUESTS(FieldType.COUNTER, "# requests"),
  REQUEST_BYTES(FieldType.COUNTER, "total request bytes"),
  RESPONSES(FieldType.COUNTER, "# responses"),
  RESPONSE_BYTES(FieldType.COUNTER, "total response bytes"),
  IN_QUEUE(FieldType.GAUGE, "# requests in incoming queue"),
  IN_QUEUE_BYTES(FieldType.GAUGE, "current request bytes in incoming queue"),
  OUT_QUEUE(FieldType.GAUGE, "# requests in outgoing queue"),
  OUT_QUEUE_BYTES(FieldType.GAUGE, "current request bytes in outgoing queue");

  /// How many fields a server has.
  static final int COUNT = values().length;

  private final FieldType type;
  private final String fieldName;
  private final String description;

  ServerField(FieldType type, String description) {
    this.type = type;
    this.fieldName = name().toLowerCase(Locale.ROOT);
    this.description = description;
  }

  /// How the value moves.
  public FieldType type() {
    return type;
  }

  /// The name in the answer, such as `server_eof`.
  public String fieldName() {
    return fieldName;
  }

  /// What `-D` says about it.
  public String description() {
    return description;
  }
}
