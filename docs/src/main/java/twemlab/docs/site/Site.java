package twemlab.docs.site;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import twemlab.docs.page.Page;

/// The pages as a site of static files: needs no server and no network.
///
/// All pages are rendered, and of the other files those that a page or a folder's list leads to.
public final class Site {
  private static final String RESOURCES = "/twemlab/docs/site/";
  private static final String WEBJARS = "/META-INF/resources/webjars/";

  /// Name in the site, and where the libraries' jars have it.
  private static final Map<String, String> LIBRARIES =
      Map.of(
          "lunr.min.js", WEBJARS + "lunr/2.3.9/lunr.min.js",
          "highlight.min.js", WEBJARS + "highlightjs/11.11.1/highlight.min.js");

  private final Path root;
  private final Path out;
  private final SitePaths paths;
  private final Navigation navigation;
  private final List<Page> pages;
  private final String template;
  private final Deque<Path> waiting = new ArrayDeque<>();
  private final Set<Path> done = new HashSet<>();

  /// @param out where the site goes; what is there is overwritten, and nothing deleted
  public Site(Path root, List<Page> pages, Path out) {
    this.root = root;
    this.out = out;
    this.pages = pages;
    Map<Path, Page> byFile = new TreeMap<>();
    pages.forEach(page -> byFile.put(page.file().normalize(), page));
    paths = new SitePaths(root, byFile);
    navigation = Navigation.of(pages);
    template = new String(resource(RESOURCES + "page.html"), StandardCharsets.UTF_8);
  }

  /// Writes the site.
  ///
  /// @return how many files it has
  public int write() throws IOException {
    List<SearchText> texts = new ArrayList<>();
    for (Page page : pages) {
      done.add(page.file().normalize());
      String place = paths.of(page.file());
      String content = new PageHtml(paths, page, waiting::add).render();
      if (place.equals("index.html")) {
        content = afterTheFirstParagraph(content, RecordedRuns.html(root, SitePaths.up(place)));
      }
      write(place, page(page, place, SearchText.title(page), content));
      texts.addAll(SearchText.of(page, place));
    }
    while (!waiting.isEmpty()) {
      further(waiting.remove());
    }
    write("assets/search-data.js", SearchText.script(texts));
    for (String asset : List.of("site.css", "site.js")) {
      write("assets/" + asset, resource(RESOURCES + asset));
    }
    for (Map.Entry<String, String> library : LIBRARIES.entrySet()) {
      write("assets/" + library.getKey(), resource(library.getValue()));
    }
    return done.size() + 3 + LIBRARIES.size() + RecordedRuns.write(root, out);
  }

  /// The runs stand where a reader of the first page sees them.
  private static String afterTheFirstParagraph(String content, String further) {
    int end = content.indexOf("</p>") + "</p>".length();
    return content.substring(0, end) + "\n" + further + content.substring(end);
  }

  /// A file or folder that somebody links to. That one is missing is for the check of links to say.
  private void further(Path file) throws IOException {
    if (paths.page(file) != null || !Files.exists(file) || !done.add(file)) {
      return;
    }
    String place = paths.of(file);
    String name = root.relativize(file).toString();
    if (Files.isDirectory(file)) {
      write(place, page(null, place, name, list(file, place)));
    } else if (SitePaths.isCopied(file)) {
      Path copy = out.resolve(place);
      Files.createDirectories(copy.getParent());
      Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
    } else {
      write(place, page(null, place, name, source(file, name)));
    }
  }

  private String list(Path folder, String place) throws IOException {
    StringBuilder list = new StringBuilder("<h1>" + root.relativize(folder) + "</h1>\n<ul>\n");
    List<Path> files;
    try (Stream<Path> inside = Files.list(folder)) {
      files = inside.filter(Site::isShown).sorted().toList();
    }
    for (Path file : files) {
      waiting.add(file);
      String mark = Files.isDirectory(file) ? "/" : "";
      list.append(link(SitePaths.up(place) + paths.of(file), file.getFileName() + mark, "li"));
    }
    return list.append("</ul>\n").toString();
  }

  private static boolean isShown(Path file) {
    String name = file.getFileName().toString();
    return !name.equals("target") && !name.startsWith(".");
  }

  private static String source(Path file, String name) throws IOException {
    String language = name.substring(name.lastIndexOf('.') + 1);
    String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    return "<h1>"
        + escape(name)
        + "</h1>\n<pre><code class=\"language-"
        + (language.equals("twemlab") ? "bash" : language)
        + "\">"
        + escape(text)
        + "</code></pre>\n";
  }

  private String page(Page page, String place, String title, String content) {
    String up = SitePaths.up(place);
    return template
        .replace("{{title}}", escape(title))
        .replace("{{up}}", up)
        .replace("{{navigation}}", navigation(page, up))
        .replace("{{neighbours}}", page == null ? "" : neighbours(page, up))
        .replace("{{content}}", content);
  }

  private String navigation(Page here, String up) {
    StringBuilder html = new StringBuilder();
    navigation
        .groups()
        .forEach(
            (name, group) -> {
              html.append("<h2>").append(name).append("</h2>\n<ul>\n");
              for (Page page : group) {
                String link = link(up + paths.of(page.file()), SearchText.title(page), "li");
                html.append(
                    page.equals(here) ? link.replace("<a ", "<a aria-current=\"page\" ") : link);
              }
              html.append("</ul>\n");
            });
    return html.toString();
  }

  private String neighbours(Page page, String up) {
    StringBuilder html = new StringBuilder("<div class=\"neighbours\">\n");
    for (int step : new int[] {-1, 1}) {
      html.append(
          navigation
              .neighbour(page, step)
              .map(
                  next ->
                      link(
                          up + paths.of(next.file()),
                          step < 0
                              ? "\u2190 " + SearchText.title(next)
                              : SearchText.title(next) + " \u2192",
                          "span"))
              .orElse("<span></span>\n"));
    }
    return html.append("</div>\n").toString();
  }

  private static String link(String href, String text, String element) {
    return "<" + element + "><a href=\"" + href + "\">" + escape(text) + "</a></" + element + ">\n";
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static byte[] resource(String name) {
    try (InputStream in = Site.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("no resource " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(String place, String text) throws IOException {
    write(place, text.getBytes(StandardCharsets.UTF_8));
  }

  private void write(String place, byte[] bytes) throws IOException {
    Path file = out.resolve(place);
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }
}
