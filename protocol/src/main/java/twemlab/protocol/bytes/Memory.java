package twemlab.protocol.bytes;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Reads bytes of a segment, and finds one among many, eight at a time.
///
/// The tests on eight bytes at once are the classic ones: `(x - 0x01..) & ~x & 0x80..` marks the
/// bytes that are zero (Mycroft, 1987). A mark above the lowest may be wrong because of a borrow,
/// the lowest never is, and the lowest is the first byte of a little-endian long.
public final class Memory {
  public static final byte CR = '\r';
  public static final byte LF = '\n';

  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;
  private static final long DELETES = 0x7F * ONES;
  private static final int FIRST_PRINTABLE = 0x21;

  private Memory() {}

  public static byte byteAt(MemorySegment segment, long at) {
    return segment.get(BYTE, at);
  }

  static long longAt(MemorySegment segment, long at) {
    return segment.get(LONG, at);
  }

  public static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  /// The place of the first carriage return in `[from, to)`, or `to`.
  public static long findCarriageReturn(MemorySegment segment, long from, long to) {
    long at = from;
    for (; to - at >= 8; at += 8) {
      long marks = zeroBytes(longAt(segment, at) ^ (CR * ONES));
      if (marks != 0) {
        return at + (Long.numberOfTrailingZeros(marks) >>> 3);
      }
    }
    while (at < to && byteAt(segment, at) != CR) {
      at++;
    }
    return at;
  }

  /// The place of the first byte in `[from, to)` that no memcached key may hold, a control byte or
  /// a space, or `to`. Bytes of 0x80 and above may.
  public static long findKeyEnd(MemorySegment segment, long from, long to) {
    long at = from;
    for (; to - at >= 8; at += 8) {
      long bytes = longAt(segment, at);
      long marks =
          zeroBytes(bytes ^ DELETES) | ((bytes - FIRST_PRINTABLE * ONES) & ~bytes & HIGH_BITS);
      if (marks != 0) {
        return at + (Long.numberOfTrailingZeros(marks) >>> 3);
      }
    }
    while (at < to && mayStandInKey(byteAt(segment, at))) {
      at++;
    }
    return at;
  }

  private static boolean mayStandInKey(byte b) {
    return (b < 0 || b >= FIRST_PRINTABLE) && b != 0x7F;
  }

  private static long zeroBytes(long bytes) {
    return (bytes - ONES) & ~bytes & HIGH_BITS;
  }
}
