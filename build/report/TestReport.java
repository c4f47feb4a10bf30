import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Makes of Maven's output, on stdin, what who runs the tests wants to know: what runs, how far,
/// how long is left; failures whole; what was skipped, and why. The output itself goes into a log.
///
/// Numbers and failures come from Surefire's reports. Exit code 0 if the build succeeded and no
/// test failed, otherwise 1. A program of its own, because it runs before anything is built.
public final class TestReport {
  private static final Pattern BUILDING =
      Pattern.compile("\\[INFO\\] Building Twemlab ?(\\w*) [\\d.]+ .*\\[\\d+/\\d+\\]");
  private static final Pattern RUNNING = Pattern.compile("\\[INFO\\] Running ([\\w.$]+)");
  private static final Pattern ENDED =
      Pattern.compile("\\[\\w+\\] Tests run: .*Time elapsed: .* -- in ([\\w.$]+)");
  private static final Pattern FORK_DIED =
      Pattern.compile(
          "\\[ERROR\\] .*(SurefireBooterForkException|forked VM terminated|There was a timeout"
              + "|Crashed tests).*");
  private static final Pattern SUBSTITUTE =
      Pattern.compile("instead of an installed ([\\w-]+): (.*)");

  private static final Pattern COLOUR = Pattern.compile("\u001B\\[[\\d;]*m");

  /// What Maven says besides the reasons of a failure.
  private static final Pattern NOISE =
      Pattern.compile(
          "(\\[INFO\\]|\\[WARNING\\] *\\*|\\[WARNING\\] Unable to autodetect|WARNING: ).*"
              + "|(Reading API|Scann|Loading classes|    at [\\w.$]+ \\().*|\\[ERROR\\] *(-> \\[Help|To see the full"
              + "|Re-run Maven|For more information|\\[Help \\d+\\]|After correcting|  mvn <).*"
              + "|(\\[\\w+\\])? *");

  private final Path root;
  private final FileTime begun;
  private final Progress progress;
  private final Advice advice;
  private final TreeSet<String> unfinished = new TreeSet<>();
  private final List<String> broken = new ArrayList<>();
  private final List<String> buildLines = new ArrayList<>();
  private final Map<String, String> substitutes = new TreeMap<>();
  private SurefireReports total = SurefireReports.NONE;
  private String module;
  private boolean success;

  private TestReport(Path root, FileTime begun, Progress progress) throws IOException {
    this.root = root;
    this.begun = begun;
    this.progress = progress;
    this.advice = new Advice(root.resolve(".ci/programs"));
  }

  /// Arguments: the checkout; the file whose time is when the build began; `all`, or `some` if not
  /// all tests run; the width of the terminal, 0 if there is none.
  public static void main(String[] arguments) throws IOException {
    Path root = Path.of(arguments[0]);
    FileTime begun = Files.getLastModifiedTime(Path.of(arguments[1]));
    Path seconds = root.resolve("target/.twemlab-test-seconds");
    boolean all = arguments[2].equals("all");
    Progress progress = new Progress(all ? seconds : null, Integer.parseInt(arguments[3]));
    System.exit(new TestReport(root, begun, progress).follow(root.resolve("target/test.log")));
  }

  private int follow(Path log) throws IOException {
    progress.begin(root.relativize(log).toString());
    try (PrintWriter copy = new PrintWriter(log.toFile(), StandardCharsets.UTF_8);
        BufferedReader in =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String plain = COLOUR.matcher(line).replaceAll("");
        copy.println(plain);
        take(plain);
      }
    }
    endModule();
    return end();
  }

  private void take(String line) throws IOException {
    Matcher building = BUILDING.matcher(line);
    Matcher running = RUNNING.matcher(line);
    Matcher ended = ENDED.matcher(line);
    Matcher substitute = SUBSTITUTE.matcher(line);
    if (building.matches()) {
      endModule();
      module = building.group(1);
      buildLines.clear();
      progress.module(module);
    } else if (running.matches()) {
      unfinished.add(running.group(1));
      progress.running(running.group(1));
    } else if (ended.matches()) {
      unfinished.remove(ended.group(1));
    } else if (substitute.matches()) {
      substitutes.put(substitute.group(1), substitute.group(2));
    } else if (FORK_DIED.matcher(line).matches()) {
      broken.add(line);
    } else if (line.equals("[INFO] BUILD SUCCESS")) {
      success = true;
    }
    if (unfinished.isEmpty() && !NOISE.matcher(line).matches()) {
      buildLines.add(line);
    }
  }

  /// Adds what the module's reports say, and shows its failures.
  private void endModule() throws IOException {
    if (module == null) {
      return;
    }
    SurefireReports of =
        module.isEmpty() ? SurefireReports.NONE : SurefireReports.of(root.resolve(module), begun);
    total = total.plus(of);
    unfinished.forEach(name -> broken.add(name + " began and did not end"));
    unfinished.clear();
    if (of.tests() > 0) {
      progress.done(module, of);
    }
    of.failures().forEach(failure -> progress.print("FAILED " + failure));
    module = null;
  }

  private int end() throws IOException {
    boolean passed = success && total.failed() == 0 && broken.isEmpty();
    if (!success) {
      buildLines.forEach(progress::print);
      progress.print("the build failed");
    }
    broken.forEach(progress::print);
    for (String line : advice.lines(total.skips(), substitutes)) {
      progress.print(line);
    }
    progress.end(passed);
    progress.print(
        "%d passed, %d failed, %d skipped"
            .formatted(total.passed(), total.failed(), total.skipped()));
    return passed ? 0 : 1;
  }
}
