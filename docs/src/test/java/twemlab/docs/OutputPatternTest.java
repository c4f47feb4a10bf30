package twemlab.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Quoted output against real output.
class OutputPatternTest {
  private static Optional<OutputPattern.Difference> difference(String pattern, String output) {
    return new OutputPattern(pattern.lines().toList()).difference(output.lines().toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a;b;c     | a;b;c
          a;...     | a
          a;...     | a;b;c
          ...;c     | a;b;c
          ...;c     | c;c;c
          a;...;d   | a;b;c;d
          a;...;b;d | a;b;c;b;d
          a [...] c | a b b c
          [...]x    | yx
          .*        | .*
          took 3 ms | took 1,234.5 ms
          took 3ms  | took 12us
          at 2026-01-01 10:00:00.123 | at 2027-12-31 23:59:59
          on 127.0.0.1:22121 | on 127.0.0.1:4711
          a   3 ms  b        | a 1234 ms b
          """)
  void fits(String pattern, String output) {
    assertThat(difference(lines(pattern), lines(output))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a;b;c     | a;x;c     | 1
          a;b       | a;b;c     | 2
          a;b;c     | a;b       | 2
          a;...;d   | a;b;c     | 2
          ...;c     | c;b       | 2
          .*        | abc       | 0
          3 keys    | 4 keys    | 0
          on :80    | on :81    | 0
          a   b     | a b       | 0
          """)
  void doesNotFit(String pattern, String output, int line) {
    assertThat(difference(lines(pattern), lines(output)))
        .map(OutputPattern.Difference::line)
        .contains(line);
  }

  private static String lines(String row) {
    return String.join("\n", List.of(row.split(";", -1)));
  }
}
