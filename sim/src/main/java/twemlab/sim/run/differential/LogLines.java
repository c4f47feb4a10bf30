package twemlab.sim.run.differential;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Brings what two servers were asked into one form, where the form makes no difference to them.
final class LogLines {
  private static final String NOREPLY = "(?m)^([a-z][^\r\n]*?) +noreply *\r\n";

  private LogLines() {}

  /// A redis command's name may be in capitals, and more than one space may part memcached's
  /// fields.
  static List<String> normal(List<String> lines, boolean redis) {
    return lines.stream()
        .map(line -> redis ? lowerName(line) : singleSpaces(line))
        .collect(Collectors.toList());
  }

  private static String lowerName(String line) {
    int start = line.indexOf('\n', line.indexOf('$')) + 1;
    int end = line.indexOf('\r', start);
    return line.substring(0, start)
        + line.substring(start, end).toLowerCase(Locale.ROOT)
        + line.substring(end);
  }

  private static String singleSpaces(String line) {
    int end = line.indexOf("\r\n");
    String head = line.substring(0, end).trim().replaceAll(" +", " ");
    return head + line.substring(end);
  }

  /// The same requests, asked for a reply (rule C5).
  static List<String> withoutNoreply(List<String> lines) {
    return lines.stream()
        .map(line -> line.replaceFirst(NOREPLY, "$1\r\n"))
        .collect(Collectors.toList());
  }
}
