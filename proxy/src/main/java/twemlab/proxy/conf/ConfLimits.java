package twemlab.proxy.conf;

/// How large a configuration may be. A reader without limits turns a wrong file name into an error
/// of memory, and a file of unknown origin into minutes of parsing.
///
/// nutcracker has no such limits; `docs/deviations.md` has the rule.
final class ConfLimits {
  /// Bytes of the file. 16,384 servers with long names take half of it.
  static final int FILE_BYTES = 4 << 20;

  /// How deep YAML may be nested before the parser gives up. A configuration has a depth of 2; up
  /// to here the refusal can still say what is wrong in nutcracker's words.
  static final int DEPTH = 32;

  /// Characters of a line: the parser's time grows with the square of a line's length.
  static final int LINE = 4096;

  /// Bytes of a key or value: several times the longest that is of use.
  static final int SCALAR_BYTES = 1024;

  /// Servers of one pool. Ketama makes 160 points of each, and all again when one is ejected.
  static final int SERVERS_OF_A_POOL = 4096;

  /// Servers of all pools. Also the most pools, for each has a server.
  static final int SERVERS = 16_384;

  /// Connections to one server: no address can have more than one for each of its ports.
  static final int SERVER_CONNECTIONS = 65_535;

  /// Characters of the file that a message quotes.
  static final int QUOTED = 64;

  private ConfLimits() {}

  /// The servers that a maglev pool counts for: its table has 65,537 or, from 656 servers on,
  /// 655,373 places where ketama has 160 for each server.
  static int maglevShare(int servers) {
    return servers <= 655 ? 410 : SERVERS_OF_A_POOL;
  }
}
