package twemlab.hashing.function;

import java.lang.foreign.MemorySegment;

/// Bob Jenkins' lookup3, `hashlittle` (2006), with the initial value 13. C counterpart
/// `nc_jenkins.c`.
public final class Jenkins {
  private static final int INITIAL_VALUE = 13;

  private Jenkins() {}

  public static int hash(MemorySegment memory, byte[] bytes, long offset, int length) {
    int a = 0xdeadbeef + length + INITIAL_VALUE;
    int b = a;
    int c = a;
    long at = offset;
    int remaining = length;
    while (remaining > 12) {
      a += Source.int32(memory, bytes, at);
      b += Source.int32(memory, bytes, at + 4);
      c += Source.int32(memory, bytes, at + 8);
      a = (a - c) ^ Integer.rotateLeft(c, 4);
      c += b;
      b = (b - a) ^ Integer.rotateLeft(a, 6);
      a += c;
      c = (c - b) ^ Integer.rotateLeft(b, 8);
      b += a;
      a = (a - c) ^ Integer.rotateLeft(c, 16);
      c += b;
      b = (b - a) ^ Integer.rotateLeft(a, 19);
      a += c;
      c = (c - b) ^ Integer.rotateLeft(b, 4);
      b += a;
      at += 12;
      remaining -= 12;
    }
    if (remaining == 0) {
      return c;
    }
    a += partialWord(memory, bytes, at, remaining);
    b += partialWord(memory, bytes, at + 4, remaining - 4);
    c += partialWord(memory, bytes, at + 8, remaining - 8);
    return finish(a, b, c);
  }

  private static int finish(int aStart, int bStart, int cStart) {
    int c = (cStart ^ bStart) - Integer.rotateLeft(bStart, 14);
    int a = (aStart ^ c) - Integer.rotateLeft(c, 11);
    int b = (bStart ^ a) - Integer.rotateLeft(a, 25);
    c = (c ^ b) - Integer.rotateLeft(b, 16);
    a = (a ^ c) - Integer.rotateLeft(c, 4);
    b = (b ^ a) - Integer.rotateLeft(a, 14);
    return (c ^ b) - Integer.rotateLeft(b, 24);
  }

  /// A little-endian word of which only `remaining` bytes belong to the key; the rest is zero.
  private static int partialWord(MemorySegment memory, byte[] bytes, long at, int remaining) {
    if (remaining >= 4) {
      return Source.int32(memory, bytes, at);
    }
    int word = 0;
    for (int i = 0; i < remaining; i++) {
      word |= Source.unsignedByte(memory, bytes, at + i) << (8 * i);
    }
    return word;
  }
}
