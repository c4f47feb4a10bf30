package twemlab.fuzz;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import twemlab.proxy.tool.Launch;

/// One run of Jazzer over a target, in a JVM of its own: it instruments classes as they are loaded,
/// and ends the process at a finding.
///
/// ```text
/// benchmarks/corpus/TARGET        seeds, committed, never written
/// target/fuzz/TARGET/seeds        the same as inputs
/// target/fuzz/TARGET/dictionary   words of the protocols
/// target/fuzz/TARGET/corpus       inputs that reached new code; the next run starts from them too
/// target/fuzz/TARGET/crash-...    inputs that broke the property
/// target/fuzz/TARGET/log          what Jazzer said
/// ```
final class JazzerRun {
  /// An input that takes longer is a finding.
  private static final int SECONDS_PER_INPUT = 10;

  private static final int MAX_LENGTH = 4096;
  private static final Pattern EXECUTIONS =
      Pattern.compile("stat::number_of_executed_units: *([0-9]+)");
  private static final Pattern SPEED = Pattern.compile("stat::average_exec_per_sec: *([0-9]+)");
  private static final Pattern FINDING = Pattern.compile("== Java Exception: (.*)");
  private static final Pattern LIBFUZZER = Pattern.compile("==[0-9]+== ERROR: libFuzzer: (.*)");
  private static final Pattern WRITTEN = Pattern.compile("Test unit written to (.*)");
  private static final Pattern PULSE = Pattern.compile("^#([0-9]+).* exec/s: ([0-9]+)");

  private final FuzzTarget target;
  private final Path committed;
  private final Path folder;
  private final Path seeds;
  private final Path dictionary;
  private final Path corpus;
  private long executions = -1;
  private long speed;
  private String what;
  private Path finding;

  /// What came out.
  ///
  /// @param complete whether Jazzer ran to the end of its time
  /// @param speed executions per second
  /// @param kept inputs in the corpus that grew under `target`
  /// @param what the finding in a line, or null
  /// @param finding the file of the input, or null
  record Report(
      boolean complete, long executions, long speed, long kept, String what, Path finding) {}

  /// @param root the checkout
  JazzerRun(FuzzTarget target, Path root) {
    this.target = target;
    committed = root.resolve("benchmarks/corpus").resolve(target.toString());
    folder = root.resolve("target/fuzz").resolve(target.toString());
    seeds = folder.resolve("seeds");
    dictionary = folder.resolve("dictionary");
    corpus = folder.resolve("corpus");
  }

  Path log() {
    return folder.resolve("log");
  }

  /// Fuzzes for so many seconds, or to the first finding.
  Report fuzz(int seconds) throws IOException, InterruptedException {
    Files.createDirectories(corpus);
    writeSeeds();
    Files.writeString(dictionary, FuzzWords.dictionary(), StandardCharsets.ISO_8859_1);
    ProcessBuilder builder = new ProcessBuilder(command(seconds)).redirectErrorStream(true);
    Process process = builder.directory(folder.toFile()).start();
    Thread onEnd = new Thread(process::destroy);
    Runtime.getRuntime().addShutdownHook(onEnd);
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
        PrintWriter log = new PrintWriter(log().toFile(), StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        log.println(line);
        read(line);
      }
    }
    int exit = process.waitFor();
    Runtime.getRuntime().removeShutdownHook(onEnd);
    progress("\r\u001b[K");
    boolean complete = exit == 0 && executions >= 0;
    return new Report(complete, executions, speed, kept(), what, finding);
  }

  private void writeSeeds() throws IOException {
    Files.createDirectories(seeds);
    try (Stream<Path> files = Files.list(committed)) {
      for (Path file : files.toList()) {
        Files.write(seeds.resolve(file.getFileName()), target.input(file));
      }
    }
  }

  private List<String> command(int seconds) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx1g",
        "-XX:+UseSerialGC",
        "-XX:+EnableDynamicAgentLoading",
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        "-cp",
        System.getProperty("java.class.path"),
        "com.code_intelligence.jazzer.Jazzer",
        "--target_class=" + FuzzEntry.class.getName(),
        "--target_args=" + target,
        "--instrumentation_includes=" + target.guidedBy(),
        "--custom_hook_includes=twemlab.**",
        "--reproducer_path=" + folder,
        "-artifact_prefix=" + folder + "/",
        "-max_total_time=" + seconds,
        "-max_len=" + MAX_LENGTH,
        "-timeout=" + SECONDS_PER_INPUT,
        "-rss_limit_mb=0",
        "-dict=" + dictionary,
        "-print_final_stats=1",
        corpus.toString(),
        seeds.toString());
  }

  private void read(String line) {
    Matcher pulse = PULSE.matcher(line);
    if (pulse.find()) {
      progress("\r%s: %s executions, %s/s ".formatted(target, pulse.group(1), pulse.group(2)));
    }
    for (Pattern pattern : List.of(FINDING, LIBFUZZER)) {
      Matcher problem = pattern.matcher(line);
      if (problem.find() && what == null) {
        what = problem.group(1);
      }
    }
    Matcher written = WRITTEN.matcher(line);
    if (written.find()) {
      finding = Path.of(written.group(1).strip());
    }
    executions = number(EXECUTIONS, line, executions);
    speed = number(SPEED, line, speed);
  }

  private static long number(Pattern pattern, String line, long otherwise) {
    Matcher found = pattern.matcher(line);
    return found.find() ? Long.parseLong(found.group(1)) : otherwise;
  }

  private static void progress(String text) {
    if (Launch.onTerminal()) {
      System.err.print(text);
      System.err.flush();
    }
  }

  private long kept() throws IOException {
    try (Stream<Path> files = Files.list(corpus)) {
      return files.count();
    }
  }
}
