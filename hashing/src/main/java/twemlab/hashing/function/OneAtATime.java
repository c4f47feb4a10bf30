package twemlab.hashing.function;

import java.lang.foreign.MemorySegment;

/// Bob Jenkins' one-at-a-time hash (Dr. Dobb's Journal, September 1997). C counterpart
/// `nc_one_at_a_time.c`, which adds bytes with their sign.
public final class OneAtATime {
  private OneAtATime() {}

  public static int hash(MemorySegment memory, byte[] bytes, long offset, int length) {
    int value = 0;
    for (int i = 0; i < length; i++) {
      value += Source.signedByte(memory, bytes, offset + i);
      value += value << 10;
      value ^= value >>> 6;
    }
    value += value << 3;
    value ^= value >>> 11;
    value += value << 15;
    return value;
  }
}
