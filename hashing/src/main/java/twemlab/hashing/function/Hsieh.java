package twemlab.hashing.function;

import java.lang.foreign.MemorySegment;

/// Paul Hsieh's SuperFastHash (2004), in libmemcached's form, which starts from 0 and not from the
/// length. C counterpart `nc_hsieh.c`. A third remaining byte keeps its sign, a first does not.
public final class Hsieh {
  private Hsieh() {}

  public static int hash(MemorySegment memory, byte[] bytes, long offset, int length) {
    if (length == 0) {
      return 0;
    }
    int hash = 0;
    long end = offset + (length & ~3);
    for (long at = offset; at < end; at += 4) {
      hash += Source.unsignedShort(memory, bytes, at);
      int high = (Source.unsignedShort(memory, bytes, at + 2) << 11) ^ hash;
      hash = (hash << 16) ^ high;
      hash += hash >>> 11;
    }
    return avalanche(tail(hash, memory, bytes, end, length & 3));
  }

  private static int tail(int start, MemorySegment memory, byte[] bytes, long at, int remaining) {
    int hash = start;
    switch (remaining) {
      case 3 -> {
        hash += Source.unsignedShort(memory, bytes, at);
        hash ^= hash << 16;
        hash ^= Source.signedByte(memory, bytes, at + 2) << 18;
        hash += hash >>> 11;
      }
      case 2 -> {
        hash += Source.unsignedShort(memory, bytes, at);
        hash ^= hash << 11;
        hash += hash >>> 17;
      }
      case 1 -> {
        hash += Source.unsignedByte(memory, bytes, at);
        hash ^= hash << 10;
        hash += hash >>> 1;
      }
      default -> {}
    }
    return hash;
  }

  private static int avalanche(int start) {
    int hash = start;
    hash ^= hash << 3;
    hash += hash >>> 5;
    hash ^= hash << 4;
    hash += hash >>> 17;
    hash ^= hash << 25;
    hash += hash >>> 6;
    return hash;
  }
}
