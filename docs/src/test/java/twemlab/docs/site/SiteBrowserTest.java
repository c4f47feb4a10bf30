package twemlab.docs.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import twemlab.docs.page.Pages;
import twemlab.proxy.testing.Programs;
import twemlab.sim.run.soak.Checkout;

/// The site in a real browser, opened as a file: Chromium without a window prints what a page has
/// become, and what its scripts complained of.
class SiteBrowserTest {
  @TempDir private static Path folder;

  private static final String[] BROWSERS = {"chromium", "chromium-browser", "google-chrome"};

  private Path browser;

  @BeforeAll
  static void build() throws IOException {
    if (Programs.find(BROWSERS).isPresent()) {
      Path root = Checkout.root();
      new Site(root, Pages.all(root), folder.resolve("site")).write();
    }
  }

  @BeforeEach
  void needsABrowser() {
    browser = Programs.need(BROWSERS);
  }

  @Test
  void theSearchFindsTheSectionThatHasTheWord() throws Exception {
    assertThat(page("docs/events/epoll.html?q=coalesced"))
        .contains(
            "<ol id=\"found\"><li><a"
                + " href=\"../../docs/events/epoll.html#fin-coalesced-the-hardest");
  }

  @Test
  void theSearchFindsTheBeginningOfAWord() throws Exception {
    assertThat(page("index.html?q=rendezv")).contains("docs/hashing.html#rendezvous");
  }

  @Test
  void theGlossaryComesFirst() throws Exception {
    assertThat(page("docs/tour/index.html?q=backlog"))
        .contains("<ol id=\"found\"><li><a href=\"../../docs/glossary.html\">backlog<small>");
  }

  @Test
  void slipsOfTheFingerAreForgiven() throws Exception {
    assertThat(page("index.html?q=coalesecd")).contains("docs/events/epoll.html#fin-coalesced");
    assertThat(page("index.html?q=continum"))
        .contains("<ol id=\"found\"><li><a href=\"docs/glossary.html\">continuum");
  }

  @Test
  void whatIsNotThereIsNotFound() throws Exception {
    assertThat(page("index.html?q=xyzzy")).contains("Nothing found.");
  }

  @Test
  void codeIsColoured() throws Exception {
    assertThat(page("source/event/src/main/java/twemlab/event/EventLoop.java.html"))
        .contains("<span class=\"hljs-keyword\">package</span>");
  }

  /// The page after its scripts have run; they may not have complained.
  private String page(String place) throws IOException, InterruptedException {
    Path out = folder.resolve("page.html");
    Path err = folder.resolve("errors.txt");
    List<String> command =
        List.of(
            browser.toString(),
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--user-data-dir=" + folder.resolve("profile"),
            "--enable-logging=stderr",
            "--virtual-time-budget=5000",
            "--dump-dom",
            folder.resolve("site").toUri() + place);
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ends within a minute").isTrue();
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    assertThat(Files.readString(err, StandardCharsets.ISO_8859_1)).doesNotContain("CONSOLE");
    return Files.readString(out);
  }
}
