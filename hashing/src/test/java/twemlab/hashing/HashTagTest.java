package twemlab.hashing;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HashTagTest {
  private static final HashTag BRACES = new HashTag((byte) '{', (byte) '}');
  private static final Pattern REGEX = Pattern.compile("^[^{]*\\{([^}]+)\\}.*$");

  @ParameterizedTest
  @CsvSource({
    "user:{42}:x, 42",
    "{42}, 42",
    "a{b}c{d}, b",
    "{}z, {}z",
    "x{}, x{}",
    "a{}{b}, a{}{b}",
    "}x{y}, y",
    "a{{b}}, {b",
    "a{b, a{b",
    "a}b, a}b",
    "plain, plain",
    "{, {"
  })
  void routedPart(String key, String part) {
    assertThat(routed(BRACES, key)).isEqualTo(part);
  }

  @ParameterizedTest
  @CsvSource({"a|b|c, b", "a||c, a||c", "a|b, a|b"})
  void openAndCloseMayBeTheSame(String key, String part) {
    assertThat(routed(new HashTag((byte) '|', (byte) '|'), key)).isEqualTo(part);
  }

  @Property(tries = 2000, seed = "2")
  void likeARegularExpression(
      @ForAll @StringLength(max = 12) @CharRange(from = '{', to = '}') String key) {
    Matcher matcher = REGEX.matcher(key);
    assertThat(routed(BRACES, key)).isEqualTo(matcher.matches() ? matcher.group(1) : key);
  }

  /// From an array and from native memory, each at an odd offset.
  private static String routed(HashTag tag, String key) {
    byte[] bytes = ("{x}" + key + "{y}").getBytes(StandardCharsets.US_ASCII);
    long range = tag.range(bytes, 3, key.length());
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(bytes.length);
      memory.copyFrom(MemorySegment.ofArray(bytes));
      assertThat(tag.range(memory, 3, key.length())).isEqualTo(range);
    }
    return key.substring(HashTag.start(range), HashTag.start(range) + HashTag.length(range));
  }
}
