package twemlab.docs.exercise;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import twemlab.proxy.tool.Choice;
import twemlab.proxy.tool.Launch;
import twemlab.sim.run.Progress;
import twemlab.sim.run.soak.Checkout;

/// `twemlab exercise`: exercises for students.
@Command(
    name = "twemlab exercise",
    mixinStandardHelpOptions = true,
    version = "twemlab 0.1.0",
    sortOptions = false,
    description = "Exercises whose specification is a set of tests.")
public final class ExerciseCommand implements Runnable {
  private static final String SEEDS =
      "Of the lab: the seeds of the simulated runs (default: 1..12).";

  private static final String FOLDER = "A folder (default: exercises/NAME in the checkout).";

  private final Path root = Checkout.root();

  @Spec private CommandSpec spec;

  /// Runs the command over the standard streams and ends the process.
  public static void main(String[] arguments) {
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    System.exit(Launch.run(new ExerciseCommand(), out, err, arguments));
  }

  @Override
  public void run() {
    throw wrong("one of list, show, start, check, grade is needed");
  }

  @Command(mixinStandardHelpOptions = true, description = "Lists the exercises.")
  int list() throws IOException {
    out().printf("%-20s %5s  %-16s %s%n", "name", "hours", "topic", "exercise");
    for (Exercise each : Exercise.all(root)) {
      out().printf("%-20s %5s  %-16s %s%n", each.name(), each.hours(), each.topic(), each.title());
    }
    return 0;
  }

  @Command(mixinStandardHelpOptions = true, description = "Shows what an exercise asks for.")
  int show(@Parameters(paramLabel = "NAME", description = "One of the list.") String name)
      throws IOException {
    Exercise exercise = exercise(name);
    out().print(Files.readString(exercise.page()));
    out().println();
    out().println("files: " + names(exercise.start(exercise.solutionBefore())));
    out().println("tests: " + shown(exercise.tests()));
    out().flush();
    return 0;
  }

  @Command(
      mixinStandardHelpOptions = true,
      description = "Copies an exercise's starting point to a folder of yours.")
  int start(
      @Parameters(paramLabel = "NAME", description = "One of the list.") String name,
      @Parameters(paramLabel = "DIR", arity = "0..1", description = FOLDER) Path folder)
      throws IOException {
    Exercise exercise = exercise(name);
    Path target = folder(exercise, folder);
    if (Files.exists(target)) {
      throw wrong(shown(target) + " is there already, and is left alone; name another folder");
    }
    Path earlier = earlier(exercise, folder);
    Files.createDirectories(target);
    for (Path file : exercise.start(earlier)) {
      Files.copy(file, target.resolve(file.getFileName()));
    }
    if (exercise.before().isPresent()) {
      out().println("from:   " + shown(earlier));
    }
    String further = folder == null ? "" : " " + shown(target);
    out().println("edit:   " + shown(target) + ": " + names(Exercise.files(target)));
    out().println("read:   " + shown(exercise.page()));
    out().println("tests:  " + shown(exercise.tests()));
    out().println("check:  ./twemlab exercise check " + name + further);
    return 0;
  }

  /// What a step of the lab goes on with: the student's own work if it is where it is looked for.
  private Path earlier(Exercise exercise, Path given) {
    Path own =
        exercise
            .before()
            .map(before -> root.resolve("exercises").resolve(before.getFileName()))
            .orElse(exercise.folder());
    boolean theirs = given == null && exercise.before().isPresent() && Files.isDirectory(own);
    return theirs ? own : exercise.solutionBefore();
  }

  @Command(
      mixinStandardHelpOptions = true,
      sortOptions = false,
      description = "Compiles your files with the exercise's tests, and runs them.")
  int check(
      @Parameters(paramLabel = "NAME", description = "One of the list.") String name,
      @Parameters(paramLabel = "DIR", arity = "0..1", description = FOLDER) Path folder,
      @Option(
              names = "--seconds",
              paramLabel = "N",
              defaultValue = "20",
              description = "How long one test may take (default: 20).")
          int seconds,
      @Option(names = "--seeds", paramLabel = "A..B", description = SEEDS) String seeds,
      @Option(
              names = "--trace",
              paramLabel = "FOLDER",
              description = "Of a step of the lab: a page for the viewer from each run.")
          Path trace)
      throws IOException, InterruptedException {
    Exercise exercise = exercise(name);
    Path target = folder(exercise, folder);
    if (!Files.isDirectory(target)) {
      throw wrong(shown(target) + " is no folder; ./twemlab exercise start " + name + " makes one");
    }
    if (seconds < 1) {
      throw wrong("--seconds " + seconds + ": accepted is 1 or more");
    }
    List<String> properties = properties(seeds, trace);
    return new ExerciseCheck(exercise, out(), seconds, properties).check(target) ? 0 : 1;
  }

  @Command(
      mixinStandardHelpOptions = true,
      sortOptions = false,
      description = "Checks all steps of the lab that a folder has, and adds their points up.")
  int grade(
      @Parameters(paramLabel = "DIR", description = "A folder with build-01, build-02, ...")
          Path folder,
      @Option(names = "--seeds", paramLabel = "A..B", description = SEEDS) String seeds)
      throws IOException, InterruptedException {
    if (!Files.isDirectory(folder)) {
      throw wrong(shown(folder) + " is no folder");
    }
    List<Exercise> steps = Exercise.lab(root);
    int points = 0;
    for (Exercise step : steps) {
      Path work = folder.resolve(step.name());
      int each = Files.isDirectory(work) ? points(step, work, properties(seeds, null)) : 0;
      out().printf("%-10s %3d  %s%n", step.name(), each, step.title());
      out().flush();
      points += each;
    }
    out().printf("%-10s %3d  of %d%n", "all", points, steps.size() * Exercise.POINTS);
    return 0;
  }

  private static int points(Exercise step, Path work, List<String> properties)
      throws IOException, InterruptedException {
    try (Progress progress = new Progress("grade")) {
      progress.show(0, 1, step.name());
      PrintWriter nobody = new PrintWriter(Writer.nullWriter());
      ExerciseCheck check = new ExerciseCheck(step, nobody, 20, properties);
      check.check(work.toAbsolutePath());
      return check.points();
    }
  }

  private List<String> properties(String seeds, Path trace) {
    List<String> properties = new ArrayList<>();
    if (seeds != null) {
      if (!seeds.matches("\\d{1,9}\\.\\.\\d{1,9}")) {
        throw wrong("--seeds " + seeds + ": accepted is A..B, for example 1..12");
      }
      properties.add("-Dtwemlab.lab.seeds=" + seeds);
    }
    if (trace != null) {
      properties.add("-Dtwemlab.lab.trace=" + trace.toAbsolutePath());
    }
    return properties;
  }

  private Exercise exercise(String name) throws IOException {
    return Choice.of("exercise", name, Exercise.all(root), Exercise::name);
  }

  private Path folder(Exercise exercise, Path given) {
    Path folder = given == null ? root.resolve("exercises").resolve(exercise.name()) : given;
    return folder.toAbsolutePath().normalize();
  }

  /// A path as one would type it.
  private String shown(Path path) {
    Path here = Path.of("").toAbsolutePath();
    return path.startsWith(here) ? here.relativize(path).toString() : path.toString();
  }

  private static String names(List<Path> files) {
    return files.stream()
        .map(file -> file.getFileName().toString())
        .collect(Collectors.joining(", "));
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private CommandLine.ParameterException wrong(String message) {
    return new CommandLine.ParameterException(spec.commandLine(), message);
  }
}
