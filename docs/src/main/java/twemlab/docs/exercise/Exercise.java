package twemlab.docs.exercise;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// One exercise: a row of the table in `docs/exercises/README.md`, and a folder of the row's name;
/// or a step of the lab in `docs/build`, which has the same shape.
///
/// ```text
/// docs/exercises/key-hash/README.md   goal, what to read, the task, hints
///                         start/      what a student begins with: compiles, and fails
///                         test/       JUnit tests: the specification
///                         solution/   one way to do it
/// ```
///
/// All files of a folder belong to one package; what is not Java is a resource of that package. All
/// steps of the lab are one package, which has `given` and `harness` too; a step begins with what
/// the step before it came to.
///
/// @param folder under `docs/exercises` or `docs/build`
/// @param name of the folder, which the command takes
/// @param title what it is about
/// @param hours that a student with a year of Java may need
/// @param topic one or two words
/// @param chapter of the tour that it belongs to
public record Exercise(
    Path folder, String name, String title, String hours, String topic, int chapter) {
  static final String INDEX = "docs/exercises/README.md";
  static final String LAB = "docs/build/README.md";

  /// Points of a step of the lab.
  static final int POINTS = 10;

  private static final Pattern ROW =
      Pattern.compile(
          "\\| \\[([a-z0-9-]+)]\\(\\1/README\\.md\\) \\| (.+?) \\| ([0-9.]+) \\| (.+?) \\| "
              + "(?:\\[(\\d+)]\\([^)]*\\)|(\\d+)) \\|");

  /// All exercises, in the order of the tables; the steps of the lab behind the others.
  public static List<Exercise> all(Path root) throws IOException {
    List<Exercise> exercises = new ArrayList<>(of(root.resolve(INDEX)));
    exercises.addAll(of(root.resolve(LAB)));
    return exercises;
  }

  /// The steps of the lab.
  static List<Exercise> lab(Path root) throws IOException {
    return of(root.resolve(LAB));
  }

  private static List<Exercise> of(Path index) throws IOException {
    List<Exercise> exercises = new ArrayList<>();
    Matcher row = ROW.matcher(Files.readString(index));
    while (row.find()) {
      exercises.add(
          new Exercise(
              index.resolveSibling(row.group(1)),
              row.group(1),
              row.group(2),
              row.group(3),
              row.group(4),
              Integer.parseInt(row.group(5) != null ? row.group(5) : row.group(6))));
    }
    return exercises;
  }

  /// The package of its classes.
  String packageName() {
    return "twemlab.exercise." + (isStep() ? "build" : name.replace("-", ""));
  }

  /// Whether it is a step of the lab.
  boolean isStep() {
    return folder.getParent().endsWith("build");
  }

  /// Folders with further sources, which belong neither to the student nor to the tests.
  List<Path> given() {
    Path lab = folder.getParent();
    return isStep() ? List.of(lab.resolve("given"), lab.resolve("harness")) : List.of();
  }

  /// The step before it; empty for the first, and for what is no step.
  Optional<Path> before() {
    int number = isStep() ? Integer.parseInt(name.substring(name.length() - 2)) : 1;
    return number == 1
        ? Optional.empty()
        : Optional.of(folder.resolveSibling("build-%02d".formatted(number - 1)));
  }

  /// The line below the title of its page.
  String facts() {
    return "%s h · %s · chapter %d of the tour".formatted(hours, topic, chapter);
  }

  Path page() {
    return folder.resolve("README.md");
  }

  /// The files of its own that a student begins with. A step may have none.
  List<Path> start() throws IOException {
    Path own = folder.resolve("start");
    return Files.isDirectory(own) ? files(own) : List.of();
  }

  /// All files that a student begins with.
  ///
  /// @param earlier what the step before it came to; unused if there is none
  List<Path> start(Path earlier) throws IOException {
    SortedMap<String, Path> byName = new TreeMap<>();
    List<Path> all = new ArrayList<>(before().isPresent() ? files(earlier) : List.of());
    all.addAll(start());
    all.forEach(file -> byName.put(file.getFileName().toString(), file));
    return List.copyOf(byName.values());
  }

  /// The solution of the step before; its own folder for what has none before it.
  Path solutionBefore() {
    return before().orElse(folder).resolve("solution");
  }

  Path tests() {
    return folder.resolve("test");
  }

  Path solution() {
    return folder.resolve("solution");
  }

  /// The names of its test classes.
  List<String> testClasses() throws IOException {
    return files(tests()).stream()
        .map(file -> file.getFileName().toString())
        .filter(file -> file.endsWith("Test.java"))
        .map(file -> packageName() + "." + file.substring(0, file.length() - ".java".length()))
        .toList();
  }

  /// The regular files of a folder, sorted; those whose name begins with a dot are left out.
  static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !file.getFileName().toString().startsWith("."))
          .sorted()
          .toList();
    }
  }
}
