package twemlab.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Replies of both protocols, and where their elements lie.
class ReplyTest {
  @Test
  void anErrorWithoutASpaceEndsAtItsOwnLine() {
    String stream = "-CUSTOM\r\n+OK\r\n";
    ReplyParser parser = new RedisReplyParser();
    byte[] bytes = Subject.bytes(stream);
    assertThat(parser.parse(Subject.segment(bytes), 0, bytes.length)).isEqualTo(ParseResult.OK);
    assertThat(parser.position()).as("bug museum A1").isEqualTo(9);
    assertThat(parser.view().errorWord()).isEqualTo(ErrorWord.OTHER);
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"NONE", "OTHER"})
  void theFirstWordOfAnErrorIsExact(ErrorWord word) {
    for (String end : List.of("\r\n", " \r\n", " text\r\n")) {
      assertThat(errorWord("-" + word + end)).isEqualTo(word);
      assertThat(errorWord("-" + word + "X" + end)).isNotEqualTo(word);
      assertThat(errorWord("-" + word.name().toLowerCase(Locale.ROOT) + end))
          .isEqualTo(ErrorWord.OTHER);
    }
    assertThat(errorWord("-NONE\r\n")).isEqualTo(ErrorWord.OTHER);
    assertThat(errorWord("-\r\n")).isEqualTo(ErrorWord.OTHER);
    assertThat(errorWord("+ERR\r\n")).isEqualTo(ErrorWord.NONE);
  }

  private static ErrorWord errorWord(String reply) {
    return redis(reply).errorWord();
  }

  @Test
  void integersOfAnySizePass() {
    assertThat(redis(":-42\r\n").integer()).isEqualTo(-42);
    assertThat(redis(":9223372036854775807\r\n").integer()).isEqualTo(Long.MAX_VALUE);
    assertThat(redis(":9223372036854775808\r\n").integer()).isEqualTo(Long.MAX_VALUE);
    assertThat(redis(":-" + "9".repeat(500) + "\r\n").integer()).isLessThan(-Long.MAX_VALUE + 1);
    assertThat(memcache("18446744073709551615\r\n").integer()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void nestingHasNoLimitAndNoRecursion() {
    for (int depth : new int[] {1, 200, 100_000}) {
      String reply = "*3\r\n:1\r\n" + "*2\r\n+x\r\n".repeat(depth) + "$-1\r\n:3\r\n";
      ReplyView view = redis(reply);
      assertThat(view.length()).isEqualTo(reply.length());
      assertThat(view.elementCount()).isEqualTo(3);
      assertThat(reply.substring(view.elementStart(2), view.elementEnd(2))).isEqualTo(":3\r\n");
    }
  }

  @Property(tries = 1000, seed = "17")
  void elementsOfAnArrayAreFound(@ForAll("values") List<String> elements) {
    String reply = "*" + elements.size() + "\r\n" + String.join("", elements);
    ReplyView view = redis(reply);
    assertThat(view.type()).isEqualTo(ReplyType.ARRAY);
    assertThat(view.length()).isEqualTo(reply.length());
    List<String> found = new ArrayList<>();
    for (int i = 0; i < view.elementCount(); i++) {
      found.add(reply.substring(view.elementStart(i), view.elementEnd(i)));
    }
    assertThat(found).isEqualTo(elements);
  }

  @Provide
  Arbitrary<List<String>> values() {
    return Arbitraries.recursive(ReplyTest::scalars, ReplyTest::nested, 0, 3).list().ofMaxSize(6);
  }

  private static Arbitrary<String> scalars() {
    Arbitrary<String> text = Arbitraries.strings().withChars("a\r\n$*0 ").ofMaxLength(6);
    Arbitrary<String> bulk = text.map(s -> "$" + s.length() + "\r\n" + s + "\r\n");
    Arbitrary<String> line =
        Arbitraries.of("+OK\r\n", "-ERR x\r\n", ":-7\r\n", "$-1\r\n", "*-1\r\n");
    return Arbitraries.oneOf(bulk, line);
  }

  private static Arbitrary<String> nested(Arbitrary<String> value) {
    return value.list().ofMaxSize(3).map(v -> "*" + v.size() + "\r\n" + String.join("", v));
  }

  @Property(tries = 1000, seed = "19")
  void blocksOfARetrievalAreFound(@ForAll("blocks") List<String> blocks) {
    String reply = String.join("", blocks) + "END\r\n";
    ReplyView view = memcache(reply);
    assertThat(view.type()).isEqualTo(ReplyType.END);
    assertThat(view.elementCount()).isEqualTo(blocks.size());
    for (int i = 0; i < blocks.size(); i++) {
      assertThat(reply.substring(view.elementStart(i), view.elementEnd(i)))
          .isEqualTo(blocks.get(i));
      String key = reply.substring(view.elementKeyStart(i), view.elementKeyEnd(i));
      assertThat(blocks.get(i)).startsWith("VALUE " + key + " 7 ");
    }
  }

  @Provide
  Arbitrary<List<String>> blocks() {
    Arbitrary<String> key =
        Arbitraries.strings().withCharRange('!', '~').ofMinLength(1).ofMaxLength(250);
    Arbitrary<String> data = Arbitraries.strings().withChars("END\r\nVALU 0").ofMaxLength(30);
    Arbitrary<String> cas = Arbitraries.of("", " 123");
    return Combinators.combine(key, data, cas)
        .as((k, d, c) -> "VALUE " + k + " 7 " + d.length() + c + "\r\n" + d + "\r\n")
        .list()
        .ofMaxSize(20);
  }

  @ParameterizedTest
  @EnumSource
  void everyMemcachedWordIsKnown(MemcacheReplyWord word) {
    if (word == MemcacheReplyWord.VALUE) {
      return;
    }
    ReplyType type = memcache(word + "\r\n").type();
    String expected =
        switch (word) {
          case ERROR -> "UNKNOWN_COMMAND";
          case OK -> "STATUS";
          default -> word.name();
        };
    assertThat(type.name()).isEqualTo(expected);
    String lower = word.name().toLowerCase(Locale.ROOT) + "\r\n";
    assertThat(Subject.MEMCACHE_REPLY.describe(Subject.bytes(lower))).isEqualTo("ERROR");
  }

  private static ReplyView redis(String reply) {
    return parse(new RedisReplyParser(), reply);
  }

  private static ReplyView memcache(String reply) {
    return parse(new MemcacheReplyParser(), reply);
  }

  private static ReplyView parse(ReplyParser parser, String reply) {
    byte[] bytes = Subject.bytes(reply);
    parser.recordElements(true);
    assertThat(parser.parse(Subject.segment(bytes), 0, bytes.length))
        .as(reply)
        .isEqualTo(ParseResult.OK);
    return parser.view();
  }
}
