package twemlab.docs.exercise;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// One exercise: a row of the table in `docs/exercises/README.md`, and a folder of the row's name.
///
/// ```text
/// docs/exercises/key-hash/README.md   goal, what to read, the task, hints
///                         start/      what a student begins with: compiles, and fails
///                         test/       JUnit tests: the specification
///                         solution/   one way to do it
/// ```
///
/// All files of a folder belong to one package; what is not Java is a resource of that package.
///
/// @param folder under `docs/exercises`
/// @param name of the folder, which the command takes
/// @param title what it is about
/// @param hours that a student with a year of Java may need
/// @param topic one or two words
/// @param chapter of the tour that it belongs to
public record Exercise(
    Path folder, String name, String title, String hours, String topic, int chapter) {
  static final String INDEX = "docs/exercises/README.md";

  private static final Pattern ROW =
      Pattern.compile(
          "\\| \\[([a-z0-9-]+)]\\(\\1/README\\.md\\) \\| (.+?) \\| ([0-9.]+) \\| (.+?) \\| "
              + "(?:\\[(\\d+)]\\([^)]*\\)|(\\d+)) \\|");

  /// All exercises, in the order of the table.
  public static List<Exercise> all(Path root) throws IOException {
    Path index = root.resolve(INDEX);
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
    return "twemlab.exercise." + name.replace("-", "");
  }

  /// The line below the title of its page.
  String facts() {
    return "%s h · %s · chapter %d of the tour".formatted(hours, topic, chapter);
  }

  Path page() {
    return folder.resolve("README.md");
  }

  Path start() {
    return folder.resolve("start");
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
