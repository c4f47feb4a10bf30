package twemlab.exercise.gathermget;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import twemlab.sim.choice.Choices;
import twemlab.sim.choice.SeededChoices;

final class GatherTest {
  private static String join(int[] partOfKey, String... replies) {
    List<byte[]> bytes = Stream.of(replies).map(reply -> reply.getBytes(ISO_8859_1)).toList();
    return new String(Gather.join(partOfKey, bytes), ISO_8859_1);
  }

  private static String bulk(String value) {
    return "$" + value.length() + "\r\n" + value + "\r\n";
  }

  @Test
  void onePart() {
    assertThat(join(new int[] {0, 0}, "*2\r\n" + bulk("a") + bulk("b")))
        .isEqualTo("*2\r\n" + bulk("a") + bulk("b"));
  }

  @Test
  void theOrderIsThatOfTheKeys() {
    assertThat(
            join(
                new int[] {1, 0, 0, 1},
                "*2\r\n" + bulk("b") + bulk("c"),
                "*2\r\n$-1\r\n$0\r\n\r\n"))
        .isEqualTo("*4\r\n$-1\r\n" + bulk("b") + bulk("c") + "$0\r\n\r\n");
  }

  @Test
  void aValueMayLookLikeAReply() {
    String nasty = "$3\r\n*2\r\n-ERR\r\n";
    assertThat(join(new int[] {1, 0}, "*1\r\n" + bulk(nasty), "*1\r\n" + bulk("\r\n")))
        .isEqualTo("*2\r\n" + bulk("\r\n") + bulk(nasty));
  }

  @Test
  void theFirstErrorIsTheAnswer() {
    assertThat(
            join(
                new int[] {2, 1, 0},
                "*1\r\n" + bulk("v"),
                "-LOADING wait\r\n",
                "-ERR something else\r\n"))
        .isEqualTo("-LOADING wait\r\n");
  }

  @Test
  void aPartOfAnotherLengthOrKindIsAnError() {
    String good = "*1\r\n" + bulk("v");
    assertThat(join(new int[] {0, 1, 1}, good, good)).isEqualTo("-ERR protocol\r\n");
    assertThat(join(new int[] {0, 1}, good, ":1\r\n")).isEqualTo("-ERR protocol\r\n");
    assertThat(join(new int[] {0, 1}, good, "*-1\r\n")).isEqualTo("-ERR protocol\r\n");
  }

  @Test
  void anyDivision() {
    Choices choices = new SeededChoices(5);
    for (int run = 0; run < 300; run++) {
      int parts = 1 + choices.below(4);
      List<StringBuilder> replies = new ArrayList<>();
      int[] counts = new int[parts];
      for (int i = 0; i < parts; i++) {
        replies.add(new StringBuilder());
      }
      int[] partOfKey = new int[parts + choices.below(20)];
      StringBuilder expected = new StringBuilder("*" + partOfKey.length + "\r\n");
      for (int key = 0; key < partOfKey.length; key++) {
        partOfKey[key] = key < parts ? key : choices.below(parts);
        String value =
            choices.chance(1, 4) ? "$-1\r\n" : bulk("\r\n$*-:".repeat(choices.below(4)) + key);
        replies.get(partOfKey[key]).append(value);
        counts[partOfKey[key]]++;
        expected.append(value);
      }
      String[] texts = new String[parts];
      for (int i = 0; i < parts; i++) {
        texts[i] = "*" + counts[i] + "\r\n" + replies.get(i);
      }
      assertThat(join(partOfKey, texts)).isEqualTo(expected.toString());
    }
  }
}
