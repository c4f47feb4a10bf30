package twemlab.benchmarks;

import com.google.common.hash.HashFunction;
import com.google.common.hash.Hashing;
import java.util.function.ToIntFunction;
import java.util.zip.CRC32;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.commons.codec.digest.MurmurHash2;
import org.apache.commons.codec.digest.MurmurHash3;
import org.apache.commons.codec.digest.PureJavaCrc32;
import org.apache.commons.codec.digest.XXHash32;
import twemlab.hashing.KeyHash;

/// Hashes of other libraries, each beside the one of ours that it is nearest to.
public enum PeerHash {
  GUAVA_MD5("Guava md5", KeyHash.MD5, true, Guava.of(Guava.md5())),
  COMMONS_MD5("commons-codec DigestUtils.md5", KeyHash.MD5, true, PeerHash::digest),
  GUAVA_CRC32("Guava crc32", KeyHash.CRC32A, true, Guava.of(Hashing.crc32())),
  COMMONS_CRC32("commons-codec PureJavaCrc32", KeyHash.CRC32A, true, PeerHash::pureJavaCrc32),
  JDK_CRC32("JDK CRC32", KeyHash.CRC32A, true, PeerHash::jdkCrc32),
  COMMONS_MURMUR2(
      "commons-codec MurmurHash2",
      KeyHash.MURMUR,
      true,
      key -> MurmurHash2.hash32(key, key.length, 0xdeadbeef * key.length)),
  GUAVA_MURMUR3("Guava murmur3_32", KeyHash.MURMUR, false, Guava.of(Hashing.murmur3_32_fixed())),
  COMMONS_MURMUR3(
      "commons-codec MurmurHash3", KeyHash.MURMUR, false, key -> MurmurHash3.hash32x86(key)),
  GUAVA_FARM("Guava farmHash64", KeyHash.XXH3, false, Guava.of(Hashing.farmHashFingerprint64())),
  COMMONS_XXHASH32("commons-codec XXHash32", KeyHash.XXH3, false, PeerHash::xxHash32);

  private final String title;
  private final KeyHash ours;
  private final boolean same;

  // The type cannot say so, but each is a reference to a static method or to an immutable function.
  @SuppressWarnings("ImmutableEnumChecker")
  private final ToIntFunction<byte[]> function;

  PeerHash(String title, KeyHash ours, boolean same, ToIntFunction<byte[]> function) {
    this.title = title;
    this.ours = ours;
    this.same = same;
    this.function = function;
  }

  /// Hashes a key.
  int hash(byte[] key) {
    return function.applyAsInt(key);
  }

  /// Its name in tables.
  String title() {
    return title;
  }

  /// What it is compared with.
  KeyHash ours() {
    return ours;
  }

  /// Whether it is the same function; else a relative for the same purpose.
  boolean same() {
    return same;
  }

  private static int digest(byte[] key) {
    byte[] md5 = DigestUtils.md5(key);
    return (md5[0] & 0xff) | (md5[1] & 0xff) << 8 | (md5[2] & 0xff) << 16 | md5[3] << 24;
  }

  private static int pureJavaCrc32(byte[] key) {
    PureJavaCrc32 crc = new PureJavaCrc32();
    crc.update(key, 0, key.length);
    return (int) crc.getValue();
  }

  private static int jdkCrc32(byte[] key) {
    CRC32 crc = new CRC32();
    crc.update(key, 0, key.length);
    return (int) crc.getValue();
  }

  private static int xxHash32(byte[] key) {
    XXHash32 hash = new XXHash32();
    hash.update(key, 0, key.length);
    return (int) hash.getValue();
  }

  private static final class Guava {
    static ToIntFunction<byte[]> of(HashFunction function) {
      return key -> function.hashBytes(key).asInt();
    }

    /// Deprecated because md5 is no longer safe for cryptography, which this is not.
    @SuppressWarnings("deprecation")
    static HashFunction md5() {
      return Hashing.md5();
    }
  }
}
