package twemlab.sim.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import twemlab.event.backend.EventBases;
import twemlab.proxy.trace.TraceFile;
import twemlab.proxy.trace.TraceRow;
import twemlab.sim.Simulation;
import twemlab.sim.choice.SeededChoices;
import twemlab.sim.scenario.Scenario;
import twemlab.sim.scenario.SwarmSettings;
import twemlab.sim.workload.WireProtocol;

/// The trace viewer in a real browser. Without one the tests are skipped.
final class ViewerTest {
  private static final int LARGE = 100_000;
  private static final int OPEN_MILLIS_MAX = 3_000;
  private static final int STEP_MILLIS_MAX = 50;

  @TempDir static Path directory;

  private static Browser browser;
  private static Path page;

  /// Once the page has drawn: the dot of the chosen step is in the board, and nothing covers it.
  private static final String CHOSEN_IN_SIGHT =
      """
      board.draw();
      const box = document.querySelector('#board').getBoundingClientRect();
      const dot = document.querySelector('.row.chosen .dot').getBoundingClientRect();
      return dot.left >= box.left && dot.right <= box.right
          && dot.top >= box.top && dot.bottom <= box.bottom;
      """;

  @BeforeAll
  static void start() throws IOException {
    browser = Browser.start(directory.resolve("profile")).orElse(null);
    page = directory.resolve("slow-server.html");
    write(page, "slow-server", 1, TraceFile.Options.NONE);
  }

  @BeforeEach
  void needsABrowser() {
    Browser.need();
  }

  @AfterAll
  static void stop() throws IOException {
    if (browser != null) {
      browser.close();
    }
  }

  @AfterEach
  void nothingWentWrong() {
    if (browser != null) {
      assertThat(browser.problems()).isEmpty();
    }
  }

  private static void write(Path file, String scenario, long seed, TraceFile.Options options)
      throws IOException {
    SwarmSettings settings =
        Scenario.byName(scenario).orElseThrow().settings(EventBases.EPOLL, WireProtocol.REDIS);
    TraceFile.Form form = TraceFile.Form.of(file).orElseThrow();
    var head = SimTrace.head(scenario, settings, seed);
    try (SimTrace trace = new SimTrace(TraceFile.create(file, form, head, options), settings)) {
      Simulation.run(new SeededChoices(seed), settings, trace);
    }
  }

  private static long turn() {
    return browser.number("twemlab.view.trace.rows[twemlab.view.step].turn");
  }

  @Test
  void keysStep() {
    browser.open(page);
    assertThat(browser.step()).isZero();
    browser.press(Keys.ARROW_DOWN, 3);
    assertThat(browser.step()).isEqualTo(3);
    browser.press(Keys.ARROW_LEFT);
    assertThat(browser.step()).isEqualTo(2);
    browser.press(Keys.END);
    assertThat(browser.step())
        .isEqualTo((int) browser.number("twemlab.view.trace.rows.length") - 1);
    browser.press(Keys.HOME, Keys.PAGE_DOWN);
    assertThat(browser.step()).isGreaterThan(10);
    long before = turn();
    browser.press("t");
    assertThat(turn()).isEqualTo(before + 1);
    browser.press("T");
    assertThat(turn()).isEqualTo(before);
    assertThat(browser.find(".row.chosen").getAttribute("aria-selected")).isEqualTo("true");
    assertThat(browser.find("#position").getText()).startsWith("step ");
  }

  /// On a small screen and on a large one: names are whole, and the chosen step is in sight.
  @ParameterizedTest
  @CsvSource({"1000, 700", "1440, 900", "640, 600"})
  void everyScreenShowsTheChosenStep(int width, int height) {
    browser.open(page);
    browser.size(width, height);
    try {
      browser.run("seek(1, (row) => row.call === 'ACCEPT')");
      for (int i = 0; i < 30; i++) {
        browser.press(Keys.ARROW_DOWN);
        assertThat(browser.run(CHOSEN_IN_SIGHT)).as("step " + browser.step()).isEqualTo(true);
      }
      assertThat(
              browser.number(
                  "[...document.querySelectorAll('#board .heading .lane')]"
                      + ".filter(e => e.scrollWidth > e.clientWidth).length"))
          .isZero();
    } finally {
      browser.size(1366, 900);
    }
  }

  @Test
  void aKeyFollowsADescriptor() {
    browser.open(page, "#step=60");
    browser.run("seek(1, (row) => row.call === 'READ')");
    long fd = browser.number("twemlab.view.trace.rows[twemlab.view.step].fd");
    int from = browser.step();
    browser.press("f");
    assertThat(browser.step()).isGreaterThan(from);
    assertThat(
            (Boolean)
                browser.run(
                    "return concerns(twemlab.view.trace.rows[twemlab.view.step], arguments[0])",
                    fd))
        .isTrue();
    browser.press("F");
    assertThat(browser.step()).isEqualTo(from);
  }

  @Test
  void helpIsShownAndGoes() {
    browser.open(page);
    browser.press("?");
    assertThat(browser.find("#help").isDisplayed()).isTrue();
    browser.press(Keys.ESCAPE);
    assertThat(browser.find("#help").isDisplayed()).isFalse();
  }

  @Test
  void theMouseScrubsAndChooses() {
    browser.open(page);
    long steps = browser.number("twemlab.view.trace.rows.length");
    browser.clickIn(browser.find("#scrub"), 0.25);
    assertThat((double) browser.step()).isBetween(0.7 * steps, 0.8 * steps);
    browser.run("return new Promise(requestAnimationFrame)");
    WebElement row = browser.all("#board .row").get(20);
    int step = Integer.parseInt(row.getAttribute("data-step"));
    row.click();
    assertThat(browser.step()).isEqualTo(step);
  }

  @Test
  void filtersLeaveWhatIsAskedFor() {
    browser.open(page, "#kind=READ");
    assertThat(browser.all("#board .row"))
        .isNotEmpty()
        .allSatisfy(row -> assertThat(row.getText()).contains("read"));
    String count = browser.find("#filter-count").getText();
    assertThat(count).matches("\\d+ of \\d+");
    browser.press(Keys.ESCAPE);
    assertThat(browser.find("#filter-count").getText()).isEmpty();
    browser.find("#filter-text").sendKeys("Connection timed out");
    assertThat(browser.number("twemlab.view.shown.length")).isBetween(1L, 100L);
    browser.press(Keys.ESCAPE);
    browser.run(
        "const s = document.getElementById('filter-fd'); s.value = '9';"
            + " s.dispatchEvent(new Event('input'))");
    assertThat(
            (Boolean)
                browser.run(
                    "const v = twemlab.view;"
                        + " return [...v.shown].every((i) => concerns(v.trace.rows[i], 9))"
                        + " && v.shown.length > 5 && v.shown.length < v.trace.rows.length"))
        .isTrue();
  }

  @Test
  void theInspectorShowsBytesParserAndInterest() {
    browser.open(page, "#kind=READ&step=60");
    for (WebElement row : browser.all("#board .row")) {
      if (row.isDisplayed() && row.getText().matches("(?s).*read \\d+ = \\d{2,}.*")) {
        browser.pointAt(row);
        break;
      }
    }
    String text = browser.find("#inspector").getText();
    assertThat(text).contains("read ", "Parser", "Bytes:", "interest", "IN OUT RDHUP ET");
    assertThat(browser.find("#inspector pre.bytes").getText()).contains("\\r\\n");
    assertThat(browser.find("#inspector pre.hex").getText()).startsWith("0000  ");
    assertThat(browser.find("#inspector p.parser").getText())
        .containsPattern("ARRAY_MARK|MARK|BULK|DATA");
  }

  @Test
  void aWaitShowsItsBatchAndTheLoopItsTurns() {
    browser.open(page);
    browser.run("MOVES.last(); seek(-1, (row) => WAITS.has(row.call) && row.ready)");
    assertThat(browser.find("#inspector").getText()).contains("Batch of this wait: 1");
    assertThat(browser.all("#board .row.odd")).isNotEmpty();
    assertThat(browser.all("#board .row.in-batch")).isNotEmpty();
    assertThat(browser.all("#board polygon.head.data")).isNotEmpty();
  }

  @Test
  void twoTracesAreComparedFromTheFirstDifferenceOn() throws IOException {
    Path other = directory.resolve("other.jsonl");
    Path compared = directory.resolve("compared.html");
    write(other, "slow-server", 1, TraceFile.Options.NONE);
    List<String> lines = Files.readAllLines(other);
    // The first line is the head, so that line 101 is step 100, which is number 99 from 0 on.
    lines.set(100, lines.get(100).replaceFirst("\"fd\":-?\\d+", "\"fd\":77"));
    Files.write(other, lines);
    write(compared, "slow-server", 1, new TraceFile.Options(1, 200, Optional.of(other)));
    browser.open(compared);
    assertThat(browser.step()).isEqualTo(99);
    assertThat(browser.find("#violation").getText()).contains("the first difference is step 100");
    assertThat(browser.all("#board-other .row.different")).hasSize(1);
    browser.press(Keys.HOME);
    browser.find("#difference").click();
    assertThat(browser.step()).isEqualTo(99);
    // The same, chosen as a file.
    browser.open(page);
    browser.find("#open-other").sendKeys(other.toString());
    browser.run("return new Promise((done) => setTimeout(done, 300))");
    assertThat(browser.step()).isEqualTo(99);
  }

  @Test
  void aViolationIsShown() throws IOException {
    Path failed = directory.resolve("failed.html");
    var head = new twemlab.proxy.trace.TraceHead("failed", Map.of(), List.of());
    try (TraceFile file =
        TraceFile.create(failed, TraceFile.Form.HTML, head, TraceFile.Options.NONE)) {
      file.row(new TraceRow(1_000_000, "proxy", "READ", 7, -11, 16_384));
      file.violation("reply: not what the model says");
    }
    browser.open(failed);
    assertThat(browser.find("#violation").getText())
        .isEqualTo("Violation: reply: not what the model says");
    assertThat(browser.find("#inspector").getText())
        .contains("EAGAIN (11): Resource temporarily unavailable");
  }

  @Test
  void darkLightAndPaper() {
    browser.command(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", "dark"))));
    browser.open(page);
    String dark = background();
    browser.press("l");
    assertThat(background()).isNotEqualTo(dark);
    browser.press("l");
    assertThat(background()).isEqualTo(dark);
    browser.command("Emulation.setEmulatedMedia", Map.of("media", "print"));
    assertThat(background()).isEqualTo("rgb(255, 255, 255)");
    assertThat(browser.find("#filters").isDisplayed()).isFalse();
    browser.command("Emulation.setEmulatedMedia", Map.of("media", ""));
    String paper = (String) browser.command("Page.printToPDF", Map.of()).get("data");
    assertThat(paper.length()).isGreaterThan(20_000);
  }

  private static String background() {
    return (String) browser.run("return getComputedStyle(document.body).backgroundColor");
  }

  @Test
  void aHundredThousandStepsOpenAndStepWithoutDelay() throws IOException {
    Path large = directory.resolve("large.html");
    writeLarge(large);
    browser.open(large);
    long open = browser.number("twemlab.openMillis");
    assertThat(browser.number("twemlab.view.trace.rows.length")).isEqualTo(LARGE);
    List<?> steps =
        (List<?>)
            browser.run(
                "const keys = ['ArrowDown', 'PageDown', 't', 'f', 'End', 'Home', 'w'];"
                    + "return Array.from({length: 70}, (_, i) => {"
                    + "  const started = performance.now();"
                    + "  const options = {key: keys[i % keys.length], bubbles: true};"
                    + "  board.scroller.dispatchEvent(new KeyboardEvent('keydown', options));"
                    + "  board.draw();" // which else comes with the next picture
                    + "  board.scroller.offsetHeight;" // has the layout done
                    + "  return performance.now() - started; }).sort((a, b) => a - b)");
    double median = ((Number) steps.get(35)).doubleValue();
    double ninth = ((Number) steps.get(63)).doubleValue();
    System.err.printf(
        "100,000 steps: opened in %d ms; a step takes %.1f ms, one in ten %.1f ms%n",
        open, median, ninth);
    assertThat((double) open).isLessThan(OPEN_MILLIS_MAX * slowdown());
    assertThat(ninth).isLessThan(STEP_MILLIS_MAX * slowdown());
  }

  /// How many programs share a processor with the browser: with none but it, 1.
  private static double slowdown() {
    var system = ManagementFactory.getOperatingSystemMXBean();
    return Math.max(1, system.getSystemLoadAverage() / system.getAvailableProcessors());
  }

  /// The first steps of a long run, request by request.
  private static void writeLarge(Path file) throws IOException {
    SwarmSettings small =
        Scenario.byName("idle-end").orElseThrow().settings(EventBases.EPOLL, WireProtocol.REDIS);
    SwarmSettings settings =
        new SwarmSettings(
            small.kernel(),
            small.base(),
            small.mbufBytes(),
            small.memory(),
            small.pools(),
            small.faults(),
            small.serverFaults(),
            small.clientFaults(),
            6_600,
            small.keysPerTurn(),
            small.ending());
    var head = SimTrace.head("large", settings, 1);
    TraceFile whole = TraceFile.create(file, TraceFile.Form.HTML, head, TraceFile.Options.NONE);
    try (SimTrace trace = new SimTrace(new FirstRows(whole), settings)) {
      Simulation.run(new SeededChoices(1), settings, trace);
    }
  }

  /// Passes on as many rows as are wanted.
  private static final class FirstRows implements TraceFile {
    private final TraceFile inner;
    private int count;

    private FirstRows(TraceFile inner) {
      this.inner = inner;
    }

    @Override
    public void row(TraceRow row) throws IOException {
      if (count++ < LARGE) {
        inner.row(row);
      }
    }

    @Override
    public void violation(String text) throws IOException {
      inner.violation(text);
    }

    @Override
    public void close() throws IOException {
      inner.close();
    }
  }
}
