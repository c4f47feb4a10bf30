package twemlab.docs.page;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The tagged pieces of one source file: the lines between `// tag::NAME[]` and `// end::NAME[]`.
/// Tags may nest; the lines of the marks belong to no piece.
///
/// @param pieces the text of each piece, without the indentation that all its lines share
/// @param lines the line of each tag's first mark, from 1
/// @param problems tags given twice, not closed, or closed without being open
public record SourceTags(
    Map<String, String> pieces, Map<String, Integer> lines, List<Problem> problems) {
  private static final Pattern MARK =
      Pattern.compile("\\s*(?://|#) (tag|end)::([a-z0-9-]+)\\[\\]\\s*");

  public static SourceTags read(String file, String text) {
    Map<String, String> pieces = new LinkedHashMap<>();
    Map<String, Integer> lines = new HashMap<>();
    List<Problem> problems = new ArrayList<>();
    Map<String, List<String>> open = new LinkedHashMap<>();
    Deque<String> nesting = new ArrayDeque<>();
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      Matcher mark = MARK.matcher(line);
      if (!mark.matches()) {
        open.values().forEach(piece -> piece.add(line));
        continue;
      }
      String tag = mark.group(2);
      if (mark.group(1).equals("tag")) {
        if (lines.putIfAbsent(tag, number) != null) {
          problems.add(new Problem(file, number, "tag " + tag + " is there twice"));
        }
        open.put(tag, new ArrayList<>());
        nesting.push(tag);
      } else if (tag.equals(nesting.peek())) {
        nesting.pop();
        pieces.put(tag, flush(open.remove(tag)));
      } else {
        problems.add(new Problem(file, number, "end of " + tag + ", which is not the open tag"));
      }
    }
    for (String tag : open.keySet()) {
      problems.add(new Problem(file, lines.get(tag), "tag " + tag + " has no end"));
    }
    return new SourceTags(pieces, lines, problems);
  }

  private static String flush(List<String> lines) {
    int indent =
        lines.stream()
            .filter(line -> !line.isBlank())
            .mapToInt(line -> line.length() - line.stripLeading().length())
            .min()
            .orElse(0);
    StringBuilder text = new StringBuilder();
    for (String line : lines) {
      text.append(line.isBlank() ? "" : line.substring(indent).stripTrailing()).append('\n');
    }
    // The formatter puts a blank line between a method and the mark behind it.
    return text.toString().strip().lines().collect(Collectors.joining("\n", "", "\n"));
  }
}
