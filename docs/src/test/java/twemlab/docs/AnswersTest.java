package twemlab.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import twemlab.sim.run.soak.Checkout;

/// Each exercise of the tour has an answer, in the order of the chapters.
class AnswersTest {
  private static final Path TOUR = Checkout.root().resolve("docs/tour");
  private static final Pattern EXERCISE =
      Pattern.compile("(?m)^\\d+\\. \\*\\((easy|medium|hard)\\)\\* ");
  private static final Pattern ANSWER = Pattern.compile("(?m)^\\d+\\. \\S.{20}");

  private static long count(Pattern pattern, String text) {
    return pattern.matcher(text).results().count();
  }

  /// The text behind each heading of a level, by the heading.
  private static Map<String, String> parts(String text, String heading) {
    Map<String, String> parts = new TreeMap<>();
    for (String part : text.split("(?m)^" + heading + " ", -1)) {
      parts.put(part.lines().findFirst().orElse(""), part.substring(part.indexOf('\n') + 1));
    }
    return parts;
  }

  private static List<Path> chapters() throws IOException {
    try (Stream<Path> files = Files.list(TOUR)) {
      return files
          .filter(file -> file.getFileName().toString().matches("\\d\\d-.*"))
          .sorted()
          .toList();
    }
  }

  @Test
  void everyExerciseHasAnAnswer() throws IOException {
    Map<String, String> answers = parts(Files.readString(TOUR.resolve("answers.md")), "##");
    long all = 0;
    for (Path chapter : chapters()) {
      String text = Files.readString(chapter);
      String title = text.lines().findFirst().orElseThrow().substring(2);
      long exercises = count(EXERCISE, text);
      all += exercises;
      assertThat(answers).containsKey(title);
      assertThat(count(ANSWER, answers.get(title))).as(title).isEqualTo(exercises);
    }
    assertThat(all).isGreaterThan(60);
  }
}
