import java.io.File;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/// javac in this process, without lints.
final class Compiler {
  /// JMH's, the only annotation processor. It is among the libraries of those who need it.
  private static final String GENERATOR = "org.openjdk.jmh.generators.BenchmarkProcessor";

  private final List<String> path;
  private final Path output;

  /// @param path of jars
  Compiler(List<String> path, Path output) {
    this.path = path;
    this.output = output;
  }

  /// Compiles.
  ///
  /// @param named whether it is a module in Java, too
  /// @throws DoesNotCompile with the compiler's words
  void compile(List<String> files, boolean named) {
    String joined = String.join(File.pathSeparator, path);
    List<String> options = new ArrayList<>();
    options.addAll(List.of("-d", output.toString(), "-encoding", "UTF-8", "-g", "-nowarn"));
    options.addAll(List.of("-Xlint:none", "--release", "25"));
    options.addAll(List.of(named ? "--module-path" : "-cp", joined));
    boolean generates = path.stream().anyMatch(entry -> entry.contains("jmh-generator-annprocess"));
    options.addAll(
        generates
            ? List.of("-processorpath", joined, "-processor", GENERATOR)
            : List.of("-proc:none"));
    StringWriter words = new StringWriter();
    JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
    StandardJavaFileManager manager = javac.getStandardFileManager(null, null, null);
    var sources = manager.getJavaFileObjectsFromStrings(files);
    if (!javac.getTask(words, manager, null, options, null, sources).call()) {
      throw new DoesNotCompile(words.toString());
    }
  }
}
