package twemlab.hashing;

import java.lang.foreign.MemorySegment;
import twemlab.hashing.function.Source;

/// The two characters between which the routed part of a key stands: with `{}`, the keys
/// `user:{42}:name` and `user:{42}:mail` go to the same server.
///
/// The part runs from the first `open` in the key to the first `close` after it. Without either, or
/// with nothing between them, the whole key counts. C counterpart `server_pool_idx` in
/// `nc_server.c`.
///
/// A range is one `long`, `start << 32 | length`, so that finding it allocates nothing; `start` is
/// counted from the beginning of the key.
public record HashTag(byte open, byte close) {

  /// The routed part of a key in a memory segment, see [#start] and [#length].
  public long range(MemorySegment memory, long offset, int length) {
    return range(memory, null, offset, length);
  }

  /// The routed part of a key in an array, see [#start] and [#length].
  public long range(byte[] bytes, int offset, int length) {
    return range(null, bytes, offset, length);
  }

  /// Where a range begins, in bytes from the beginning of the key.
  public static int start(long range) {
    return (int) (range >>> 32);
  }

  /// How many bytes a range has.
  public static int length(long range) {
    return (int) range;
  }

  private long range(MemorySegment memory, byte[] bytes, long offset, int length) {
    int from = indexOf(open, memory, bytes, offset, 0, length) + 1;
    int end = from == 0 ? -1 : indexOf(close, memory, bytes, offset, from, length);
    return end > from ? (long) from << 32 | (end - from) : length;
  }

  private static int indexOf(
      byte wanted, MemorySegment memory, byte[] bytes, long offset, int from, int length) {
    for (int i = from; i < length; i++) {
      if (Source.signedByte(memory, bytes, offset + i) == wanted) {
        return i;
      }
    }
    return -1;
  }
}
