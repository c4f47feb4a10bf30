package twemlab.fuzz;

import java.nio.charset.StandardCharsets;
import twemlab.proxy.conf.Conf;
import twemlab.proxy.conf.ConfException;
import twemlab.proxy.conf.ConfFile;

/// The property of the configuration's reader, for any text: it gives pools, or refuses with a
/// [ConfException] whose position is in the text. That it is quick is left to the fuzzer's limit of
/// seconds for an input.
final class ConfigurationCheck {
  /// What ends a line in YAML 1.1: also next line, line separator and paragraph separator.
  private static final String LINE_BREAKS = "\r\n\u0085\u2028\u2029";

  private ConfigurationCheck() {}

  /// Throws when the property does not hold. Bytes that are not UTF-8 are replaced.
  static void check(byte[] input) {
    String text = new String(input, StandardCharsets.UTF_8);
    try {
      Conf conf = ConfFile.parse("FILE", text);
      Violation.unless(!conf.pools().isEmpty(), "accepted without a pool");
    } catch (ConfException e) {
      long lines = 1 + text.chars().filter(c -> LINE_BREAKS.indexOf(c) >= 0).count();
      Violation.unless(e.line() >= 1 && e.line() <= lines, "line " + e.line() + " of " + lines);
      Violation.unless(e.column() >= 1, "column " + e.column());
      Violation.unless(!e.reason().isEmpty(), "no reason");
    }
  }
}
