package twemlab.exercise.keyhash;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import twemlab.hashing.KeyHash;
import twemlab.sim.choice.Choices;
import twemlab.sim.choice.SeededChoices;

final class KeyHashesTest {
  private static void expect(String key, int hash) {
    assertThat(KeyHashes.fnv1a(key.getBytes(UTF_8)))
        .inHexadecimal()
        .as("of '%s'", key)
        .isEqualTo(hash);
  }

  @Test
  void theEmptyKeyHasTheOffsetBasis() {
    expect("", 0x811c9dc5);
  }

  @Test
  void vectorsOfTheRfc() {
    expect("a", 0xe40c292c);
    expect("foobar", 0xbf9cf968);
  }

  @Test
  void aByteFrom80UpIsAPositiveNumber() {
    assertThat(KeyHashes.fnv1a(new byte[] {(byte) 0x80})).inHexadecimal().isEqualTo(0x850b939f);
  }

  @Test
  void ofAsciiBothAreTheSame() {
    for (int i = 0; i < 1000; i++) {
      byte[] key = ("key:" + i).getBytes(UTF_8);
      assertThat(KeyHashes.fnv1aOfTwemproxy(key)).isEqualTo(KeyHashes.fnv1a(key));
    }
  }

  @Test
  void theSecondIsTheHashOfTheProxy() {
    Choices choices = new SeededChoices(1);
    for (int i = 0; i < 1000; i++) {
      byte[] key = new byte[choices.below(20)];
      for (int j = 0; j < key.length; j++) {
        key[j] = (byte) choices.below(256);
      }
      assertThat(KeyHashes.fnv1aOfTwemproxy(key))
          .inHexadecimal()
          .as("of the bytes %s", HexFormat.of().formatHex(key))
          .isEqualTo(KeyHash.FNV1A_32.hash(key, 0, key.length));
    }
  }
}
