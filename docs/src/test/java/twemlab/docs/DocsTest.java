package twemlab.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import twemlab.docs.page.Page;
import twemlab.docs.page.Pages;
import twemlab.sim.run.soak.Checkout;

/// The pages of this checkout keep what they promise.
class DocsTest {
  private static final Path ROOT = Checkout.root();
  private static List<Page> pages;
  private static CommandChecks checks;

  @BeforeAll
  static void readPages() throws IOException {
    pages = Pages.all(ROOT);
    checks = new CommandChecks(ROOT);
  }

  @AfterAll
  static void stopCommands() {
    checks.close();
  }

  @Test
  void thereArePages() {
    assertThat(pages)
        .extracting(Page::name)
        .contains("README.md", "docs/architecture.md", "docs/events/README.md");
  }

  @Test
  void quotedCodeIsTheSourceAndEachTagIsQuoted() throws IOException {
    assertThat(new CodeQuotes(ROOT, pages).problems()).isEmpty();
  }

  @Test
  void linksLeadSomewhereAndEachPageIsReached() {
    assertThat(PageChecks.links(ROOT, pages)).isEmpty();
  }

  @Test
  void callsOfTheLauncherNameItsCommandsAndAreChecked() throws IOException {
    Launcher launcher = new Launcher(ROOT);
    assertThat(launcher.commands()).contains("demo", "sim", "test", "docs");
    assertThat(pages.stream().flatMap(page -> launcher.problems(page).stream())).isEmpty();
  }

  @Test
  void figuresOfMeasurementsAreQuotedByACommand() {
    assertThat(PageChecks.figures(pages)).isEmpty();
  }

  @Test
  void theHelpFilesAreWhatTheCommandsPrint() throws Exception {
    assertThat(new HelpTexts(ROOT).problems()).isEmpty();
  }

  /// Slow ones are for `./twemlab docs --check-all`.
  @TestFactory
  Stream<DynamicTest> quickCommands() {
    List<ConsoleCommand> quick = CommandChecks.commands(pages, command -> !command.slow());
    Map<ConsoleCommand, Future<CommandRun>> runs = checks.start(quick);
    return quick.stream()
        .map(
            command ->
                DynamicTest.dynamicTest(
                    command.toString(),
                    () -> assertThat(CommandChecks.problem(command, runs.get(command))).isEmpty()));
  }
}
