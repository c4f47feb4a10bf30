package twemlab.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import twemlab.docs.page.Page;
import twemlab.docs.page.Problem;
import twemlab.sim.run.soak.Checkout;

/// The launcher's help and its refusals, and what pages mention of its commands.
class LauncherTest {
  /// A checkout in which nothing was ever built.
  @TempDir Path fresh;

  private record Run(int code, String out, String err) {}

  private Run run(String... arguments) throws IOException, InterruptedException {
    return run(Map.of(), arguments);
  }

  private Run run(Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    Path root = Checkout.root();
    if (!Files.exists(fresh.resolve("twemlab"))) {
      Files.copy(root.resolve("twemlab"), fresh.resolve("twemlab"));
      for (String each :
          List.of(
              "pom.xml",
              "build",
              "event",
              "protocol",
              "hashing",
              "proxy",
              "sim",
              "benchmarks",
              "docs")) {
        Files.createSymbolicLink(fresh.resolve(each), root.resolve(each));
      }
    }
    List<String> command = new ArrayList<>(List.of("bash", fresh.resolve("twemlab").toString()));
    command.addAll(List.of(arguments));
    Path out = fresh.resolve("out");
    Path err = fresh.resolve("err");
    ProcessBuilder launcher =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    launcher.environment().remove("TWEMLAB_CLASSPATH");
    launcher.environment().putAll(environment);
    int code = launcher.start().waitFor();
    return new Run(code, Files.readString(out), Files.readString(err));
  }

  @AfterEach
  void deleteLinks() throws IOException {
    try (Stream<Path> files = Files.list(fresh)) {
      for (Path file : files.filter(Files::isSymbolicLink).toList()) {
        Files.delete(file);
      }
    }
  }

  /// Builds and the cache of the proxy's classes leave traces in `target`.
  private void nothingWasBuilt() {
    assertThat(fresh.resolve("target")).doesNotExist();
  }

  @Test
  void aCollectorOfTheUserReplacesTheLaunchers() throws IOException, InterruptedException {
    for (String collector : List.of("", "-XX:+UseG1GC", "-Xmx200m -XX:+UseParallelGC")) {
      Map<String, String> environment =
          Map.of(
              "TWEMLAB_CLASSPATH",
              System.getProperty("java.class.path"),
              "TWEMLAB_JAVA_OPTIONS",
              collector);
      Run run = run(environment, "mutants", "--list");
      assertThat(run.code()).as(collector + run.err()).isZero();
      assertThat(run.out()).contains("canary");
    }
  }

  @Test
  void helpOfEveryCommandIsItsFile() throws Exception {
    Path files = Checkout.root().resolve("docs/help");
    for (String command : new Launcher(Checkout.root()).commands()) {
      String text = Files.readString(files.resolve(command + ".txt"));
      Run help = run(command, "--help");
      boolean stderr = command.equals("proxy");
      assertThat(help).isEqualTo(new Run(0, stderr ? "" : text, stderr ? text : ""));
      assertThat(run(command, "-h")).isEqualTo(help);
    }
    nothingWasBuilt();
  }

  @Test
  void helpOfACommandOfACommand() throws Exception {
    Path files = Checkout.root().resolve("docs/help");
    assertThat(run("exercise", "start", "--help").out())
        .isEqualTo(Files.readString(files.resolve("exercise-start.txt")))
        .startsWith("Usage: twemlab exercise start");
    assertThat(run("bench", "event", "--quick", "--help").out())
        .isEqualTo(Files.readString(files.resolve("bench.txt")));
    nothingWasBuilt();
  }

  @Test
  void testRefusesWhatItDoesNotKnowInOneLine() throws Exception {
    assertThat(run("test", "--frobnicate"))
        .isEqualTo(
            new Run(
                2,
                "",
                "twemlab: test: unknown option '--frobnicate'; twemlab test --help lists the"
                    + " options\n"));
    Run noClass = run("test", "NoSuchTest");
    assertThat(noClass.code()).isEqualTo(2);
    assertThat(noClass.err())
        .startsWith("twemlab: test: 'NoSuchTest' is no module and no test class; modules: event ")
        .hasLineCount(1);
    nothingWasBuilt();
  }

  private static List<String> problems(String text) throws IOException {
    Page page = Page.of(Path.of("p.md"), "p.md", text);
    return new Launcher(Checkout.root())
        .problems(page).stream().map(Problem::text).map(s -> s.replaceAll(" none.*", "")).toList();
  }

  @Test
  void knownCommandsInCheckedBlocks() throws IOException {
    assertThat(
            problems(
                """
                `twemlab sim` ./twemlab --help

                ```console
                $ ./twemlab hash
                ```

                ```text
                ./twemlab bench SUITE
                ```
                """))
        .isEmpty();
  }

  @Test
  void unknownCommands() throws IOException {
    assertThat(problems("`twemlab simm`\n\n```console\n$ ./twemlab demoo\n```\n"))
        .containsExactlyInAnyOrder("'simm' is", "'demoo' is");
  }

  @Test
  void uncheckedBlocks() throws IOException {
    assertThat(
            problems(
                "    ./twemlab demo\n\n```\n./twemlab demo\n```\n\n```sh\n./twemlab demo\n```\n"))
        .hasSize(3)
        .allMatch(text -> text.startsWith("a call in a block"));
  }
}
