package twemlab.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Lines of words become arrays by redis' rules. (A property test of the proxy holds them against a
/// real redis.)
class InlineRequestTest {
  /// A line, of which each byte lies in a range of its own.
  @SuppressWarnings("ArrayRecordComponent")
  private record Bytes(byte[] line) implements Ranges {
    @Override
    public int count() {
      return line.length;
    }

    @Override
    public MemorySegment segment(int i) {
      return MemorySegment.ofArray(new byte[] {line[i]});
    }

    @Override
    public long from(int i) {
      return 0;
    }

    @Override
    public long to(int i) {
      return 1;
    }
  }

  private final InlineRequest request = new InlineRequest();

  @Test
  void wordsAndQuotes() {
    assertThat(array("get k\r\n")).isEqualTo(Samples.redis("get", "k"));
    assertThat(array("  get \t k \n")).isEqualTo(Samples.redis("get", "k"));
    assertThat(array("a\rb\r\r\n")).isEqualTo(Samples.redis("a", "b"));
    assertThat(array("a\u000bb \u000bc\n"))
        .as("no end of a word")
        .isEqualTo(Samples.redis("a\u000bb", "c"));
    assertThat(array("\"\" ''\n")).isEqualTo(Samples.redis("", ""));
    assertThat(array("x\"y z\"\n")).isEqualTo(Samples.redis("xy z"));
    assertThat(array("\"\\x41\\xZ\\n\\r\\t\\b\\a\\\"\\q\"\n"))
        .isEqualTo(Samples.redis("AxZ\n\r\t\b\u0007\"q"));
    assertThat(array("'\\n\\'\"'\n")).isEqualTo(Samples.redis("\\n'\""));
    assertThat(array("\u00ff\u0085\n")).isEqualTo(Samples.redis("\u00ff\u0085"));
    assertThat(array("\r\n")).isEqualTo("*0\r\n");
  }

  @Test
  void unbalancedQuotes() {
    for (String line :
        List.of("\"a\n", "'a\n", "\"a\"b\n", "'a'b\n", "\"\\\n", "'\\'\n", "a\"\n")) {
      assertThat(read(line)).as(line).isEqualTo(InlineRequest.UNBALANCED);
    }
  }

  @Test
  void aLongLineIsReadAndItsMemoryGivenBack() {
    String words = "w ".repeat(30_000);
    String[] expected = new String[30_000];
    Arrays.fill(expected, "w");
    assertThat(array(words + "\n")).isEqualTo(Samples.redis(expected));
    request.trim();
    assertThat(request.array()).hasSizeLessThan(10_000);
    assertThat(array("get k\n")).isEqualTo(Samples.redis("get", "k"));
  }

  @Test
  void theParserFindsTheEndOfALine() {
    byte[] line = Subject.bytes("get k\r\n*1\r\n");
    RequestParser parser = new RedisRequestParser(Subject.LIMITS);
    for (int cut = 0; cut < 7; cut++) {
      parser.reset();
      if (cut > 0) {
        assertThat(parser.parse(Subject.segment(line), 0, cut)).isEqualTo(ParseResult.AGAIN);
        assertThat(parser.view().inline()).isTrue();
      }
      assertThat(parser.parse(Subject.segment(line), cut, line.length))
          .isEqualTo(ParseResult.INLINE);
      assertThat(parser.position()).isEqualTo(7);
    }
  }

  @Test
  void sixtyFourKibibytesAndNotOneMore() {
    String longest = "x".repeat(InlineRequest.LINE_MAX);
    assertThat(Subject.REDIS_REQUEST.describe(Subject.bytes(longest + "\r\n")))
        .startsWith("INLINE");
    for (String tooLong : List.of(longest + "y", longest + "\rz", longest + "\r\r")) {
      byte[] bytes = Subject.bytes(tooLong);
      assertThat(Subject.REDIS_REQUEST.describe(bytes)).isEqualTo("ERROR INLINE_TOO_BIG");
      assertThat(Subject.REDIS_REQUEST.describe(bytes, 17, longest.length()))
          .isEqualTo("ERROR INLINE_TOO_BIG");
    }
    byte[] hidden = Subject.bytes("get \0\r\n" + "x".repeat(InlineRequest.LINE_MAX));
    assertThat(Subject.REDIS_REQUEST.describe(hidden))
        .as("as in redis, a NUL hides the end of the line")
        .isEqualTo("ERROR INLINE_TOO_BIG");
  }

  private int read(String line) {
    byte[] bytes = Subject.bytes(line);
    return request.read(new Bytes(bytes), bytes.length);
  }

  private String array(String line) {
    assertThat(read(line)).as(line).isNotNegative();
    int length = request.end() - request.start();
    return new String(request.array(), request.start(), length, StandardCharsets.ISO_8859_1);
  }
}
