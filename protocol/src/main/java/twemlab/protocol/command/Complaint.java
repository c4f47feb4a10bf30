package twemlab.protocol.command;

/// What the server itself says to bytes that it cannot read as a request, word for word.
///
/// Whether the connection lives behind it is another question, which the parser's result answers:
/// it does after [twemlab.protocol.ParseResult#UNSUPPORTED], and does not after
/// [twemlab.protocol.ParseResult#ERROR], when nobody knows where the next request begins.
///
/// Sources: memcached 1.6, proto_text.c; redis 7.0, `processMultibulkBuffer` and
/// `processInlineBuffer`, networking.c.
public enum Complaint {
  /// None.
  NONE(""),

  // memcached.
  UNKNOWN_LINE("ERROR"),
  BAD_LINE("CLIENT_ERROR bad command line format"),
  BAD_DELETE("CLIENT_ERROR bad command line format.  Usage: delete <key> [noreply]"),
  BAD_DELTA("CLIENT_ERROR invalid numeric delta argument"),
  BAD_EXPTIME("CLIENT_ERROR invalid exptime argument"),
  BAD_CHUNK("CLIENT_ERROR bad data chunk"),
  /// memcached closes without a word.
  LINE_TOO_LONG("CLIENT_ERROR line too long"),
  /// A request of the binary protocol, which is answered in that protocol:
  /// [twemlab.protocol.RequestView#binaryOpcode].
  BINARY_PROTOCOL("the binary protocol is not supported by this proxy: use the text protocol"),

  // redis.
  MULTIBULK_LENGTH("-ERR Protocol error: invalid multibulk length"),
  BULK_LENGTH("-ERR Protocol error: invalid bulk length"),
  /// The byte that stands there is the view's [twemlab.protocol.RequestView#unexpected].
  EXPECTED_DOLLAR("-ERR Protocol error: expected '$', got '"),
  INLINE_TOO_BIG("-ERR Protocol error: too big inline request"),
  UNBALANCED_QUOTES("-ERR Protocol error: unbalanced quotes in request"),
  /// redis does not look at these two bytes, and would read the rest otherwise than the proxy.
  BULK_END("-ERR Protocol error: expected CR LF behind a bulk string");

  private final String text;

  Complaint(String text) {
    this.text = text;
  }

  /// The line without its end; of [#EXPECTED_DOLLAR], what precedes the byte.
  public String text() {
    return text;
  }
}
