package twemlab.proxy.conf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// 120 files with the verdict and the reason that nutcracker 0.5.0 gave.
final class ConfCasesTest {
  record Case(String file, boolean valid, String reason) {}

  static Stream<Case> cases() throws IOException {
    try (InputStream in = ConfCasesTest.class.getResourceAsStream("conf-cases.jsonl")) {
      byte[] bytes = Objects.requireNonNull(in).readAllBytes();
      return new String(bytes, StandardCharsets.UTF_8)
          .lines().map(ConfCasesTest::parse).toList().stream();
    }
  }

  /// A line of JSON is YAML, so no other library is needed.
  private static Case parse(String line) {
    Map<?, ?> row = (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(line);
    return new Case(
        (String) row.get("file"), (Boolean) row.get("valid"), (String) row.get("reason"));
  }

  @Test
  void allCasesAreThere() throws IOException {
    assertThat(cases()).hasSize(120);
    assertThat(cases().filter(Case::valid)).hasSize(42);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void verdictAndReasonAreNutcrackers(Case c) throws ConfException {
    if (c.valid()) {
      assertThat(ConfFile.parse("FILE", c.file()).pools()).isNotEmpty();
      return;
    }
    ConfException e =
        catchThrowableOfType(ConfException.class, () -> ConfFile.parse("FILE", c.file()));
    assertThat(e).as(c.file()).isNotNull();
    assertThat(e.reason()).as(c.file()).isEqualTo(c.reason());
    assertThat(e.detail()).matches("FILE:[1-9][0-9]*:[1-9][0-9]*: .+");
  }
}
