package twemlab.docs.exercise;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/// Compiles exercises with the JDK's compiler, against the classes of this process.
final class ExerciseBuild {
  private final Path classes;
  private final List<Path> sources = new ArrayList<>();

  /// @param classes where classes and resources go
  ExerciseBuild(Path classes) {
    this.classes = classes;
  }

  /// Adds a folder's files to an exercise: Java to be compiled, all else as resources.
  void add(Exercise exercise, Path folder) throws IOException {
    add(exercise, Exercise.files(folder));
  }

  /// Adds files, in the same way.
  void add(Exercise exercise, List<Path> files) throws IOException {
    Path resources = classes.resolve(exercise.packageName().replace('.', '/'));
    Files.createDirectories(resources);
    for (Path file : files) {
      if (file.toString().endsWith(".java")) {
        sources.add(file);
      } else {
        Files.copy(
            file, resources.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  /// Adds what is neither the student's nor chosen: the tests, and what a lab gives.
  void addTests(Exercise exercise) throws IOException {
    add(exercise, exercise.tests());
    for (Path folder : exercise.given()) {
      add(exercise, folder);
    }
  }

  /// Compiles.
  ///
  /// @return the errors, each as `file:line: message`; empty when there are none
  List<String> compile() throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
    List<String> options =
        List.of(
            "-d",
            classes.toString(),
            "-cp",
            System.getProperty("java.class.path"),
            "-proc:none",
            "-nowarn",
            "-encoding",
            "UTF-8");
    try (StandardJavaFileManager files =
        compiler.getStandardFileManager(found, Locale.ENGLISH, StandardCharsets.UTF_8)) {
      boolean compiled =
          compiler
              .getTask(
                  null, files, found, options, null, files.getJavaFileObjectsFromPaths(sources))
              .call();
      return compiled
          ? List.of()
          : found.getDiagnostics().stream()
              .filter(each -> each.getKind() == Diagnostic.Kind.ERROR)
              .map(ExerciseBuild::text)
              .toList();
    }
  }

  private static String text(Diagnostic<? extends JavaFileObject> each) {
    String message = each.getMessage(Locale.ENGLISH);
    return each.getSource() == null
        ? message
        : "%s:%d: %s".formatted(each.getSource().getName(), each.getLineNumber(), message);
  }
}
