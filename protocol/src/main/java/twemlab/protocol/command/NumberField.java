package twemlab.protocol.command;

/// A number in a memcached command line, and what it may be.
///
/// Before a data block, a number that memcached itself cannot hold is not forwarded: it would
/// answer an error at the end of the line and then read the data block as commands, so that a value
/// could smuggle requests.
public enum NumberField {
  /// Opaque to the server; 32 bits, which every server can hold.
  FLAGS(false, 0xFFFFFFFFL, Complaint.BAD_LINE),
  /// Seconds, or a time; negative means expired.
  EXPIRY(true, Long.MAX_VALUE, Complaint.BAD_LINE),
  /// The length of the data block.
  BYTES(false, Integer.MAX_VALUE, Complaint.BAD_LINE),
  /// The unique number that `gets` told; 64 bits, unsigned.
  CAS_UNIQUE(false, -1L, Complaint.BAD_LINE),
  /// What to add or subtract; 64 bits, unsigned. The server refuses a sign, with one line.
  DELTA(true, -1L, Complaint.BAD_DELTA),
  /// The new time of `touch` and `gat`.
  NEW_EXPIRY(true, Long.MAX_VALUE, Complaint.BAD_EXPTIME);

  private final boolean signed;
  private final long maximum;
  private final Complaint complaint;

  NumberField(boolean signed, long maximum, Complaint complaint) {
    this.signed = signed;
    this.maximum = maximum;
    this.complaint = complaint;
  }

  /// Whether a minus may precede the digits.
  public boolean signed() {
    return signed;
  }

  /// The largest absolute value, as an unsigned long.
  public long maximum() {
    return maximum;
  }

  /// What memcached says when it is no such number.
  public Complaint complaint() {
    return complaint;
  }
}
