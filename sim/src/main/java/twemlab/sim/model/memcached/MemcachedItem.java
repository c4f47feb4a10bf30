package twemlab.sim.model.memcached;

/// One stored item.
final class MemcachedItem {
  /// Items of this size or more are stored in chunks, and memcached refuses to count in them.
  private static final int CHUNKED = 512 * 1024;

  /// The expiry of an item that never expires.
  static final long NEVER = 0;

  private static final int RELATIVE_MAX = 60 * 60 * 24 * 30;

  private final int flags;
  private byte[] value;
  private long expiresAtSecond;
  private long cas;

  MemcachedItem(int flags, byte[] value, long expiresAtSecond) {
    this.flags = flags;
    this.value = value;
    this.expiresAtSecond = expiresAtSecond;
  }

  int flags() {
    return flags;
  }

  byte[] value() {
    return value;
  }

  void value(byte[] changed) {
    value = changed;
  }

  long cas() {
    return cas;
  }

  void cas(long changed) {
    cas = changed;
  }

  long expiresAtSecond() {
    return expiresAtSecond;
  }

  void expiresAtSecond(long changed) {
    expiresAtSecond = changed;
  }

  boolean expired(long second) {
    return expiresAtSecond != NEVER && expiresAtSecond <= second;
  }

  boolean chunked() {
    return value.length >= CHUNKED;
  }

  /// The second that an expiry argument means (`realtime` in `memcached.c`): 0 is never, negative
  /// is at once, up to 30 days is relative, above it is a point in time.
  static long expiry(int argument, long second) {
    if (argument == 0) {
      return NEVER;
    } else if (argument < 0) {
      return 1;
    }
    return argument > RELATIVE_MAX ? argument : second + argument;
  }
}
