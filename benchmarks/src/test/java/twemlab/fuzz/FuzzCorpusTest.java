package twemlab.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import twemlab.protocol.Limits;
import twemlab.protocol.ParseResult;
import twemlab.sim.run.soak.Checkout;

/// The committed inputs hold, each also cut at every place; and the properties can fail.
final class FuzzCorpusTest {
  private static final int ENOUGH = 25;
  private static final int SHORT = 300;
  private static final Set<FuzzTarget> PARSERS =
      EnumSet.complementOf(EnumSet.of(FuzzTarget.CONFIGURATION, FuzzTarget.PROXY));

  private static List<Path> inputs(FuzzTarget target) throws IOException {
    Path folder = Checkout.root().resolve("benchmarks/corpus").resolve(target.toString());
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyInputHolds(FuzzTarget target) throws IOException {
    List<Path> inputs = inputs(target);
    assertThat(inputs).hasSizeGreaterThan(ENOUGH);
    for (Path file : inputs) {
      byte[] input = target.input(file);
      try {
        target.check(input);
      } catch (Throwable finding) { // a finding may be any
        throw new AssertionError(file + ": " + finding, finding);
      }
      for (int cut = 0; PARSERS.contains(target) && cut < input.length; cut++) {
        input[0] = (byte) cut;
        input[1] = (byte) (cut >> 8);
        if (input.length < SHORT) {
          target.check(input);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void shortInputsHold(FuzzTarget target) {
    target.check(new byte[0]);
    for (int length = 0; length < 2 * StreamCheck.HEADER; length++) {
      target.check(new byte[length]);
    }
  }

  @Test
  void aParserThatForgetsAtACutIsFound() {
    StreamCheck check = new StreamCheck(limits -> broken(limits, FuzzCorpusTest::skipAfterCut));
    check.check(input(0, "*1\r\n$4\r\nPING\r\n".repeat(30))); // too long to be cut everywhere
    assertThatThrownBy(() -> check.check(input(9, "*1\r\n$4\r\nPING\r\n")))
        .isInstanceOf(Violation.class)
        .hasMessageContaining("in one piece:\nOK 14 PING");
  }

  @Test
  void aParserThatReadsTooFarIsFound() {
    StreamCheck check = new StreamCheck(limits -> broken(limits, FuzzCorpusTest::readTooFar));
    assertThatThrownBy(() -> check.check(input(0, "*1\r\n$4\r\nPING\r\n")))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  private static ParserSubject broken(Limits limits, Parse parse) {
    return new Broken(ParserSubject.redisRequest(limits), parse);
  }

  private static byte[] input(int cut, String stream) {
    return ((char) cut + "\0" + (char) cut + "\0\0" + stream).getBytes(StandardCharsets.ISO_8859_1);
  }

  /// A parser whose `parse` is another's.
  private record Broken(ParserSubject parser, Parse parse) implements ParserSubject {
    @Override
    public ParseResult parse(MemorySegment segment, long from, long to) {
      return parse.parse(parser, segment, from, to);
    }

    @Override
    public long position() {
      return parser.position();
    }

    @Override
    public void reset() {
      parser.reset();
    }

    @Override
    public long length() {
      return parser.length();
    }

    @Override
    public String describe(ParseResult result) {
      return parser.describe(result);
    }
  }

  private interface Parse {
    ParseResult parse(ParserSubject parser, MemorySegment segment, long from, long to);
  }

  /// Skips the first byte after a cut inside a message.
  private static ParseResult skipAfterCut(
      ParserSubject parser, MemorySegment segment, long from, long to) {
    boolean inside = parser.length() > 0 && to > from;
    return parser.parse(segment, inside ? from + 1 : from, to);
  }

  /// Reads one byte beyond its range.
  private static ParseResult readTooFar(
      ParserSubject parser, MemorySegment segment, long from, long to) {
    segment.get(ValueLayout.JAVA_BYTE, to);
    return parser.parse(segment, from, to);
  }
}
