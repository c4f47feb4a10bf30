package twemlab.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The result is the same for every way of cutting: the module's reason to exist (bug museum A3,
/// A4, A6, A7, C1, C2).
class CutsTest {
  private static final int SHORT = 200;

  @ParameterizedTest
  @EnumSource
  void samplesCutAtEveryOneAndTwoPlaces(Subject subject) {
    for (String sample : Samples.of(subject)) {
      byte[] input = Subject.bytes(sample);
      String whole = subject.describe(input);
      for (int first = 0; first <= input.length; first++) {
        for (int second = first; second <= input.length; second++) {
          assertSame(whole, subject, input, first, second);
        }
      }
    }
  }

  @Test
  void shortRowsCutAtEveryPlaceAndSomeAtEveryTwo() {
    for (CaseRow row : CaseRow.ALL) {
      byte[] input = row.input();
      if (input.length > SHORT) {
        continue;
      }
      String whole = row.subject().describe(input);
      for (int first = 0; first <= input.length; first++) {
        assertSame(whole, row.subject(), input, first);
        int step = row.number() % 20 == 0 ? 1 : input.length + 1;
        for (int second = first; second <= input.length; second += step) {
          assertSame(whole, row.subject(), input, first, second);
        }
      }
    }
  }

  @Test
  void everyRowByteByByte() {
    for (CaseRow row : CaseRow.ALL) {
      byte[] input = row.input();
      int[] everywhere = new int[input.length];
      Arrays.setAll(everywhere, i -> i);
      assertSame(row.subject().describe(input), row.subject(), input, everywhere);
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyShortStringOfTheGrammarsBytes(Subject subject) {
    String alphabet =
        switch (subject) {
          case REDIS_REQUEST -> "*$012\r\nk";
          case MEMCACHE_REQUEST -> "get \r\n\0k";
          case REDIS_REPLY -> "*$+-:1\r\n";
          case MEMCACHE_REPLY -> "END 1\r\nV";
        };
    everyString(subject, alphabet, "", 6);
  }

  private static void everyString(Subject subject, String alphabet, String prefix, int more) {
    byte[] input = Subject.bytes(prefix);
    int[] everywhere = new int[input.length];
    Arrays.setAll(everywhere, i -> i);
    String whole = subject.describe(input);
    assertSame(whole, subject, input, everywhere);
    // What follows an error, or a whole message, is not read.
    for (int i = 0; i < alphabet.length() && more > 0 && whole.startsWith("AGAIN"); i++) {
      everyString(subject, alphabet, prefix + alphabet.charAt(i), more - 1);
    }
  }

  @Property(tries = 3000, seed = "7")
  void rowsCutAnywhere(
      @ForAll @IntRange(max = 5965) int row,
      @ForAll @Size(min = 3, max = 9) List<@IntRange(max = 4000) Integer> places) {
    CaseRow chosen = CaseRow.ALL.get(row);
    byte[] input = chosen.input();
    int[] cuts = places.stream().mapToInt(place -> place % (input.length + 1)).sorted().toArray();
    assertSame(chosen.subject().describe(input), chosen.subject(), input, cuts);
  }

  private static void assertSame(String whole, Subject subject, byte[] input, int... cuts) {
    String cut = subject.describe(input, cuts);
    if (!cut.equals(whole)) {
      assertThat(cut)
          .as("%s cut at %s: %s", subject, Arrays.toString(cuts), Arrays.toString(input))
          .isEqualTo(whole);
    }
  }
}
