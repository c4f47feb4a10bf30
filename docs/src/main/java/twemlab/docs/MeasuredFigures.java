package twemlab.docs;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.node.Block;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.Node;
import org.commonmark.node.Paragraph;
import twemlab.docs.page.Page;
import twemlab.docs.page.Problem;

/// Figures of measurements in the sentences and tables of a page.
///
/// A new measurement changes them, and nobody finds each place by hand. So a page quotes a command
/// that prints them from `docs/results`, and the check of its output notices the change. A figure
/// in a sentence is then a number of that output, or one of its numbers rounded.
///
/// Figures are numbers of requests in a second, and calls, time or memory for one request or event.
/// In a paragraph that links to `docs/results`, every number with a unit is one. A comment `<!--
/// figures: REASON -->` above a block says why its figures cannot be quoted.
final class MeasuredFigures {
  private static final String NUMBER = "(?<![\\w.,-])\\d[\\d,]*(?:\\.\\d+)?";
  private static final String NUMBERS = NUMBER + "(?: (?:to|and) " + NUMBER + ")*";
  private static final String UNIT =
      "(?:(?:system )?calls|ns|us|µs|ms|(?:micro|nano|milli)seconds|B|bytes|[KM]iB|requests/s)";
  private static final Pattern RATE =
      Pattern.compile(
          NUMBERS
              + "(?: "
              + UNIT
              + ")? (?:an?|per|for an?|for each) (?:request|event)\\b|"
              + NUMBERS
              + " requests/s");
  private static final Pattern MEASURED = Pattern.compile(NUMBERS + " " + UNIT + "(?!\\w)");
  private static final Pattern RESULTS = Pattern.compile("\\]\\([^)]*\\bresults/");
  private static final Pattern ONE = Pattern.compile(NUMBER);
  private static final Pattern CODE = Pattern.compile("`[^`]*`");
  private static final Pattern REASON = Pattern.compile("<!--\\s*figures:\\s*\\S[^>]*-->");

  private MeasuredFigures() {}

  /// Figures of a page that no checked output on it has.
  static List<Problem> problems(Page page) {
    List<BigDecimal> quoted =
        ConsoleCommand.of(page).stream()
            .filter(command -> command.unchecked().isEmpty())
            .flatMap(command -> command.output().stream())
            .flatMap(MeasuredFigures::numbers)
            .toList();
    List<Problem> problems = new ArrayList<>();
    Stream.concat(page.all(Paragraph.class).stream(), page.all(TableBlock.class).stream())
        .filter(block -> !isExcused(block))
        .forEach(block -> problems.addAll(problems(page, block, quoted)));
    return problems;
  }

  private static boolean isExcused(Node block) {
    return block.getPrevious() instanceof HtmlBlock comment
        && REASON.matcher(comment.getLiteral().strip()).matches();
  }

  private static List<Problem> problems(Page page, Block block, List<BigDecimal> quoted) {
    List<String> lines =
        page.text().lines().toList().subList(Page.line(block) - 1, Page.lastLine(block));
    List<Problem> problems = new ArrayList<>();
    for (String text : block instanceof Paragraph ? List.of(String.join(" ", lines)) : lines) {
      Pattern figures = RESULTS.matcher(text).find() ? MEASURED : RATE;
      Matcher figure = figures.matcher(CODE.matcher(text).replaceAll("").replaceAll("\\s+", " "));
      while (figure.find()) {
        if (!numbers(figure.group()).allMatch(number -> isQuoted(number, quoted))) {
          problems.add(
              page.problem(
                  block,
                  "the figure '%s' is in no output that a command of this page prints"
                      .formatted(figure.group())));
        }
      }
    }
    return problems;
  }

  private static Stream<BigDecimal> numbers(String text) {
    return ONE.matcher(text)
        .results()
        .map(number -> number.group().replace(",", ""))
        .map(BigDecimal::new);
  }

  private static boolean isQuoted(BigDecimal figure, List<BigDecimal> quoted) {
    return quoted.stream()
        .anyMatch(
            number -> number.setScale(figure.scale(), RoundingMode.HALF_UP).compareTo(figure) == 0);
  }
}
