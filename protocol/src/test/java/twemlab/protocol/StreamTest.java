package twemlab.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/// What holds for a stream of messages: pipelining, prefixes, and the bytes around a message.
class StreamTest {
  private static final List<CaseRow> WHOLE =
      CaseRow.ALL.stream().filter(StreamTest::isOneWholeMessage).toList();

  private static boolean isOneWholeMessage(CaseRow row) {
    String[] columns = row.subject().row(row.input()).split("\t", -1);
    return columns[0].equals("OK") && Integer.parseInt(columns[2]) == row.input().length;
  }

  @Test
  void aPrefixOfAValidMessageIsNeitherAnErrorNorRefused() {
    for (CaseRow row : WHOLE) {
      byte[] input = row.input();
      for (int length = input.length < 300 ? 0 : input.length - 20;
          length < input.length;
          length++) {
        String prefix = row.subject().describe(Arrays.copyOf(input, length));
        assertThat(prefix).startsWith("AGAIN");
        if (row.subject().isRequest()) {
          assertThat(prefix).contains("refused NONE");
        }
      }
    }
  }

  @Test
  void bytesAroundAMessageDoNotMatter() {
    for (CaseRow row : WHOLE) {
      String alone = describeWithin(row, new byte[0], new byte[0]);
      assertThat(describeWithin(row, Subject.bytes("9\r\n$"), Subject.bytes("7\r\n\r\n*1")))
          .isEqualTo(alone);
      assertThat(describeWithin(row, new byte[13], new byte[9])).isEqualTo(alone);
    }
  }

  /// Parses the row's message between other bytes: at an offset, and once with the range ending at
  /// the message's end, once with the range running on into what follows.
  private static String describeWithin(CaseRow row, byte[] before, byte[] after) {
    byte[] input = row.input();
    byte[] bytes = Arrays.copyOf(before, before.length + input.length + after.length);
    System.arraycopy(input, 0, bytes, before.length, input.length);
    System.arraycopy(after, 0, bytes, before.length + input.length, after.length);
    MemorySegment segment = Subject.segment(bytes);
    int end = before.length + input.length;
    String exact = describe(row.subject(), segment, before.length, end, end);
    assertThat(describe(row.subject(), segment, before.length, bytes.length, end)).isEqualTo(exact);
    return exact;
  }

  private static String describe(
      Subject subject, MemorySegment segment, int from, int to, int end) {
    if (subject.isRequest()) {
      RequestParser parser = subject.requestParser();
      ParseResult result = parser.parse(segment, from, to);
      assertThat(parser.position()).isEqualTo(end);
      return Subject.describe(result, parser.view());
    }
    ReplyParser parser = subject.replyParser();
    parser.recordElements(true);
    ParseResult result = parser.parse(segment, from, to);
    assertThat(parser.position()).isEqualTo(end);
    return Subject.describe(result, parser.view());
  }

  @Property(tries = 400, seed = "11")
  void concatenationIsPipelining(
      @ForAll Subject subject,
      @ForAll @Size(min = 2, max = 12) List<@IntRange(max = 5000) Integer> choice,
      @ForAll @IntRange(min = 1, max = 700) int piece) {
    List<CaseRow> rows = WHOLE.stream().filter(row -> row.subject() == subject).toList();
    List<String> expected = new ArrayList<>();
    StringBuilder stream = new StringBuilder();
    for (int i : choice) {
      CaseRow row = rows.get(i % rows.size());
      expected.add(subject.describe(row.input()));
      stream.append(row.text());
    }
    byte[] bytes = Subject.bytes(stream.toString());
    assertThat(describeStream(subject, bytes, piece)).isEqualTo(expected);
  }

  /// Feeds pieces of a fixed size to one parser, which is reset after each message.
  private static List<String> describeStream(Subject subject, byte[] bytes, int piece) {
    List<String> seen = new ArrayList<>();
    RequestParser requests = subject.requestParser();
    ReplyParser replies = subject.replyParser();
    replies.recordElements(true);
    int at = 0;
    while (at < bytes.length) {
      int end = Math.min(bytes.length, (at / piece + 1) * piece);
      MemorySegment range = Subject.segment(Arrays.copyOfRange(bytes, at, end));
      boolean request = subject.isRequest();
      ParseResult result =
          request ? requests.parse(range, 0, end - at) : replies.parse(range, 0, end - at);
      at += (int) (request ? requests.position() : replies.position());
      if (result != ParseResult.AGAIN) {
        seen.add(
            request
                ? Subject.describe(result, requests.view())
                : Subject.describe(result, replies.view()));
        requests.reset();
        replies.reset();
        replies.recordElements(true);
      }
    }
    return seen;
  }
}
