package twemlab.hashing.function;

import java.lang.foreign.MemorySegment;

/// Cyclic redundancy checks as libmemcached, and after it twemproxy, use them for keys. C
/// counterparts `nc_crc16.c` and `nc_crc32.c`.
public final class Crc {
  private static final int[] TABLE_16 = mostSignificantFirst(0x1021);
  private static final int[] TABLE_32 = leastSignificantFirst(0xedb88320);

  private Crc() {}

  /// CRC-16/XMODEM, but the 32-bit accumulator is never cut to 16 bits: what was shifted out on the
  /// left stays in the result. Only the low 16 bits are the true CRC.
  public static int crc16(MemorySegment memory, byte[] bytes, long offset, int length) {
    int crc = 0;
    for (int i = 0; i < length; i++) {
      int index = ((crc >>> 8) ^ Source.signedByte(memory, bytes, offset + i)) & 0xff;
      crc = (crc << 8) ^ TABLE_16[index];
    }
    return crc;
  }

  /// Bits 16 to 30 of the CRC-32, a habit of libmemcached: at most 32,768 different results, all of
  /// them in the first 1/131,072 of a ketama ring.
  public static int crc32(MemorySegment memory, byte[] bytes, long offset, int length) {
    return (crc32a(memory, bytes, offset, length) >>> 16) & 0x7fff;
  }

  /// The CRC-32 of ISO 3309, zlib and Ethernet, whole.
  public static int crc32a(MemorySegment memory, byte[] bytes, long offset, int length) {
    int crc = -1;
    for (int i = 0; i < length; i++) {
      int index = (crc ^ Source.signedByte(memory, bytes, offset + i)) & 0xff;
      crc = (crc >>> 8) ^ TABLE_32[index];
    }
    return ~crc;
  }

  private static int[] mostSignificantFirst(int polynomial) {
    int[] table = new int[256];
    for (int i = 0; i < table.length; i++) {
      int crc = i << 8;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 0x8000) == 0 ? crc << 1 : (crc << 1) ^ polynomial;
      }
      table[i] = crc & 0xffff;
    }
    return table;
  }

  private static int[] leastSignificantFirst(int reversedPolynomial) {
    int[] table = new int[256];
    for (int i = 0; i < table.length; i++) {
      int crc = i;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 1) == 0 ? crc >>> 1 : (crc >>> 1) ^ reversedPolynomial;
      }
      table[i] = crc;
    }
    return table;
  }
}
