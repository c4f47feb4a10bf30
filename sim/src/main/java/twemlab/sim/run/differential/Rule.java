package twemlab.sim.run.differential;

/// The rules of `docs/deviations.md` by which the proxy answers clients otherwise than nutcracker.
public enum Rule {
  /// A command that nutcracker does not have gets an error line.
  UNKNOWN_COMMAND("unknown-command"),
  /// A wrong number of arguments gets an error line.
  WRONG_ARITY("wrong-arity"),
  /// What would change the meaning of the requests that follow gets an error line, then the
  /// connection closes.
  STATE("state"),
  /// A command that cannot be done over shared connections gets an error line that says so.
  REFUSED("refused"),
  /// QUIT is answered.
  QUIT("quit"),
  /// An empty line, `*0` and `*-1` are skipped.
  EMPTY("empty"),
  /// Lines of words are requests.
  INLINE("inline"),
  /// A broken frame gets redis' own error line, then the connection closes.
  PROTOCOL_ERROR("protocol-error"),
  /// A redis key that is too long gets an error line.
  KEY_TOO_LONG("key-too-long"),
  /// A line that memcached does not understand gets memcached's own error line.
  LINE_ERROR("line-error"),
  /// Handshakes of client libraries are answered.
  LOCAL("local"),
  /// MOVE is forwarded.
  MOVE("move"),
  /// What precedes a broken request is answered.
  C11("C11"),
  /// A multi-get that failed in part leaves the connection open.
  C17("C17"),
  /// `-OOM`, `-BUSY` and `-LOADING` reach the client, and the server connection lives.
  B6("B6"),
  /// A request that times out fails alone.
  B1("B1"),
  /// Servers are asked for a reply to `noreply` requests too.
  C5("C5"),
  /// AUTH comes before SELECT.
  C4("C4"),
  /// AUTH refused by a server is an error of its own.
  B7("B7"),
  /// A clean end of an idle server connection does not count toward ejection.
  C15("C15"),
  /// No control bytes in memcached keys.
  KEY_CONTROL_BYTE("key-control-byte"),
  /// memcached keys have at most 250 bytes, at any cut.
  KEY_LENGTH("key-length"),
  /// Numbers that memcached cannot hold are refused.
  NUMBER_RANGE("number-range"),
  /// Lines that memcached would not read are refused.
  LINE_LENGTH("line-length"),
  /// No leading zero in a length.
  LEADING_ZERO("leading-zero"),
  /// Lengths that redis would not read are refused.
  LENGTH_RANGE("length-range"),
  /// The end of a stream is seen when it comes together with bytes.
  DATA_AND_END("data-and-end");

  private final String id;

  Rule(String id) {
    this.id = id;
  }

  /// Its id in `docs/deviations.md`.
  public String id() {
    return id;
  }
}
