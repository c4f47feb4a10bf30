package twemlab.protocol;

/// A number in a memcached command line, and what it may be.
///
/// A number that memcached itself cannot hold is refused: it would answer an error at the end of
/// the line and then read the data block as commands, so that a value could smuggle requests.
public enum NumberField {
  /// Opaque to the server; 32 bits.
  FLAGS(false, 0xFFFFFFFFL),
  /// Seconds, or a time; in storage commands twemproxy takes no sign.
  EXPIRY(false, Long.MAX_VALUE),
  /// The length of the data block.
  BYTES(false, Integer.MAX_VALUE),
  /// The unique number that `gets` told; 64 bits, unsigned.
  CAS_UNIQUE(false, -1L),
  /// What to add or subtract; 64 bits, unsigned. The server refuses a sign, with one line.
  DELTA(true, -1L),
  /// Seconds, or a time; negative means expired.
  SIGNED_EXPIRY(true, Long.MAX_VALUE);

  private final boolean signed;
  private final long maximum;

  NumberField(boolean signed, long maximum) {
    this.signed = signed;
    this.maximum = maximum;
  }

  /// Whether a minus may precede the digits.
  public boolean signed() {
    return signed;
  }

  /// The largest absolute value, as an unsigned long.
  public long maximum() {
    return maximum;
  }
}
