package twemlab.exercise.respcuts;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import twemlab.exercise.respcuts.RequestReader.Result;
import twemlab.sim.choice.Choices;
import twemlab.sim.choice.SeededChoices;

final class RequestReaderTest {
  private static final String GET = "*2\r\n$3\r\nGET\r\n$1\r\nk\r\n";
  private static final String NASTY = "*3\r\n$0\r\n\r\n$5\r\n\r\n*2\r\r\n$2\r\n$1\r\n";

  private final RequestReader reader = new RequestReader();

  /// What a stream is, in pieces that end at some places: the requests, and how it ends.
  private String requests(String stream, int... cuts) {
    RequestReader fresh = new RequestReader();
    List<String> found = new ArrayList<>();
    int from = 0;
    for (int i = 0; i <= cuts.length; i++) {
      int to = i == cuts.length ? stream.length() : cuts[i];
      // A piece of its own, with foreign bytes around it that must not be read.
      byte[] piece = ("*9\r\n" + stream.substring(from, to) + "\r\n$").getBytes(ISO_8859_1);
      int at = 4;
      int end = piece.length - 3;
      while (at < end) {
        Result result = fresh.read(piece, at, end);
        if (result == Result.BROKEN) {
          return found + " broken";
        }
        if (result == Result.AGAIN) {
          break;
        }
        found.add(words(fresh));
        assertThat(fresh.position()).as("position after a request").isBetween(at + 1, end);
        at = fresh.position();
        fresh.reset();
      }
      Arrays.fill(piece, (byte) 'x');
      from = to;
    }
    return found.toString();
  }

  private static String words(RequestReader of) {
    return String.join("|", of.words().stream().map(w -> new String(w, ISO_8859_1)).toList());
  }

  @Test
  void aWholeRequest() {
    byte[] bytes = GET.getBytes(ISO_8859_1);
    assertThat(reader.read(bytes, 0, bytes.length)).isEqualTo(Result.DONE);
    assertThat(words(reader)).isEqualTo("GET|k");
    assertThat(reader.position()).isEqualTo(bytes.length);
  }

  @Test
  void wordsMayHoldAnything() {
    assertThat(requests(NASTY)).isEqualTo("[|\r\n*2\r|$1]");
  }

  @Test
  void aPipeline() {
    assertThat(requests(GET + NASTY + GET)).isEqualTo("[GET|k, |\r\n*2\r|$1, GET|k]");
  }

  @Test
  void everyCutGivesTheSame() {
    String stream = GET + NASTY;
    for (int one = 1; one < stream.length(); one++) {
      for (int two = one; two < stream.length(); two++) {
        assertThat(requests(stream, one, two))
            .as("cut at %d and %d", one, two)
            .isEqualTo("[GET|k, |\r\n*2\r|$1]");
      }
    }
  }

  @Test
  void byteByByte() {
    String stream = GET.repeat(3) + NASTY;
    int[] cuts = new int[stream.length() - 1];
    Arrays.setAll(cuts, i -> i + 1);
    assertThat(requests(stream, cuts)).isEqualTo("[GET|k, GET|k, GET|k, |\r\n*2\r|$1]");
  }

  @Test
  void theBeginningOfARequestIsNotARequest() {
    for (int length = 1; length < GET.length(); length++) {
      assertThat(requests(GET.substring(0, length))).as("%d bytes", length).isEqualTo("[]");
    }
  }

  @Test
  void whatIsNoRequest() {
    for (String wrong :
        List.of(
            "GET k\r\n",
            "*0\r\n",
            "*-1\r\n",
            "*\r\n",
            "*+1\r\n",
            "* 1\r\n",
            "*1025\r\n",
            "*0000001\r\n",
            "*1\n",
            "*1\r\r",
            "*1\r\n:1\r\n",
            "*1\r\n$-1\r\n",
            "*1\r\n$\r\n",
            "*1\r\n$65537\r\n",
            "*1\r\n$99999999999999999999\r\n",
            "*1\r\n$1\r\nab\r\n",
            "*1\r\n$1\r\na\n")) {
      assertThat(requests(wrong)).as(wrong).isEqualTo("[] broken");
      int[] cuts = new int[wrong.length() - 1];
      Arrays.setAll(cuts, i -> i + 1);
      assertThat(requests(wrong, cuts)).as("byte by byte: " + wrong).isEqualTo("[] broken");
    }
  }

  @Test
  void brokenStaysBroken() {
    byte[] wrong = "!".getBytes(ISO_8859_1);
    byte[] right = GET.getBytes(ISO_8859_1);
    assertThat(reader.read(wrong, 0, 1)).isEqualTo(Result.BROKEN);
    assertThat(reader.read(right, 0, right.length)).isEqualTo(Result.BROKEN);
  }

  @Test
  void longRequestsAtAnyCut() {
    Choices choices = new SeededChoices(11);
    String word = "0123456789\r\n".repeat(5_461);
    String stream =
        "*1024\r\n" + "$1\r\nx\r\n".repeat(1_022) + "$65532\r\n" + word + "\r\n$0\r\n\r\n";
    String expected = "[" + "x|".repeat(1_022) + word + "|]";
    for (int run = 0; run < 20; run++) {
      int one = 1 + choices.below(stream.length() - 1);
      assertThat(requests(stream, one).equals(expected)).as("cut at %d", one).isTrue();
    }
  }
}
