package twemlab.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import twemlab.docs.page.Page;
import twemlab.docs.page.Problem;

/// Figures in pages that quote a table of results, or do not.
class MeasuredFiguresTest {
  private static final String QUOTE =
      """

      ```console
      $ grep redis-get results.md
       epoll | 2.44 | 155,456
       io_uring | 0.28
      ```
      """;

  private static List<Problem> problems(String text) {
    return MeasuredFigures.problems(Page.of(Path.of("page.md"), "page.md", text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "It makes 2.44 calls a request.",
        "It makes 2.4 system calls for a request, or 0.28 calls per request.",
        "It serves 155,456 requests/s.",
        "| epoll | 2.4 calls a request |\n|---|---|\n| io_uring | 0.3 calls a request |",
      })
  void whatIsQuotedMayBeRounded(String text) {
    assertThat(problems(text + "\n" + QUOTE)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "It makes 0.15 calls a request.",
        "It makes 0.28 to 0.31 calls a request.",
        "It makes 2.5 calls\na request.",
        "It takes 4.6 us a request.",
        "It serves 155,457 requests/s.",
        "It takes 56 ns ([results](results/parser.txt)).",
        "| io_uring | calls |\n|---|---|\n| 50 clients | 0.15 calls a request |",
      })
  void anotherNumberIsAProblem(String text) {
    assertThat(problems(text + "\n" + QUOTE))
        .singleElement()
        .satisfies(problem -> assertThat(problem.text()).contains("figure"));
  }

  @Test
  void outputThatIsNotCheckedProvesNothing() {
    String unchecked = QUOTE.replace("```console", "```console unchecked=\"takes minutes\"");
    assertThat(problems("It makes 2.44 calls a request.\n" + unchecked)).hasSize(1);
  }

  @Test
  void aReasonExcusesTheNextBlockOnly() {
    String text =
        "<!-- figures: of an earlier run -->\n\nOnce 20 us a request.\n\nNow 9 us a request.";
    assertThat(problems(text)).extracting(Problem::line).containsExactly(5);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "The wait takes 50 us at most, and 64 KiB of a client are read in a turn.",
        "Twelve calls become six, as `0.15 calls a request` shows.",
        "Against nutcracker 0.5.0 ([results](results/compare.md)).",
      })
  void constantsAreNoFigures(String text) {
    assertThat(problems(text)).isEmpty();
  }
}
