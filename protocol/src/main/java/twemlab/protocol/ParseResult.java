package twemlab.protocol;

/// What a parser says after it was fed a range.
public enum ParseResult {
  /// One whole message was read; the range is consumed up to its last byte.
  OK,
  /// The range is consumed to its end and the message is not complete.
  AGAIN,
  /// The bytes are no message of this protocol; the parser cannot go on.
  ERROR,
  /// Well framed, but not a command that is forwarded, or one with a wrong number of arguments.
  UNSUPPORTED,
  /// One whole line was read that is a redis request in words: [InlineRequest] makes an array of
  /// it, which is then parsed in its place.
  INLINE
}
