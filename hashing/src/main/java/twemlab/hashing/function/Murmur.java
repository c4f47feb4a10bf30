package twemlab.hashing.function;

import java.lang.foreign.MemorySegment;

/// Austin Appleby's MurmurHash2 (2008) with libmemcached's seed, 0xdeadbeef times the length. C
/// counterpart `nc_murmur.c`.
public final class Murmur {
  private static final int MULTIPLIER = 0x5bd1e995;

  private Murmur() {}

  public static int hash(MemorySegment memory, byte[] bytes, long offset, int length) {
    int hash = (0xdeadbeef * length) ^ length;
    long end = offset + (length & ~3);
    for (long at = offset; at < end; at += 4) {
      int word = Source.int32(memory, bytes, at) * MULTIPLIER;
      word ^= word >>> 24;
      hash = (hash * MULTIPLIER) ^ (word * MULTIPLIER);
    }
    int remaining = length & 3;
    if (remaining != 0) {
      for (int i = 0; i < remaining; i++) {
        hash ^= Source.unsignedByte(memory, bytes, end + i) << (8 * i);
      }
      hash *= MULTIPLIER;
    }
    hash ^= hash >>> 13;
    hash *= MULTIPLIER;
    return hash ^ (hash >>> 15);
  }
}
