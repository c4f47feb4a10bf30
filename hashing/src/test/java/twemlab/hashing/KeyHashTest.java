package twemlab.hashing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import twemlab.hashing.function.Md5;
import twemlab.hashing.function.Xxh3;

final class KeyHashTest {

  /// Values that twemproxy's own `test_all.c` asserts.
  @Test
  void twemproxysOwnRow() {
    long[] apple = {
      2297466611L,
      3195025439L,
      3662830516L,
      10542,
      2838417488L,
      473199127,
      1488911807,
      67176023,
      280767167,
      3738850110L,
      4142305122L,
      1442444624
    };
    for (int i = 0; i < apple.length; i++) {
      assertThat(hash(KeyHash.values()[i], "apple"))
          .as(KeyHash.values()[i].configName())
          .isEqualTo((int) apple[i]);
    }
  }

  /// What the authors of the algorithms publish, where the quirks leave it standing.
  @Test
  void publishedValues() {
    assertThat(hash(KeyHash.CRC32A, "123456789")).isEqualTo(0xcbf43926);
    assertThat(hash(KeyHash.CRC16, "123456789") & 0xffff).isEqualTo(0x31c3);
    assertThat(hash(KeyHash.FNV1A_32, "foobar")).isEqualTo(0xbf9cf968);
    assertThat(hash(KeyHash.FNV1_32, "foobar")).isEqualTo(0x31f0b262);
    assertThat(hash(KeyHash.FNV1_64, "foobar")).isEqualTo((int) 0x340d8765a4dda9c2L);
    assertThat(hash(KeyHash.MD5, "message digest")).isEqualTo(Integer.reverseBytes(0xf96b697d));
    assertThat(hash(KeyHash.ONE_AT_A_TIME, "a")).isEqualTo(0xca2e9442);
  }

  @Test
  void ketamaPointsAreTheWordsOfTheDigest() {
    byte[] text = "server1-8".getBytes(StandardCharsets.UTF_8);
    int[] words = new int[4];
    assertThat(Md5.digest(null, text, 0, text.length, words)).isEqualTo(words[0]);
    assertThat(words[0]).isEqualTo((int) 3853726576L);
    assertThat(words[3]).isEqualTo((int) 2667054752L);
  }

  /// Every range of lengths, against the results of xxHash 0.8.3.
  @Test
  void xxh3() {
    List<String[]> rows = Tables.rows("xxh3-vectors.tsv");
    assertThat(rows).hasSizeGreaterThan(310);
    for (String[] row : rows.subList(1, rows.size())) {
      byte[] key = new byte[Integer.parseInt(row[0])];
      for (int i = 0; i < key.length; i++) {
        key[i] = (byte) (i * 131 + key.length * 7 + (i >> 8) * 17);
      }
      long expected = Long.parseUnsignedLong(row[1], 16);
      assertThat(Xxh3.hash64(null, key, 0, key.length)).as(row[0]).isEqualTo(expected);
      assertThat(KeyHash.XXH3.hash(key, 0, key.length)).isEqualTo((int) expected);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "ff,one_at_a_time",
    "ff,fnv1_64",
    "ff,fnv1a_64",
    "ff,fnv1_32",
    "ff,fnv1a_32",
    "6161ff,hsieh"
  })
  void bytesAreSigned(String hex, String name) {
    // Taken as unsigned, the last byte would change other bits than those that its sign sets.
    byte[] key = Tables.hex(hex);
    int signed = KeyHash.byName(name).orElseThrow().hash(key, 0, key.length);
    int last = key[key.length - 1];
    int expected =
        switch (name) {
          case "one_at_a_time" -> oneAtATime(last);
          case "fnv1_64" -> product(0x84222325, 0x1b3) ^ last;
          case "fnv1a_64" -> (0x84222325 ^ last) * 0x1b3;
          case "fnv1_32" -> product(0x811c9dc5, 0x01000193) ^ last;
          case "fnv1a_32" -> (0x811c9dc5 ^ last) * 0x01000193;
          default -> hsiehOfThree(0x6161, last);
        };
    assertThat(signed).isEqualTo(expected);
  }

  private static int product(int a, int b) {
    return a * b;
  }

  private static int oneAtATime(int first) {
    int value = first + (first << 10);
    value ^= value >>> 6;
    value += value << 3;
    value ^= value >>> 11;
    return value + (value << 15);
  }

  private static int hsiehOfThree(int word, int third) {
    int hash = word ^ (word << 16) ^ (third << 18);
    hash += hash >>> 11;
    hash ^= hash << 3;
    hash += hash >>> 5;
    hash ^= hash << 4;
    hash += hash >>> 17;
    hash ^= hash << 25;
    return hash + (hash >>> 6);
  }

  /// The default hash clusters: keys that differ in the last digit lie within two millionths of the
  /// ring, where a server's arc is some thousandths long.
  @Test
  void museumC13() {
    int first = hash(KeyHash.FNV1A_64, "key:0");
    for (int i = 1; i < 10; i++) {
      int distance = Math.abs(hash(KeyHash.FNV1A_64, "key:" + i) - first);
      assertThat(distance).isBetween(1, 15 * 0x1b3);
      assertThat(Math.abs(hash(KeyHash.MURMUR, "key:" + i) - hash(KeyHash.MURMUR, "key:0")))
          .isGreaterThan(1 << 20);
    }
  }

  @ParameterizedTest
  @EnumSource
  void namesFindTheirHash(KeyHash hash) {
    assertThat(KeyHash.byName(hash.configName())).contains(hash);
    assertThat(KeyHash.byName(hash.name())).isEmpty();
  }

  /// The result depends on nothing but the bytes of the range: not on what is around it, on its
  /// alignment, or on the kind of memory. All lengths to 300.
  @Property(tries = 20, seed = "1")
  void offsetAndMemoryDoNotMatter(
      @ForAll long seed, @ForAll @IntRange(min = 0, max = 17) int offset) {
    Stream64 stream = new Stream64(seed);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(400);
      for (int length = 0; length <= 300; length++) {
        byte[] key = bytes(stream, length);
        byte[] shifted = bytes(stream, 350);
        System.arraycopy(key, 0, shifted, offset, length);
        MemorySegment.copy(shifted, 0, memory, ValueLayout.JAVA_BYTE, 3, 350);
        for (KeyHash hash : KeyHash.values()) {
          int expected = hash.hash(key, 0, length);
          assertThat(hash.hash(shifted, offset, length)).isEqualTo(expected);
          assertThat(hash.hash(memory, offset + 3, length)).isEqualTo(expected);
          assertThat(hash.hash(MemorySegment.ofArray(shifted), offset, length)).isEqualTo(expected);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void rangesAreChecked(KeyHash hash) {
    byte[] key = new byte[8];
    assertThatThrownBy(() -> hash.hash(key, 4, 5)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> hash.hash(key, 0, -1)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> hash.hash(MemorySegment.ofArray(key), 4, 5))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  private static byte[] bytes(Stream64 stream, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) stream.nextInt();
    }
    return bytes;
  }

  private static int hash(KeyHash hash, String key) {
    byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
    return hash.hash(bytes, 0, bytes.length);
  }
}
