package twemlab.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import twemlab.protocol.command.Handling;
import twemlab.protocol.command.RedisCommand;

/// A command is added by adding its row, and by nothing else: this test does so, compiles the
/// module with the row, and sends the command to the parser.
class AddACommandTest {
  private static final Path SOURCES = Path.of("src", "main", "java", "twemlab", "protocol");

  @Test
  void oneRowIsEnough(@TempDir Path folder) throws Exception {
    List<Path> sources = copyWithRow(folder, "LASTSAVED(FIRST, atLeast(2)),");
    Path classes = Files.createDirectory(folder.resolve("classes"));
    compile(sources, classes);
    byte[] request = Subject.bytes(Samples.redis("LASTSAVED", "key", "x"));
    assertThat(Subject.REDIS_REQUEST.row(request)).startsWith("ERROR");
    ClassLoader apart = ClassLoader.getPlatformClassLoader();
    try (URLClassLoader loader = new URLClassLoader(new URL[] {classes.toUri().toURL()}, apart)) {
      assertThat(row(loader, request)).isEqualTo("OK\tlastsaved\t35\t23:26\t0\t0");
    }
  }

  @Test
  void noOtherSourceNamesACommand() throws IOException {
    for (Path file : sources()) {
      String text = Files.readString(file);
      boolean namesOne =
          !file.endsWith("RedisCommand.java")
              && Stream.of(RedisCommand.values())
                  .filter(row -> row.handling() == Handling.FORWARD)
                  .anyMatch(row -> text.contains("RedisCommand." + row.name()));
      assertThat(namesOne).as(file.toString()).isFalse();
    }
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    }
  }

  private static List<Path> copyWithRow(Path folder, String row) throws IOException {
    List<Path> copies = new ArrayList<>();
    for (Path file : sources()) {
      String text = Files.readString(file);
      String first = "  GET(FIRST, exactly(2)),\n";
      boolean table = file.endsWith("RedisCommand.java");
      assertThat(text.contains(first)).isEqualTo(table);
      Path copy = folder.resolve("sources").resolve(SOURCES.relativize(file));
      Files.createDirectories(copy.getParent());
      copies.add(Files.writeString(copy, text.replace(first, first + "  " + row + "\n")));
    }
    return copies;
  }

  private static void compile(List<Path> sources, Path classes) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      List<String> options = List.of("-d", classes.toString(), "-proc:none");
      assertThat(
              compiler
                  .getTask(
                      null, files, null, options, null, files.getJavaFileObjectsFromPaths(sources))
                  .call())
          .isTrue();
    }
  }

  /// What the freshly compiled parser says; by reflection, because these are other classes of the
  /// same names.
  private static String row(ClassLoader loader, byte[] request)
      throws ReflectiveOperationException {
    Class<?> limits = loader.loadClass("twemlab.protocol.Limits");
    Class<?> parser = loader.loadClass("twemlab.protocol.RedisRequestParser");
    Constructor<?> make = parser.getConstructor(limits);
    Class<?> type = loader.loadClass("twemlab.protocol.RequestParser");
    Method describe =
        loader
            .loadClass("twemlab.protocol.ParserRow")
            .getMethod("request", type, MemorySegment.class);
    Object standard = limits.getMethod("standard").invoke(null);
    return (String) describe.invoke(null, make.newInstance(standard), Subject.segment(request));
  }
}
