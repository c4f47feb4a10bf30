package twemlab.proxy.conf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Which YAML is taken. Every row was tried with nutcracker 0.5.0 (libyaml 0.2.5), which gave the
/// same verdict and reason.
final class ConfYamlTest {
  private static final String TAIL = "  listen: 127.0.0.1:22121\n  servers:\n   - h:1:1\n";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "a | 'FILE' has invalid empty \"key:\" at depth 0",
        "- a | 'FILE' has sequence at depth 0 instead of 2",
        "a: 5 | 'FILE' has invalid mapping \"key:\" at depth 1",
        "a: | 'FILE' has invalid mapping \"key:\" at depth 1",
        "a:\\n - b | 'FILE' has sequence at depth 1 instead of 2",
        "a:\\n  k: v | 'FILE' missing sequence directive at depth 2",
        "a:\\n  k:\\n   - b: c | 'FILE' has a depth greater than 2",
        "a:\\n  ? - b\\n  : c | 'FILE' has invalid \"key:value\" at depth 2",
        "? a: b\\n: c | 'FILE' has more than one \"key:value\" at depth 1",
        "a:\\n  listen: 127.0.0.1:1\\n  hash:\\n   - md5 | pool 'a' has no servers",
        "a: *b | failed (err 5) to get the next yaml document",
        "a: &b\\n  k: &b v | failed (err 5) to get the next yaml document",
        "%YAML 1.1 | failed (err 4) to get the next yaml document",
        "%YAML 1.2\\n---\\na: b | version directive token (3) is disallowed",
        "%TAG ! x:\\n---\\na: b | tag directive token (4) is disallowed",
        "%FOO\\n---\\na: b | failed (err 3) to get the next yaml document",
        "--- | document start token (5) is disallowed",
        "a: [b] | flow sequence start token (10) is disallowed",
        "a: {b: c} | flow mapping start token (12) is disallowed",
        "a: !x b | tag token (20) is disallowed",
        "a: &b c | anchor token (19) is disallowed",
        "a: 'b | failed (err 3) to get the next yaml document",
        "a: \u007f | failed (err 2) to get the next yaml document",
        "# only a comment | 'FILE' must contain only 1 document; found 0 documents",
        "^^ | 'FILE' must contain only 1 document; found 0 documents",
      })
  void reasonsAreNutcrackers(String text, String reason) {
    assertThat(refusal(text.replace("\\n", "\n")).reason()).isEqualTo("conf: " + reason);
  }

  /// A tab may not indent, not even an empty line, a comment, or what follows a dash.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\t\np:\n" + TAIL,
        "p:\n\t\n" + TAIL,
        "p:\n \t# c\n" + TAIL,
        "p:\n" + TAIL + "\t",
        "p:\n" + TAIL + "   -\ti:1:1\n",
        "p:\n" + TAIL + "\ttimeout: 5\n",
        "p:\n  redis: true\n \t\n" + TAIL,
      })
  void tabsDoNotIndent(String text) {
    assertThat(refusal(text).reason())
        .isEqualTo("conf: failed (err 3) to get the next yaml document");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\ufeffp:\n" + TAIL,
        "p:\t# c\n" + TAIL,
        "p:\n  redis:\ttrue\t\n" + TAIL,
        "p:\n  redis: true \t # c\n" + TAIL,
        "p:\n  redis: true\n    \t\n" + TAIL,
        "p:\n  redis_auth: \"a\n\tb\"\n  redis: true\n" + TAIL,
        "p:\r\n  redis: true\r\n" + TAIL,
        "p:\u2028  redis: true\u0085" + TAIL,
        "'p': # c\n\n  \"re\\x64is\": 'true'\n" + TAIL,
      })
  void theseAreTaken(String text) throws ConfException {
    assertThat(ConfFile.parse("FILE", text).pools()).hasSize(1);
  }

  private static ConfException refusal(String text) {
    ConfException e = catchThrowableOfType(ConfException.class, () -> ConfFile.parse("FILE", text));
    assertThat(e).as(text).isNotNull();
    return e;
  }
}
