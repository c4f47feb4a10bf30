package twemlab.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The answers of twemproxy 0.5.0 to some six thousand inputs, and the list of where we differ.
class ParserCasesTest {
  private static final Path PAGE = Path.of("..", "docs", "deviations.md");

  @Test
  void everyRowAgreesOrFallsUnderExactlyOneRule() {
    assertThat(CaseRow.ALL).hasSizeGreaterThan(5_900);
    List<String> wrong =
        CaseRow.ALL.stream()
            .filter(row -> !row.subject().row(row.input()).equals(row.expected()))
            .filter(row -> rules(row.subject(), row.text()).size() != 1)
            .map(row -> rules(row.subject(), row.text()) + " " + row)
            .toList();
    assertThat(wrong).isEmpty();
  }

  @Test
  void fewRowsDiffer() {
    long differing =
        CaseRow.ALL.stream()
            .filter(row -> !row.subject().row(row.input()).equals(row.expected()))
            .count();
    assertThat(differing).isBetween(60L, 80L);
  }

  @ParameterizedTest
  @EnumSource
  void aRuleRefusesWhatTwemproxyTakes(Deviation rule) {
    byte[] example = Subject.bytes(rule.example);
    assertThat(rules(rule.subject, rule.example)).containsExactly(rule);
    boolean answered = rule == Deviation.COMMAND_ARGUMENTS || rule == Deviation.MORE_ARGUMENTS;
    assertThat(rule.subject.row(example)).startsWith(answered ? "OK" : "ERROR");
  }

  @ParameterizedTest
  @EnumSource
  void thePageExplainsTheRule(Deviation rule) throws IOException {
    assertThat(Files.readString(PAGE)).contains("| `" + rule.id() + "` |");
  }

  private static List<Deviation> rules(Subject subject, String input) {
    return Arrays.stream(Deviation.values()).filter(rule -> rule.covers(subject, input)).toList();
  }
}
