package twemlab.docs;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import twemlab.docs.page.Problem;

/// One run of a quoted command by the shell, in the checkout's root. The launcher is told to take
/// the classes of this process instead of building.
///
/// @param exit -1 when it took too long and was ended
/// @param output stdout and stderr as they came, without trailing blank lines
record CommandRun(int exit, List<String> output) {
  static final Duration QUICK = Duration.ofSeconds(60);
  static final Duration SLOW = Duration.ofMinutes(30);

  static CommandRun of(ConsoleCommand command, Path root) throws IOException, InterruptedException {
    Path output = Files.createTempFile("twemlab-docs", ".out");
    try {
      ProcessBuilder shell =
          new ProcessBuilder("bash", "-c", command.command())
              .directory(root.toFile())
              .redirectInput(new File("/dev/null"))
              .redirectErrorStream(true)
              .redirectOutput(output.toFile());
      onTheseClasses(shell);
      return new CommandRun(
          exit(shell.start(), command.slow() ? SLOW : QUICK), withoutBlankEnd(output));
    } finally {
      Files.delete(output);
    }
  }

  /// Has the launcher take the classes of this process, whose output is to be the same everywhere.
  static void onTheseClasses(ProcessBuilder command) {
    Map<String, String> environment = command.environment();
    environment.put("TWEMLAB_CLASSPATH", System.getProperty("java.class.path"));
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put("LC_ALL", "C.UTF-8");
    environment.put("TZ", "UTC");
    environment.put("NO_COLOR", "1");
  }

  private static int exit(Process process, Duration limit) throws InterruptedException {
    try {
      return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS) ? process.exitValue() : -1;
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static List<String> withoutBlankEnd(Path output) throws IOException {
    String text = new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
    return text.stripTrailing().lines().toList();
  }

  /// What the page promises and this run did not keep, if anything.
  Optional<Problem> against(ConsoleCommand command) {
    String ran = "$ " + command.command() + "\n";
    if (exit != command.exit()) {
      String how = exit < 0 ? "was ended: it took too long" : "exit code " + exit;
      return Optional.of(
          new Problem(
              command.page().name(),
              command.line(),
              ran + how + " instead of " + command.exit() + tail()));
    }
    if (command.output().isEmpty()) {
      return Optional.empty();
    }
    return new OutputPattern(command.output())
        .difference(output)
        .map(
            wrong ->
                new Problem(
                    command.page().name(),
                    command.outputLine() + wrong.line(),
                    ran
                        + "  expected: "
                        + wrong.expected()
                        + "\n  got:      "
                        + wrong.got()
                        + tail()));
  }

  private String tail() {
    List<String> last = output.subList(Math.max(0, output.size() - 40), output.size());
    return "\n  the output ends:\n    " + String.join("\n    ", last);
  }
}
