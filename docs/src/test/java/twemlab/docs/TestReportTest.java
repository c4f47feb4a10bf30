package twemlab.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import twemlab.sim.run.soak.Checkout;

/// What `twemlab test` makes of Maven's output and Surefire's reports.
class TestReportTest {
  private static final Instant BEGUN = Instant.parse("2026-01-01T12:00:00Z");

  @TempDir Path root;

  private record Run(int code, List<String> lines) {}

  @BeforeEach
  void checkout() throws IOException {
    Files.createDirectories(root.resolve("target"));
    Files.createDirectories(root.resolve(".ci"));
    Files.copy(Checkout.root().resolve(".ci/programs"), root.resolve(".ci/programs"));
    Files.setLastModifiedTime(Files.createFile(root.resolve("begun")), FileTime.from(BEGUN));
  }

  /// A report of a class, written some seconds after the run began.
  private void report(String module, String name, int seconds, String... cases) throws IOException {
    Path folder = Files.createDirectories(root.resolve(module + "/target/surefire-reports"));
    String text = "<testsuite>" + String.join("", cases) + "</testsuite>";
    Path file = Files.writeString(folder.resolve("TEST-" + name + ".xml"), text);
    Files.setLastModifiedTime(file, FileTime.from(BEGUN.plusSeconds(seconds)));
  }

  private static String test(String name, String inside) {
    return "<testcase classname='a.B' name='%s'>%s</testcase>".formatted(name, inside);
  }

  private static String skipped(String reason) {
    return "<skipped><![CDATA[org.opentest4j.TestAbortedException: Assumption failed: "
        + reason
        + "\n\tat somewhere]]></skipped>";
  }

  private Run follow(String... log) throws IOException, InterruptedException {
    Path in = Files.write(root.resolve("in"), List.of(log));
    Path out = root.resolve("out");
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            Checkout.root().resolve("build/report/TestReport.java").toString(),
            root.toString(),
            root.resolve("begun").toString(),
            "all",
            "0");
    int code =
        new ProcessBuilder(command)
            .redirectInput(in.toFile())
            .redirectOutput(out.toFile())
            .redirectErrorStream(true)
            .start()
            .waitFor();
    return new Run(code, Files.readAllLines(out));
  }

  private static String[] module(String... lines) {
    List<String> all = new ArrayList<>();
    all.add("[INFO] Building Twemlab event 0.1.0                         [2/8]");
    all.add("[INFO] Running a.B");
    all.addAll(Arrays.asList(lines));
    return all.toArray(String[]::new);
  }

  private static final String ENDED =
      "[INFO] Tests run: 2, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 1 s -- in a.B";

  @Test
  void passed() throws Exception {
    report("event", "a.B", 1, test("one", ""), test("two", ""));
    report("event", "a.Older", -1, test("of an earlier run", "<failure>no</failure>"));
    Run run = follow(module(ENDED, "[INFO] BUILD SUCCESS"));
    assertThat(run.code()).isZero();
    assertThat(run.lines().getFirst()).matches("building and testing, about \\d+:\\d\\d; .*");
    assertThat(run.lines().get(1)).matches("event +2 tests in 0:0\\d; about \\d+:\\d\\d left");
    assertThat(run.lines().getLast()).isEqualTo("2 passed, 0 failed, 0 skipped");
    assertThat(run.lines()).hasSize(4);
    assertThat(Files.readString(root.resolve("target/test.log"))).contains(ENDED);
  }

  @Test
  void failuresAreWholeThoughMavenGoesOn() throws Exception {
    String failure = "<failure message='short'><![CDATA[the\nwhole\n\tat trace]]></failure>";
    report("event", "a.B", 1, test("one", failure), test("two", "<error>e</error>"));
    Run run = follow(module(ENDED, "[INFO] BUILD SUCCESS"));
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.lines())
        .containsSubsequence("FAILED a.B.one", "the", "whole", "\tat trace", "FAILED a.B.two", "e");
    assertThat(run.lines().getLast()).isEqualTo("0 passed, 2 failed, 0 skipped");
  }

  @Test
  void whatWasSkippedIsToldOnceWithTheCommandThatInstallsIt() throws Exception {
    report(
        "event",
        "a.B",
        1,
        test("one", skipped("chromium is not installed")),
        test("two", skipped("chromium is not installed")),
        test("three", skipped("redis-server 7 is not installed (but version 6)")),
        test("four", ""));
    Run run =
        follow(module("instead of an installed memcached: a model", ENDED, "[INFO] BUILD SUCCESS"));
    assertThat(run.code()).isZero();
    assertThat(run.lines())
        .containsSubsequence(
            "skipped: 3 tests",
            "    2  chromium is not installed",
            "    1  redis-server 7 is not installed (but version 6)",
            "memcached is not installed; tests ran with a model",
            "to install what is missing (Debian, Ubuntu): sudo apt-get install chromium"
                + " chromium-driver memcached redis-server");
    assertThat(run.lines().getLast()).isEqualTo("1 passed, 0 failed, 3 skipped");
  }

  @Test
  void aBuildThatFailsSaysWhy() throws Exception {
    Run run =
        follow(
            "[INFO] Building Twemlab event 0.1.0                         [2/8]",
            "[WARNING] EventLoop.java:[1,1] [Oops] is wrong",
            "[INFO] BUILD FAILURE",
            "[ERROR] Failed to execute goal",
            "[ERROR] -> [Help 1]");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.lines())
        .containsSubsequence(
            "[WARNING] EventLoop.java:[1,1] [Oops] is wrong",
            "[ERROR] Failed to execute goal",
            "the build failed")
        .doesNotContain("[ERROR] -> [Help 1]");
    assertThat(run.lines().getLast()).isEqualTo("0 passed, 0 failed, 0 skipped");
  }

  @Test
  void aClassThatDoesNotEndFailsTheRun() throws Exception {
    report("event", "a.B", 1, test("one", ""));
    Run run = follow(module("[INFO] BUILD SUCCESS"));
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.lines()).contains("a.B began and did not end");
  }
}
