package twemlab.docs.exercise;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import twemlab.proxy.tool.Launch;
import twemlab.sim.run.soak.Checkout;

/// The command as a student meets it.
final class ExerciseCommandTest {
  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return Launch.run(new ExerciseCommand(), new PrintWriter(out), new PrintWriter(err), arguments);
  }

  private Path started() {
    Path work = folder.resolve("work");
    assertThat(run("start", "key-hash", work.toString())).isZero();
    return work.resolve("KeyHashes.java");
  }

  private int check() {
    return run("check", "key-hash", folder.resolve("work").toString(), "--seconds", "20");
  }

  private void replaceIn(Path file, String old, String text) throws IOException {
    String before = Files.readString(file);
    assertThat(before).contains(old);
    Files.writeString(file, before.replace(old, text));
  }

  @Test
  void wrongUsageIsOneLine() {
    assertThat(run()).isEqualTo(2);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(run("check", "no-such")).isEqualTo(2);
    assertThat(err.toString()).contains("exercise 'no-such': accepted: ").contains("key-hash");
    assertThat(run("check", "key-hash", folder.resolve("nowhere").toString())).isEqualTo(2);
    assertThat(err.toString()).contains("./twemlab exercise start key-hash");
  }

  @Test
  void listAndShow() {
    assertThat(run("list")).isZero();
    assertThat(out.toString()).contains("poll-base");
    assertThat(run("show", "key-hash")).isZero();
    assertThat(out.toString()).contains("KeyHashes.java");
  }

  @Test
  void startNeverOverwrites() throws IOException {
    Path file = started();
    Files.writeString(file, "mine");
    assertThat(run("start", "key-hash", file.getParent().toString())).isEqualTo(2);
    assertThat(err.toString()).contains("is there already");
    assertThat(file).hasContent("mine");
  }

  @Test
  void aFailureIsShownWithItsPlace() {
    started();
    assertThat(check()).isEqualTo(1);
    assertThat(out.toString())
        .contains("FAILED  vectors of the rfc")
        .contains("of 'a'")
        .containsPattern("at KeyHashesTest\\.java:\\d+")
        .contains("of 5 tests passed");
  }

  @Test
  void aCompileErrorIsShownWithFileAndLine() throws IOException {
    replaceIn(started(), "return 0; // yours to write", "return none;");
    assertThat(check()).isEqualTo(1);
    assertThat(out.toString())
        .containsPattern("KeyHashes\\.java:\\d+: cannot find symbol")
        .contains("it does not compile");
  }

  @Test
  void anEndlessLoopIsEnded() throws IOException {
    replaceIn(started(), "return 0; // yours to write", "while (true) {}");
    assertThat(run("check", "key-hash", folder.resolve("work").toString(), "--seconds", "2"))
        .isEqualTo(1);
    assertThat(out.toString()).containsPattern("it did not end within [26] s");
  }

  @Test
  void aStudentMayEndTheJvm() throws IOException {
    replaceIn(started(), "return 0; // yours to write", "System.exit(0);\n    return 0;");
    assertThat(check()).isEqualTo(1);
    assertThat(out.toString()).contains("the JVM ended");
  }

  /// A failed step of the lab names its seed, and that seed alone gives a page for the viewer.
  @Test
  void aStepOfTheLabShowsItsFailedRun() throws IOException {
    Path work = folder.resolve("build-02");
    Path traces = folder.resolve("traces");
    assertThat(run("start", "build-02", work.toString())).isZero();
    assertThat(out.toString()).contains("build/build-01/solution");
    String[] check = {"check", "build-02", work.toString(), "--seeds", "3..3"};
    assertThat(run(check)).isEqualTo(1);
    assertThat(out.toString())
        .contains("seed 3: the echo did not happen", "--seeds 3..3 --trace", " of 10 points");
    assertThat(run("check", "build-02", work.toString(), "--seeds", "3..3", "--trace", traces + ""))
        .isEqualTo(1);
    assertThat(traces.resolve("many-at-once-3.html")).isNotEmptyFile();
  }

  @Test
  void aFolderOfStepsIsGraded() throws IOException {
    Path work = Files.createDirectories(folder.resolve("build-06"));
    for (Path file : Exercise.files(Checkout.root().resolve("docs/build/build-06/solution"))) {
      Files.copy(file, work.resolve(file.getFileName()));
    }
    assertThat(run("grade", folder.toString(), "--seeds", "21..22")).isZero();
    assertThat(out.toString())
        .contains("build-05     0  ", "build-06    10  ", "all         10  of 100");
    assertThat(run("grade", folder.toString(), "--seeds", "x")).isEqualTo(2);
  }

  /// The fourth seed is caught after a short write: that is the true answer, and an error is not.
  @Test
  void answersAreJudgedByTheTrace() throws IOException {
    Path work = folder.resolve("work");
    assertThat(run("start", "find-the-seed", work.toString())).isZero();
    String answers =
        """
        seed = 4
        check = liveness
        the call before answered = short write
        first missing call = epoll_ctl 9
        caught on epoll = no
        """;
    Files.writeString(work.resolve("answers.txt"), answers);
    assertThat(run("check", "find-the-seed", work.toString())).as(out.toString()).isZero();
    for (String wrong : new String[] {"EAGAIN", "UNKNOWN", ""}) {
      Files.writeString(work.resolve("answers.txt"), answers.replace("short write", wrong));
      assertThat(run("check", "find-the-seed", work.toString())).isEqualTo(1);
      assertThat(out.toString())
          .contains("'" + wrong + "' is right: ")
          .contains("has written 365 bytes, fewer than it was given")
          .contains("5 of 6 tests passed");
    }
  }
}
