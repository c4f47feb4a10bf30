package twemlab.docs.exercise;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Checks a student's folder: compiles it with the exercise's tests, runs them in a JVM of their
/// own, and prints what each of them said. A test that does not end is ended, with the JVM.
final class ExerciseCheck {
  private static final String INDENT = "          ";
  private static final String END_OF_OUTPUT = "end of output";

  private final Exercise exercise;
  private final PrintWriter out;
  private final int patienceSeconds;
  private final List<String> properties;
  private int passed;
  private final List<String> failed = new ArrayList<>();

  /// The test that has begun and not ended.
  private String running = "";

  /// Whether there are tests that were not run.
  private boolean stopped;

  /// @param patienceSeconds how long one test may take
  /// @param properties of the JVM that the tests run in, as `-Dname=value`
  ExerciseCheck(Exercise exercise, PrintWriter out, int patienceSeconds, List<String> properties) {
    this.exercise = exercise;
    this.out = out;
    this.patienceSeconds = patienceSeconds;
    this.properties = properties;
  }

  /// What a checked step of the lab is worth.
  int points() {
    int all = passed + failed.size();
    return all == 0 || stopped ? 0 : Exercise.POINTS * passed / all;
  }

  /// Checks a folder.
  ///
  /// @return whether all tests passed
  boolean check(Path folder) throws IOException, InterruptedException {
    Path classes = Files.createTempDirectory("twemlab-exercise");
    try {
      ExerciseBuild build = new ExerciseBuild(classes);
      build.add(exercise, folder);
      build.addTests(exercise);
      List<String> errors = build.compile();
      if (!errors.isEmpty()) {
        errors.forEach(out::println);
        out.println(exercise.name() + ": it does not compile; no test was run");
        return false;
      }
      run(classes);
      return verdict();
    } finally {
      delete(classes);
    }
  }

  private void run(Path classes) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx512m",
                "-Dstdout.encoding=UTF-8",
                "-cp",
                classes + File.pathSeparator + System.getProperty("java.class.path"),
                TestRun.class.getName()));
    command.addAll(1, properties);
    command.addAll(exercise.testClasses());
    Process child =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try {
      follow(child);
    } finally {
      child.destroyForcibly().waitFor();
    }
  }

  private void follow(Process child) throws InterruptedException {
    BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    Thread.ofPlatform().daemon().start(() -> read(child, lines));
    while (true) {
      // What comes before the first test is the JVM's start, and what tests share.
      int seconds = running.isEmpty() ? 3 * patienceSeconds : patienceSeconds;
      String line = lines.poll(seconds, TimeUnit.SECONDS);
      if (line == null) {
        fail(running, "it did not end within %d s; no further test was run".formatted(seconds));
        return;
      }
      if (line.equals(END_OF_OUTPUT)) {
        if (!running.isEmpty() || passed + failed.size() == 0) {
          stopped = true;
          fail(running, "the JVM ended; its last words are above");
        }
        return;
      }
      take(line.split("\t", -1));
    }
  }

  private static void read(Process child, BlockingQueue<String> lines) {
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
      reader.lines().forEach(lines::add);
    } catch (IOException | UncheckedIOException e) {
      // The process was ended.
    }
    lines.add(END_OF_OUTPUT);
  }

  private void take(String[] fields) {
    if (fields[0].equals("start")) {
      running = fields[1];
      return;
    }
    running = "";
    String problem = new String(HexFormat.of().parseHex(fields[2]), StandardCharsets.UTF_8);
    if (problem.isEmpty()) {
      passed++;
      out.println("  passed  " + fields[1]);
    } else {
      fail(fields[1], problem);
    }
  }

  private void fail(String test, String problem) {
    failed.add(test);
    out.println("  FAILED  " + (test.isEmpty() ? "before the first test" : test));
    problem.lines().filter(line -> !line.isBlank()).forEach(line -> out.println(INDENT + line));
  }

  private boolean verdict() {
    boolean all = failed.isEmpty() && passed > 0;
    String end = stopped ? " before it was stopped" : all ? ": done" : "";
    out.printf(
        "%s: %d of %d tests passed%s%s%n",
        exercise.name(),
        passed,
        passed + failed.size(),
        end,
        exercise.isStep() ? ", %d of %d points".formatted(points(), Exercise.POINTS) : "");
    out.flush();
    return all;
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
