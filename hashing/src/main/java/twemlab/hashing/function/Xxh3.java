package twemlab.hashing.function;

import static twemlab.hashing.function.Source.int32;
import static twemlab.hashing.function.Source.int64;
import static twemlab.hashing.function.Source.unsignedByte;

import java.lang.foreign.MemorySegment;
import java.util.HexFormat;

/// XXH3 in 64 bits with seed 0 and the default secret, by Yann Collet (xxHash 0.8, "XXH3 algorithm
/// overview" in the xxHash specification). A key hash is its low 32 bits.
///
/// Five ways for five ranges of lengths: short keys, the usual ones, take two or three
/// multiplications. Above 240 bytes the reference keeps eight accumulators, for vector registers.
/// They only ever meet in pairs, so this walks the key once for each pair and needs no array.
public final class Xxh3 {
  private static final long PRIME32_1 = 0x9e3779b1L;
  private static final long PRIME32_2 = 0x85ebca77L;
  private static final long PRIME32_3 = 0xc2b2ae3dL;
  private static final long PRIME64_1 = 0x9e3779b185ebca87L;
  private static final long PRIME64_2 = 0xc2b2ae3d27d4eb4fL;
  private static final long PRIME64_3 = 0x165667b19e3779f9L;
  private static final long PRIME64_4 = 0x85ebca77c2b2ae63L;
  private static final long PRIME64_5 = 0x27d4eb2f165667c5L;
  private static final long PRIME_MX1 = 0x165667919e3779f9L;
  private static final long PRIME_MX2 = 0x9fb21c651e98df25L;

  private static final byte[] SECRET =
      HexFormat.of()
          .parseHex(
              "b8fe6c3923a44bbe7c01812cf721ad1cded46de9839097db7240a4a4b7b3671f"
                  + "cb79e64eccc0e578825ad07dccff7221b8084674f743248ee03590e6813a264c"
                  + "3c2852bb91c300cb88d0658b1b532ea371644897a20df94e3819ef46a9deacd8"
                  + "a8fa763fe39c343ff9dcbbc7c70b4f1d8a51e04bcdb45931c89f7ec9d9787364"
                  + "eac5ac8334d3ebc3c581a0fffa1363eb170ddd51b7f0da49d316552629d4689e"
                  + "2b16be587d47a1fc8ff8b8d17ad031ce45cb3a8f95160428afd7fbcabb4b407e");

  private static final long[] START = {
    PRIME32_3, PRIME64_1, PRIME64_2, PRIME64_3, PRIME64_4, PRIME32_2, PRIME64_5, PRIME32_1
  };

  private static final int STRIPE_BYTES = 64;
  private static final int STRIPES_PER_BLOCK = 16;

  private Xxh3() {}

  public static int hash(MemorySegment memory, byte[] bytes, long offset, int length) {
    return (int) hash64(memory, bytes, offset, length);
  }

  public static long hash64(MemorySegment memory, byte[] bytes, long offset, int length) {
    if (length > 240) {
      return above240(memory, bytes, offset, length);
    }
    if (length > 128) {
      return upTo240(memory, bytes, offset, length);
    }
    if (length > 16) {
      return upTo128(memory, bytes, offset, length);
    }
    return upTo16(memory, bytes, offset, length);
  }

  private static long upTo16(MemorySegment memory, byte[] bytes, long offset, int length) {
    if (length > 8) {
      long low = int64(memory, bytes, offset) ^ secret(24) ^ secret(32);
      long high = int64(memory, bytes, offset + length - 8) ^ secret(40) ^ secret(48);
      return avalanche(length + Long.reverseBytes(low) + high + foldedProduct(low, high));
    }
    if (length >= 4) {
      long first = int32(memory, bytes, offset);
      long last = int32(memory, bytes, offset + length - 4) & 0xffffffffL;
      return strongAvalanche((last + (first << 32)) ^ secret(8) ^ secret(16), length);
    }
    if (length > 0) {
      long first = unsignedByte(memory, bytes, offset);
      long middle = unsignedByte(memory, bytes, offset + (length >> 1));
      long last = unsignedByte(memory, bytes, offset + length - 1);
      long combined = (first << 16) | (middle << 24) | last | ((long) length << 8);
      long flip = (secret(0) ^ (secret(0) >>> 32)) & 0xffffffffL;
      return xxh64Avalanche(combined ^ flip);
    }
    return xxh64Avalanche(secret(56) ^ secret(64));
  }

  /// 16 bytes from each end, then the next ones, to the middle.
  private static long upTo128(MemorySegment memory, byte[] bytes, long offset, int length) {
    long sum = length * PRIME64_1;
    for (int i = (length - 1) / 32; i >= 0; i--) {
      sum += mix16(memory, bytes, offset + 16L * i, 32 * i);
      sum += mix16(memory, bytes, offset + length - 16L * (i + 1), 32 * i + 16);
    }
    return avalanche(sum);
  }

  private static long upTo240(MemorySegment memory, byte[] bytes, long offset, int length) {
    long sum = length * PRIME64_1;
    for (int i = 0; i < 8; i++) {
      sum += mix16(memory, bytes, offset + 16L * i, 16 * i);
    }
    sum = avalanche(sum);
    for (int i = 8; i < length / 16; i++) {
      sum += mix16(memory, bytes, offset + 16L * i, 16 * (i - 8) + 3);
    }
    return avalanche(sum + mix16(memory, bytes, offset + length - 16, 136 - 17));
  }

  private static long above240(MemorySegment memory, byte[] bytes, long offset, int length) {
    long sum = length * PRIME64_1;
    for (int lane = 0; lane < 8; lane += 2) {
      sum += lanePair(memory, bytes, offset, length, lane);
    }
    return avalanche(sum);
  }

  /// Runs accumulators `lane` and `lane + 1` over the whole key.
  private static long lanePair(
      MemorySegment memory, byte[] bytes, long offset, int length, int lane) {
    int at = 8 * lane;
    long even = START[lane];
    long odd = START[lane + 1];
    int stripes = (length - 1) / STRIPE_BYTES;
    for (int stripe = 0; stripe <= stripes; stripe++) {
      // The last stripe ends where the key ends, and has a place of its own in the secret.
      boolean last = stripe == stripes;
      long from = offset + at + (last ? length - STRIPE_BYTES : (long) stripe * STRIPE_BYTES);
      int key = at + (last ? 121 : 8 * (stripe % STRIPES_PER_BLOCK));
      long left = int64(memory, bytes, from);
      long right = int64(memory, bytes, from + 8);
      even += right + halvesProduct(left ^ secret(key));
      odd += left + halvesProduct(right ^ secret(key + 8));
      if (!last && stripe % STRIPES_PER_BLOCK == STRIPES_PER_BLOCK - 1) {
        even = scramble(even, secret(128 + at));
        odd = scramble(odd, secret(128 + at + 8));
      }
    }
    return foldedProduct(even ^ secret(11 + at), odd ^ secret(11 + at + 8));
  }

  private static long scramble(long accumulator, long secret) {
    return (accumulator ^ (accumulator >>> 47) ^ secret) * PRIME32_1;
  }

  private static long halvesProduct(long value) {
    return (value & 0xffffffffL) * (value >>> 32);
  }

  private static long mix16(MemorySegment memory, byte[] bytes, long at, int secretAt) {
    return foldedProduct(
        int64(memory, bytes, at) ^ secret(secretAt),
        int64(memory, bytes, at + 8) ^ secret(secretAt + 8));
  }

  /// The two halves of the 128-bit product, one exclusive-ored onto the other.
  private static long foldedProduct(long a, long b) {
    return (a * b) ^ Math.unsignedMultiplyHigh(a, b);
  }

  private static long avalanche(long start) {
    long hash = (start ^ (start >>> 37)) * PRIME_MX1;
    return hash ^ (hash >>> 32);
  }

  private static long strongAvalanche(long start, int length) {
    long hash = start ^ Long.rotateLeft(start, 49) ^ Long.rotateLeft(start, 24);
    hash *= PRIME_MX2;
    hash ^= (hash >>> 35) + length;
    hash *= PRIME_MX2;
    return hash ^ (hash >>> 28);
  }

  private static long xxh64Avalanche(long start) {
    long hash = (start ^ (start >>> 33)) * PRIME64_2;
    hash = (hash ^ (hash >>> 29)) * PRIME64_3;
    return hash ^ (hash >>> 32);
  }

  private static long secret(int at) {
    return int64(null, SECRET, at);
  }
}
