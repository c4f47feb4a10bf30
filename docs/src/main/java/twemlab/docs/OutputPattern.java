package twemlab.docs;

import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Quoted output as a pattern: a line `...` stands for any number of lines, `[...]` in a line for
/// any text. Times, dates and ports differ from run to run and are masked on both sides; in a line
/// with one of them, runs of spaces count as one, because columns move with their width.
record OutputPattern(List<String> lines) {
  private record Mask(Pattern pattern, String name) {}

  private static final List<Mask> MASKS =
      List.of(
          new Mask(Pattern.compile("\\d{4}-\\d\\d-\\d\\d"), "<date>"),
          new Mask(Pattern.compile("\\b\\d\\d:\\d\\d:\\d\\d(?:[.,]\\d+)?"), "<clock>"),
          new Mask(
              Pattern.compile("\\b\\d[\\d,]*(?:\\.\\d+)? ?(?:ns|us|µs|μs|ms|s|min)\\b"), "<time>"),
          new Mask(
              Pattern.compile(
                  "(?<=[\\w\\])*]:|\\bport"
                      + " )(?:102[4-9]|10[3-9]\\d|1[1-9]\\d\\d|[2-9]\\d{3}|[1-9]\\d{4})\\b"),
              "<port>"));

  /// The first place at which an output does not fit.
  ///
  /// @param line of the pattern, from 0; its size when the output goes on behind the end
  record Difference(int line, String expected, String got) {}

  /// What does not fit, if anything.
  Optional<Difference> difference(List<String> output) {
    // All numbers of output lines that the pattern's lines so far may have taken.
    TreeSet<Integer> taken = new TreeSet<>(List.of(0));
    boolean any = false;
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.strip().equals("...")) {
        any = true;
        continue;
      }
      TreeSet<Integer> next = new TreeSet<>();
      int furthest = taken.last();
      if (any) {
        for (int at = taken.first(); at < output.size(); at++) {
          taken.add(at);
        }
      }
      Pattern pattern = pattern(line);
      for (int at : taken) {
        if (at < output.size() && pattern.matcher(masked(output.get(at))).matches()) {
          next.add(at + 1);
        }
      }
      if (next.isEmpty()) {
        String got = any ? "no such line from here on: " : "";
        return Optional.of(new Difference(i, line, got + at(output, furthest)));
      }
      taken = next;
      any = false;
    }
    return any || taken.contains(output.size())
        ? Optional.empty()
        : Optional.of(new Difference(lines.size(), "(end)", at(output, taken.last())));
  }

  private static String at(List<String> lines, int index) {
    return index < lines.size() ? lines.get(index) : "(end)";
  }

  private static Pattern pattern(String line) {
    StringBuilder regex = new StringBuilder();
    for (String part : masked(line).split(Pattern.quote("[...]"), -1)) {
      regex.append(regex.isEmpty() ? "" : ".*").append(Pattern.quote(part));
    }
    return Pattern.compile(regex.toString());
  }

  static String masked(String line) {
    String masked = line.stripTrailing();
    for (Mask mask : MASKS) {
      masked = mask.pattern().matcher(masked).replaceAll(Matcher.quoteReplacement(mask.name()));
    }
    return masked.equals(line.stripTrailing()) ? masked : masked.replaceAll(" +", " ");
  }
}
