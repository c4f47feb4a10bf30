package twemlab.proxy.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LineFilterTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int echo(InputStream in) throws IOException {
    return new LineFilter(new Streams(in, out, Streams.lines(err)))
        .run(
            line -> {
              if (line.equals("bad")) {
                throw new BadLine("not good");
              }
              return line;
            });
  }

  private static InputStream input(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  @Test
  void oneLineForEachLine() throws IOException {
    assertThat(echo(input("a\n\nb\r\n\u00e9\u0000\nlast"))).isZero();
    assertThat(out.toString(StandardCharsets.ISO_8859_1))
        .isEqualTo("a\n\nb\r\n\u00e9\u0000\nlast\n");
    assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  @Test
  void noInputNoOutput() throws IOException {
    assertThat(echo(input(""))).isZero();
    assertThat(out.size()).isZero();
  }

  @Test
  void badLinesAreNamedAndTheRestIsAnswered() throws IOException {
    assertThat(echo(input("a\nbad\nb\nbad\n"))).isEqualTo(1);
    assertThat(out.toString(StandardCharsets.US_ASCII)).isEqualTo("a\n\nb\n\n");
    assertThat(err.toString(StandardCharsets.UTF_8).lines())
        .containsExactly("stdin:2: not good", "stdin:4: not good");
  }

  @Test
  void linesLongerThanTheBuffer() throws IOException {
    String text = "x".repeat(200_000) + "\n" + "y".repeat(65_536) + "\n";
    assertThat(echo(input(text))).isZero();
    assertThat(out.toString(StandardCharsets.US_ASCII)).isEqualTo(text);
  }

  /// An input that gives one piece at a time and records what had been answered before each.
  @Test
  void answersAreOutBeforeTheNextWait() throws IOException {
    List<String> seen = new ArrayList<>();
    List<String> pieces = new ArrayList<>(List.of("a\nb", "c\n", "d\n"));
    InputStream pausing =
        new InputStream() {
          @Override
          public int read() {
            throw new UnsupportedOperationException();
          }

          @Override
          public int read(byte[] buffer, int offset, int length) {
            seen.add(out.toString(StandardCharsets.US_ASCII));
            if (pieces.isEmpty()) {
              return -1;
            }
            byte[] piece = pieces.removeFirst().getBytes(StandardCharsets.US_ASCII);
            System.arraycopy(piece, 0, buffer, offset, piece.length);
            return piece.length;
          }
        };
    assertThat(echo(pausing)).isZero();
    assertThat(seen).containsExactly("", "a\n", "a\nbc\n", "a\nbc\nd\n");
  }
}
