import com.google.googlejavaformat.java.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Checks or repairs the layout of every Java file of the project with google-java-format.
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
    List<String> files = new ArrayList<>();
    try (Stream<Path> folders = Files.list(root)) {
      for (Path module : folders.filter(f -> Files.isDirectory(f.resolve("src"))).sorted().toList()) {
        try (Stream<Path> tree = Files.walk(module.resolve("src"))) {
          tree.map(Path::toString).filter(f -> f.endsWith(".java")).sorted().forEach(files::add);
        }
      }
    }
    return files;
  }
}
