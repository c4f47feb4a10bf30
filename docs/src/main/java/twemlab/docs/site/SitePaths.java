package twemlab.docs.site;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import twemlab.docs.page.Page;

/// Where the files of the checkout are in the site.
///
/// A page keeps its place, with `.html` for `.md`, and a README is its folder's index. What a
/// browser shows by itself, such as an image, keeps name and place. Any other file is shown as a
/// page below `source`, and so is a folder without a README.
record SitePaths(Path root, Map<Path, Page> pages) {
  private static final Set<String> AS_IT_IS =
      Set.of("svg", "png", "jpg", "gif", "html", "json", "jsonl", "txt", "tsv", "csv", "gz", "pdf");

  /// The place of a file or folder in the site, with slashes.
  String of(Path file) {
    Page page = page(file);
    String name = root.relativize(file).toString().replace('\\', '/');
    if (page != null) {
      String stem = page.name().substring(0, page.name().length() - ".md".length());
      return stem.replaceFirst("(^|/)README$", "$1index") + ".html";
    }
    if (Files.isDirectory(file)) {
      return "source/" + (name.isEmpty() ? "" : name + "/") + "index.html";
    }
    return isCopied(file) ? name : "source/" + name + ".html";
  }

  /// The page that a file or folder is shown as, or null.
  Page page(Path file) {
    return pages.get(Files.isDirectory(file) ? file.resolve("README.md") : file);
  }

  static boolean isCopied(Path file) {
    if (file.toString().contains(File.separator + "src" + File.separator)) {
      return false; // a source, whatever it is
    }
    String name = file.getFileName().toString();
    return AS_IT_IS.contains(name.substring(name.lastIndexOf('.') + 1));
  }

  /// The way from one place in the site to its root: some `../`.
  static String up(String place) {
    return "../".repeat((int) place.chars().filter(c -> c == '/').count());
  }
}
