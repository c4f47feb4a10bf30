package twemlab.docs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import twemlab.docs.page.Links;
import twemlab.docs.page.Page;
import twemlab.docs.page.Problem;

/// All checks that need no run of a command.
final class PageChecks {
  private PageChecks() {}

  static List<Problem> all(Path root, List<Page> pages) throws IOException {
    List<Problem> problems = new ArrayList<>();
    problems.addAll(new CodeQuotes(root, pages).problems());
    problems.addAll(links(root, pages));
    Launcher launcher = new Launcher(root);
    pages.forEach(page -> problems.addAll(launcher.problems(page)));
    problems.addAll(figures(pages));
    return problems;
  }

  /// Pages of results are the source of the figures and quote nothing.
  static List<Problem> figures(List<Page> pages) {
    return pages.stream()
        .filter(page -> !page.name().startsWith("docs/results/"))
        .flatMap(page -> MeasuredFigures.problems(page).stream())
        .toList();
  }

  static List<Problem> links(Path root, List<Page> pages) {
    Links links = new Links(root, pages);
    List<Problem> problems = new ArrayList<>(links.problems());
    for (Page page : links.unreachable("README.md", "docs/")) {
      problems.add(new Problem(page.name(), 1, "no link leads here from README.md"));
    }
    return problems;
  }
}
