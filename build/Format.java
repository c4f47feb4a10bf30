import com.google.googlejavaformat.java.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Checks or repairs the layout of every Java file of the project with google-java-format: those of
/// the modules, and those of the exercises.
///
/// A program of its own, because Maven's JVM may be older than the language level of the sources,
/// and the formatter parses with the compiler of the JVM that runs it.
public final class Format {
  private static final String REPAIR = "mvn -N -Pformat validate";

  private Format() {}

  /// Arguments: `check` or `fix`, and the folder of the checkout.
  public static void main(String[] arguments) throws Exception {
    boolean fix = arguments[0].equals("fix");
    List<String> formatter = new ArrayList<>();
    if (fix) {
      formatter.add("--replace");
    } else {
      formatter.addAll(List.of("--dry-run", "--set-exit-if-changed"));
    }
    formatter.addAll(sources(Path.of(arguments[1])));
    PrintWriter out = new PrintWriter(System.out, true);
    PrintWriter err = new PrintWriter(System.err, true);
    int status = new Main(out, err, System.in).format(formatter.toArray(String[]::new));
    out.flush();
    err.flush();
    if (status != 0 && !fix) {
      System.err.println("The files above are not formatted; this repairs them: " + REPAIR);
    }
    System.exit(status);
  }

  private static List<String> sources(Path root) throws IOException {
    List<Path> trees = new ArrayList<>();
    try (Stream<Path> folders = Files.list(root)) {
      folders.map(f -> f.resolve("src")).filter(Files::isDirectory).sorted().forEach(trees::add);
    }
    trees.add(root.resolve("docs/exercises"));
    List<String> files = new ArrayList<>();
    for (Path each : trees) {
      try (Stream<Path> tree = Files.walk(each)) {
        tree.map(Path::toString).filter(f -> f.endsWith(".java")).sorted().forEach(files::add);
      }
    }
    return files;
  }
}
