package twemlab.docs.exercise;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
import twemlab.sim.run.soak.Checkout;

/// `twemlab exercise`: exercises for students.
@Command(
    name = "twemlab exercise",
    mixinStandardHelpOptions = true,
    version = "twemlab 0.1.0",
    sortOptions = false,
    description = "Exercises whose specification is a set of tests.")
public final class ExerciseCommand implements Runnable {
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
    throw wrong("one of list, show, start, check is needed");
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
    out().println("files: " + names(Exercise.files(exercise.start())));
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
    Files.createDirectories(target);
    for (Path file : Exercise.files(exercise.start())) {
      Files.copy(file, target.resolve(file.getFileName()));
    }
    String further = folder == null ? "" : " " + shown(target);
    out().println("edit:   " + shown(target) + ": " + names(Exercise.files(target)));
    out().println("read:   " + shown(exercise.page()));
    out().println("tests:  " + shown(exercise.tests()));
    out().println("check:  ./twemlab exercise check " + name + further);
    return 0;
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
          int seconds)
      throws IOException, InterruptedException {
    Exercise exercise = exercise(name);
    Path target = folder(exercise, folder);
    if (!Files.isDirectory(target)) {
      throw wrong(shown(target) + " is no folder; ./twemlab exercise start " + name + " makes one");
    }
    if (seconds < 1) {
      throw wrong("--seconds " + seconds + ": accepted is 1 or more");
    }
    return new ExerciseCheck(exercise, out(), seconds).check(target) ? 0 : 1;
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
