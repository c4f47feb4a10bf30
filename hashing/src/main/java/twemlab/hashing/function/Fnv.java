package twemlab.hashing.function;

import java.lang.foreign.MemorySegment;

/// The hashes of Fowler, Noll and Vo (RFC 9923), as twemproxy computes them: C counterpart
/// `nc_fnv.c`. FNV-1 multiplies, then mixes the byte in; FNV-1a mixes it in first. Bytes keep their
/// sign, so results differ from the published ones from the first byte >= 0x80 on.
public final class Fnv {
  private static final int OFFSET_32 = 0x811c9dc5;
  private static final int PRIME_32 = 0x01000193;
  private static final long OFFSET_64 = 0xcbf29ce484222325L;
  private static final long PRIME_64 = 0x100000001b3L;

  private Fnv() {}

  public static int fnv1Int(MemorySegment memory, byte[] bytes, long offset, int length) {
    int hash = OFFSET_32;
    for (int i = 0; i < length; i++) {
      hash *= PRIME_32;
      hash ^= Source.signedByte(memory, bytes, offset + i);
    }
    return hash;
  }

  public static int fnv1aInt(MemorySegment memory, byte[] bytes, long offset, int length) {
    int hash = OFFSET_32;
    for (int i = 0; i < length; i++) {
      hash ^= Source.signedByte(memory, bytes, offset + i);
      hash *= PRIME_32;
    }
    return hash;
  }

  /// FNV-1 in 64 bits, of which the low 32 are kept. Carries only ever move up, so it would be the
  /// same in 32 bits; the wide form says what is meant.
  public static int fnv1Long(MemorySegment memory, byte[] bytes, long offset, int length) {
    long hash = OFFSET_64;
    for (int i = 0; i < length; i++) {
      hash *= PRIME_64;
      hash ^= Source.signedByte(memory, bytes, offset + i);
    }
    return (int) hash;
  }

  /// twemproxy's default. Its 64-bit constants are cut to 32 bits: the offset is 0x84222325 and the
  /// prime only 0x1b3, so keys that differ in their last bytes get hashes that lie close together,
  /// and close together on a ketama ring (museum C13).
  public static int fnv1aLong(MemorySegment memory, byte[] bytes, long offset, int length) {
    int hash = (int) OFFSET_64;
    for (int i = 0; i < length; i++) {
      hash ^= Source.signedByte(memory, bytes, offset + i);
      hash *= (int) PRIME_64;
    }
    return hash;
  }
}
