package twemlab.protocol.bytes;

import java.lang.foreign.MemorySegment;

/// Words of up to 24 bytes as three little-endian longs, so that they compare in three steps.
public final class PackedWord {
  /// The longest word that can be packed, in bytes.
  public static final int MAX_LENGTH = 24;

  /// Sets bit 5 of each byte. Only an ASCII letter becomes a lower-case letter by that, so a folded
  /// word equals a lower-case name if and only if they differ in case alone.
  private static final long FOLD = 0x2020202020202020L;

  private PackedWord() {}

  /// Bytes 0 to 7 of an ASCII word, zeros after its end.
  public static long low(String word) {
    return pack(word, 0);
  }

  /// Bytes 8 to 15.
  public static long high(String word) {
    return pack(word, 8);
  }

  /// Bytes 16 to 23.
  public static long top(String word) {
    return pack(word, 16);
  }

  private static long pack(String word, int from) {
    long packed = 0;
    for (int i = from; i < Math.min(word.length(), from + 8); i++) {
      packed |= (long) word.charAt(i) << ((i - from) << 3);
    }
    return packed;
  }

  /// The `length` bytes at `at`, at most 8 of them, in lower case; 0 when there are none. It reads
  /// nothing at or after `to`.
  public static long foldedAt(MemorySegment segment, long at, int length, long to) {
    if (length <= 0) {
      return 0;
    }
    int shift = Math.max(0, 64 - (length << 3));
    if (to - at >= 8) {
      return (Memory.longAt(segment, at) | FOLD) << shift >>> shift;
    }
    long packed = 0;
    for (int i = 0; i < Math.min(length, 8); i++) {
      packed |= (Memory.byteAt(segment, at + i) | 0x20L) << (i << 3);
    }
    return packed;
  }

  /// A packed word of at most eight bytes with its ASCII capitals in lower case.
  public static long lowerCase(long word) {
    long lower = word;
    for (int shift = 0; shift < 64; shift += 8) {
      int b = (int) (word >>> shift) & 0xFF;
      if (b >= 'A' && b <= 'Z') {
        lower |= 0x20L << shift;
      }
    }
    return lower;
  }

  /// Bytes `[from, from + 8)` of the first `length` bytes of an array, in lower case.
  public static long folded(byte[] word, int from, int length) {
    long packed = 0;
    for (int i = from; i < Math.min(length, from + 8); i++) {
      packed |= ((word[i] & 0xFFL) | 0x20L) << ((i - from) << 3);
    }
    return packed;
  }
}
