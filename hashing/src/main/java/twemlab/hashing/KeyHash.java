package twemlab.hashing;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import twemlab.hashing.function.Crc;
import twemlab.hashing.function.Fnv;
import twemlab.hashing.function.Hsieh;
import twemlab.hashing.function.Jenkins;
import twemlab.hashing.function.Md5;
import twemlab.hashing.function.Murmur;
import twemlab.hashing.function.OneAtATime;
import twemlab.hashing.function.Xxh3;

/// A function from a key to an unsigned 32-bit number, by the name that a configuration gives it.
///
/// The first twelve are twemproxy's, with its quirks (C counterparts `hashkit/nc_*.c`): they must
/// send every key where nutcracker sends it. C's `char` is taken as signed, as on x86, on every
/// machine. No function allocates or keeps state; all may be called from any thread.
public enum KeyHash {
  ONE_AT_A_TIME("one_at_a_time", OneAtATime::hash),
  MD5("md5", Md5::hash),
  CRC16("crc16", Crc::crc16),
  CRC32("crc32", Crc::crc32),
  CRC32A("crc32a", Crc::crc32a),
  FNV1_64("fnv1_64", Fnv::fnv1Long),
  FNV1A_64("fnv1a_64", Fnv::fnv1aLong),
  FNV1_32("fnv1_32", Fnv::fnv1Int),
  FNV1A_32("fnv1a_32", Fnv::fnv1aInt),
  HSIEH("hsieh", Hsieh::hash),
  MURMUR("murmur", Murmur::hash),
  JENKINS("jenkins", Jenkins::hash),
  /// Beyond twemproxy: the low 32 bits of XXH3's 64-bit result.
  XXH3("xxh3", Xxh3::hash);

  /// One algorithm over either kind of memory, see [twemlab.hashing.function.Source].
  @FunctionalInterface
  private interface Algorithm {
    int hash(MemorySegment memory, byte[] bytes, long offset, int length);
  }

  private final String configName;

  // The type cannot say so, but a reference to a static method is immutable.
  @SuppressWarnings("ImmutableEnumChecker")
  private final Algorithm algorithm;

  KeyHash(String configName, Algorithm algorithm) {
    this.configName = configName;
    this.algorithm = algorithm;
  }

  /// The name in a configuration file, such as `fnv1a_64`.
  public String configName() {
    return configName;
  }

  /// The hash of that name; names are case-sensitive, as in twemproxy.
  public static Optional<KeyHash> byName(String name) {
    return Arrays.stream(values()).filter(hash -> hash.configName.equals(name)).findFirst();
  }

  /// Whether nutcracker 0.5.0 knows this hash.
  public boolean isTwemproxy() {
    return this != XXH3;
  }

  /// Hashes `length` bytes of `memory` from `offset`. Meant for native segments; a heap segment
  /// works, but [#hash(byte[], int, int)] is the better way to an array.
  ///
  /// @return an unsigned 32-bit number
  /// @throws IndexOutOfBoundsException when the range is not inside the segment
  public int hash(MemorySegment memory, long offset, int length) {
    Objects.checkFromIndexSize(offset, length, memory.byteSize());
    return algorithm.hash(memory, null, offset, length);
  }

  /// Hashes `length` bytes of an array from `offset`.
  ///
  /// @return an unsigned 32-bit number
  /// @throws IndexOutOfBoundsException when the range is not inside the array
  public int hash(byte[] bytes, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    return algorithm.hash(null, bytes, offset, length);
  }
}
