package twemlab.docs.page;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;

/// Follows the links between pages, to other files of the checkout, and to images. Links to other
/// sites are left alone: a test must not need them.
public final class Links {
  private final Path root;
  private final Map<Path, Page> pages = new TreeMap<>();
  private final List<Problem> problems = new ArrayList<>();
  private final Map<Page, Set<Page>> edges = new TreeMap<>((a, b) -> a.name().compareTo(b.name()));
  private int count;

  public Links(Path root, Collection<Page> all) {
    this.root = root;
    all.forEach(page -> pages.put(page.file().normalize(), page));
    for (Page page : all) {
      edges.put(page, new HashSet<>());
      page.all(Link.class).forEach(link -> follow(page, link, link.getDestination()));
      page.all(Image.class).forEach(image -> follow(page, image, image.getDestination()));
    }
  }

  /// Links that lead nowhere.
  public List<Problem> problems() {
    return List.copyOf(problems);
  }

  /// How many links into the checkout there are.
  int count() {
    return count;
  }

  /// Pages in a folder to which no path of links leads from a page.
  public List<Page> unreachable(String start, String folder) {
    Set<Page> reached = new HashSet<>();
    Deque<Page> waiting = new ArrayDeque<>();
    waiting.add(pages.get(root.resolve(start)));
    while (!waiting.isEmpty()) {
      Page page = waiting.remove();
      if (reached.add(page)) {
        waiting.addAll(edges.get(page));
      }
    }
    return pages.values().stream()
        .filter(page -> page.name().startsWith(folder) && !reached.contains(page))
        .toList();
  }

  private void follow(Page page, Node link, String destination) {
    if (isForeign(destination)) {
      return;
    }
    count++;
    int hash = destination.indexOf('#');
    String path = hash < 0 ? destination : destination.substring(0, hash);
    String anchor = hash < 0 ? "" : destination.substring(hash + 1);
    Path target = target(page, path);
    if (!target.startsWith(root) || !Files.exists(target)) {
      problems.add(page.problem(link, "no such file: " + destination));
      return;
    }
    Path index = target.resolve("README.md");
    Page to = pages.get(Files.isDirectory(target) ? index : target);
    if (to != null) {
      edges.get(page).add(to);
    }
    if (!anchor.isEmpty() && (to == null || !Anchors.of(to).contains(anchor))) {
      String there = to == null ? "not a page" : "there are " + Anchors.of(to);
      problems.add(page.problem(link, "no such heading: " + destination + "; " + there));
    }
  }

  /// The file that a relative link leads to.
  public static Path target(Page page, String path) {
    String decoded = URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
    Path from = page.file().normalize();
    return path.isEmpty() ? from : from.getParent().resolve(decoded).normalize();
  }

  /// Whether a link leads out of the checkout.
  public static boolean isForeign(String destination) {
    try {
      return URI.create(destination).isAbsolute();
    } catch (IllegalArgumentException _) {
      return false;
    }
  }
}
