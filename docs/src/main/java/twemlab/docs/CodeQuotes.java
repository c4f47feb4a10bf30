package twemlab.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import twemlab.docs.page.Page;
import twemlab.docs.page.Pages;
import twemlab.docs.page.Problem;
import twemlab.docs.page.QuotedCode;
import twemlab.docs.page.SourceTags;

/// Holds the code in the pages against the sources that it was quoted from, and mends it.
final class CodeQuotes {
  /// Files that may have tags.
  private static final List<String> SOURCES = List.of(".java", ".yml", "twemlab");

  private final Map<String, SourceTags> sources = new TreeMap<>();
  private final List<QuotedCode> quotes;

  CodeQuotes(Path root, Collection<Page> pages) throws IOException {
    for (String ending : SOURCES) {
      for (Path file : Pages.files(root, ending)) {
        String name = root.relativize(file).toString().replace('\\', '/');
        sources.put(name, SourceTags.read(name, Files.readString(file)));
      }
    }
    quotes = pages.stream().flatMap(page -> QuotedCode.of(page).stream()).toList();
  }

  int count() {
    return quotes.size();
  }

  /// Tags that are broken, missing, quoted wrongly or not quoted at all.
  List<Problem> problems() {
    List<Problem> problems = new ArrayList<>();
    Set<String> quoted = new HashSet<>();
    for (QuotedCode quote : quotes) {
      quoted.add(quote.source());
      String wrong = wrongWith(quote);
      if (wrong != null) {
        problems.add(quote.page().problem(quote.mark(), quote.source() + ": " + wrong));
      }
    }
    sources.forEach(
        (file, tags) -> {
          problems.addAll(tags.problems());
          tags.lines().keySet().stream()
              .filter(tag -> !quoted.contains(file + "#" + tag))
              .map(tag -> new Problem(file, tags.lines().get(tag), "nobody quotes tag " + tag))
              .forEach(problems::add);
        });
    return problems;
  }

  private String wrongWith(QuotedCode quote) {
    SourceTags tags = sources.get(quote.path());
    if (tags == null) {
      return "no such source file (" + String.join(", ", SOURCES) + ")";
    }
    String piece = tags.pieces().get(quote.tag());
    if (piece == null) {
      return "no such tag; there are " + tags.pieces().keySet();
    }
    if (quote.fence() == null) {
      return "no fence right below";
    }
    String shown = quote.fence().getLiteral();
    return shown.equals(piece)
        ? null
        : "differs from the source; run ./twemlab docs --update. " + difference(piece, shown);
  }

  private static String difference(String piece, String shown) {
    List<String> want = piece.lines().toList();
    List<String> have = shown.lines().toList();
    int same = 0;
    while (same < Math.min(want.size(), have.size()) && want.get(same).equals(have.get(same))) {
      same++;
    }
    return "First at line "
        + (same + 1)
        + ": source <"
        + at(want, same)
        + ">, page <"
        + at(have, same)
        + ">";
  }

  private static String at(List<String> lines, int index) {
    return index < lines.size() ? lines.get(index) : "(end)";
  }

  /// The page with all its quotes as the sources have them; what cannot be found stays.
  String updated(Page page) {
    List<String> lines = new ArrayList<>(page.text().lines().toList());
    List<QuotedCode> here = quotes.stream().filter(quote -> quote.page().equals(page)).toList();
    for (QuotedCode quote : here.reversed()) {
      SourceTags tags = sources.get(quote.path());
      if (quote.fence() != null && tags != null && tags.pieces().containsKey(quote.tag())) {
        int first = Page.line(quote.fence());
        int last = Page.lastLine(quote.fence());
        String indent = Page.indent(lines.get(first - 1));
        Stream<String> code = tags.pieces().get(quote.tag()).lines();
        List<String> fresh = code.map(line -> line.isEmpty() ? "" : indent + line).toList();
        List<String> inside = lines.subList(first, last - 1);
        inside.clear();
        inside.addAll(fresh);
      }
    }
    return String.join("\n", lines) + "\n";
  }
}
