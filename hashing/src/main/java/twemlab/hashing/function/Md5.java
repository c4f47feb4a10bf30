package twemlab.hashing.function;

import java.lang.foreign.MemorySegment;

/// MD5 (RFC 1321), of which a key hash is the first word and a ketama point any of the four. C
/// counterpart `nc_md5.c`. Written here because `java.security.MessageDigest` allocates for every
/// key and cannot read native memory in place: padding is not written anywhere, but made up by
/// [#word] where the message has ended.
public final class Md5 {
  /// `floor(2^32 * |sin(i + 1)|)`, the RFC's table T.
  private static final int[] SINES = sines();

  /// Left rotations: one row of four for each round of sixteen steps.
  private static final int[] ROTATIONS = {
    7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21
  };

  private static final int BLOCK_BYTES = 64;

  private Md5() {}

  public static int hash(MemorySegment memory, byte[] bytes, long offset, int length) {
    return digest(memory, bytes, offset, length, null);
  }

  /// Computes the digest as four little-endian words.
  ///
  /// @param words receives the four words; null when only the first is wanted
  /// @return the first word
  public static int digest(
      MemorySegment memory, byte[] bytes, long offset, int length, int[] words) {
    int a = 0x67452301;
    int b = 0xefcdab89;
    int c = 0x98badcfe;
    int d = 0x10325476;
    int blocks = (int) ((length + 8L) / BLOCK_BYTES) + 1;
    for (int block = 0; block < blocks; block++) {
      int a0 = a;
      int b0 = b;
      int c0 = c;
      int d0 = d;
      for (int step = 0; step < 64; step++) {
        int word = word(memory, bytes, offset, length, block * 16L + wordOfStep(step));
        int sum = a + mix(step, b, c, d) + SINES[step] + word;
        a = d;
        d = c;
        c = b;
        b += Integer.rotateLeft(sum, ROTATIONS[(step >>> 4) * 4 + (step & 3)]);
      }
      a += a0;
      b += b0;
      c += c0;
      d += d0;
    }
    if (words != null) {
      words[0] = a;
      words[1] = b;
      words[2] = c;
      words[3] = d;
    }
    return a;
  }

  private static int mix(int step, int b, int c, int d) {
    return switch (step >>> 4) {
      case 0 -> (b & c) | (~b & d);
      case 1 -> (b & d) | (c & ~d);
      case 2 -> b ^ c ^ d;
      default -> c ^ (b | ~d);
    };
  }

  private static int wordOfStep(int step) {
    return switch (step >>> 4) {
      case 0 -> step;
      case 1 -> (5 * step + 1) & 15;
      case 2 -> (3 * step + 5) & 15;
      default -> (7 * step) & 15;
    };
  }

  /// Word `index` of the padded message: the key, 0x80, zeros, and the length in bits in the last
  /// two words of the last block.
  private static int word(MemorySegment memory, byte[] bytes, long offset, int length, long index) {
    long at = 4 * index;
    if (at + 4 <= length) {
      return Source.int32(memory, bytes, offset + at);
    }
    if (at > length) {
      boolean lastBlock = at / BLOCK_BYTES == (length + 8L) / BLOCK_BYTES;
      int position = (int) index & 15;
      return !lastBlock || position < 14 ? 0 : position == 14 ? length << 3 : length >>> 29;
    }
    int remaining = (int) (length - at);
    int word = 0x80 << (8 * remaining);
    for (int i = 0; i < remaining; i++) {
      word |= Source.unsignedByte(memory, bytes, offset + at + i) << (8 * i);
    }
    return word;
  }

  private static int[] sines() {
    int[] table = new int[64];
    for (int i = 0; i < table.length; i++) {
      table[i] = (int) (long) (0x1p32 * Math.abs(StrictMath.sin(i + 1)));
    }
    return table;
  }
}
