package twemlab.docs.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import twemlab.docs.page.Pages;
import twemlab.sim.run.soak.Checkout;

/// The site of this checkout, as files.
class SiteTest {
  private static final Pattern REFERENCE =
      Pattern.compile("<[a-z]+ [^>]*\\b(?:href|src)=\"([^\"]*)\"");
  private static final Pattern ID = Pattern.compile(" id=\"([^\"]*)\"");
  @TempDir private static Path out;

  @BeforeAll
  static void build() throws IOException {
    Path root = Checkout.root();
    assertThat(new Site(root, Pages.all(root), out).write()).isGreaterThan(50);
  }

  @Test
  void eachLinkOfEachFileLeadsToAFileAndAPlaceInIt() throws IOException {
    List<String> wrong = new ArrayList<>();
    int links = 0;
    for (Path file : Pages.files(out, ".html")) {
      Matcher reference = REFERENCE.matcher(Files.readString(file));
      while (reference.find()) {
        links++;
        String problem = follow(file, reference.group(1));
        if (problem != null) {
          wrong.add(out.relativize(file) + ": " + problem);
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(links).isGreaterThan(1000);
  }

  private static String follow(Path from, String reference) throws IOException {
    URI uri = URI.create(reference);
    if (uri.isAbsolute()) {
      return null;
    }
    Path target = uri.getPath().isEmpty() ? from : from.resolveSibling(uri.getPath()).normalize();
    if (!target.startsWith(out) || !Files.isRegularFile(target)) {
      return reference + ": no such file";
    }
    if (uri.getFragment() == null) {
      return null;
    }
    Matcher id = ID.matcher(Files.readString(target));
    while (id.find()) {
      if (id.group(1).equals(uri.getFragment())) {
        return null;
      }
    }
    return reference + ": no such place";
  }

  @Test
  void nothingComesFromTheNetwork() throws IOException {
    for (Path file : Pages.files(out, ".html")) {
      assertThat(Files.readString(file))
          .doesNotContainPattern("(?:src|rel=\"stylesheet\" href)=\"(?:https?:)?//");
    }
  }

  @Test
  void navigationAndNeighboursAreInAPage() throws IOException {
    assertThat(Files.readString(out.resolve("docs/events/epoll.html")))
        .contains("<h2>Events</h2>", "aria-current=\"page\"", "../../docs/events/poll.html")
        .contains("<a href=\"../../docs/events/event-ports.html\">")
        .contains("class=\"language-console\"");
  }

  @Test
  void sourcesAreShownAndImagesCopied() throws IOException {
    assertThat(out.resolve("docs/images/ring.svg")).exists();
    assertThat(
            Files.readString(
                out.resolve("source/event/src/main/java/twemlab/event/EventLoop.java.html")))
        .contains("public final class EventLoop", "language-java");
  }

  @Test
  void theSearchHasTheSectionsOfAllPages() throws IOException {
    String texts = Files.readString(out.resolve("assets/search-data.js"));
    assertThat(texts)
        .startsWith("window.siteTexts = [\n{\"url\":")
        .contains("\"heading\":\"FIN-COALESCED: the hardest trap\"")
        .contains("\"url\":\"docs/events/epoll.html#fin-coalesced-the-hardest-trap\"")
        .contains("saved by an unrelated EPOLL_CTL_MOD");
  }

  /// Whoever has installed nothing sees a run after one click.
  @Test
  void theFirstPageLeadsToTheRecordedRuns() throws IOException {
    String first = Files.readString(out.resolve("index.html"));
    List<RecordedRuns.Run> runs = RecordedRuns.all(Checkout.root());
    assertThat(runs).hasSizeGreaterThanOrEqualTo(6);
    for (RecordedRuns.Run run : runs) {
      assertThat(first).contains("href=\"runs/" + run.file() + "\"");
      assertThat(out.resolve("runs").resolve(run.file())).content().startsWith("<!doctype html>");
    }
  }
}
