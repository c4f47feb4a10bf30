package twemlab.protocol;

/// The kinds of replies of both protocols.
public enum ReplyType {
  /// Not known yet.
  NONE(""),
  /// redis: `+`, a status line; memcached: `OK`.
  STATUS("status"),
  /// redis: `-`, an error line; [ReplyView#errorWord()] has its first word.
  ERROR("error"),
  /// redis: `:`, an integer.
  INTEGER("integer"),
  /// redis: `$`, a bulk string or null.
  BULK("bulk"),
  /// redis: `*`, an array, empty and null ones included.
  ARRAY("multibulk"),
  /// memcached: the new value after `incr` or `decr`.
  NUMBER("num"),
  STORED("stored"),
  NOT_STORED("not_stored"),
  EXISTS("exists"),
  NOT_FOUND("not_found"),
  DELETED("deleted"),
  TOUCHED("touched"),
  /// memcached: zero or more `VALUE` blocks and `END`.
  END("end"),
  /// memcached: a `VALUE` block, in a reply that is not complete.
  VALUE("value"),
  VERSION("version"),
  /// memcached: `ERROR`, the server did not know the command.
  UNKNOWN_COMMAND("error"),
  CLIENT_ERROR("client_error"),
  SERVER_ERROR("server_error");

  private final String label;

  ReplyType(String label) {
    this.label = label;
  }

  /// The name of twemproxy's message type, in lower case.
  public String label() {
    return label;
  }
}
