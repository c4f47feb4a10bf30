package twemlab.exercise.rediscommand;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import twemlab.sim.run.soak.Checkout;

/// Adds the rows to a copy of the module `protocol`, compiles it, and sends the commands. The
/// classes have the names of the project's, so they are called by reflection.
final class RowsTest {
  @TempDir static Path folder;
  private static URLClassLoader loader;

  @BeforeAll
  static void compileTheModuleWithTheRows() throws IOException {
    List<Path> sources = copy(rows());
    Path classes = Files.createDirectory(folder.resolve("classes"));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringBuilder errors = new StringBuilder();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      boolean compiled =
          compiler
              .getTask(
                  null,
                  files,
                  problem -> errors.append(problem.getMessage(null)).append('\n'),
                  List.of("-d", classes.toString(), "-proc:none", "-nowarn"),
                  null,
                  files.getJavaFileObjectsFromPaths(sources))
              .call();
      assertThat(compiled).as("the rows compile: " + errors).isTrue();
    }
    loader =
        new URLClassLoader(
            new URL[] {classes.toUri().toURL()}, ClassLoader.getPlatformClassLoader());
  }

  @AfterAll
  static void close() throws IOException {
    if (loader != null) {
      loader.close();
    }
  }

  private static String rows() throws IOException {
    try (InputStream in = RowsTest.class.getResourceAsStream("rows.txt")) {
      return new String(in.readAllBytes(), US_ASCII)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(line -> line.strip().replaceFirst("[;,]*$", ","))
          .collect(Collectors.joining("\n"));
    }
  }

  private static List<Path> copy(String rows) throws IOException {
    Path module = Checkout.root().resolve("protocol/src/main/java/twemlab/protocol");
    Path copy = Files.createDirectory(folder.resolve("sources"));
    List<Path> copies = new ArrayList<>();
    try (Stream<Path> files = Files.walk(module)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".java")).sorted().toList()) {
        String text = Files.readString(file);
        if (file.endsWith("RedisCommand.java")) {
          text = text.replaceFirst("\n  PING\\(", "\n" + rows + "\n  PING(");
        }
        Path to = copy.resolve(module.relativize(file));
        Files.createDirectories(to.getParent());
        copies.add(Files.writeString(to, text));
      }
    }
    return copies;
  }

  private static Object row(String name) throws ReflectiveOperationException {
    Class<?> table = loader.loadClass("twemlab.protocol.command.RedisCommand");
    for (Object each : table.getEnumConstants()) {
      if (each.toString().equals(name)) {
        return each;
      }
    }
    throw new AssertionError("there is no row of " + name);
  }

  private static String column(String name, String column) throws ReflectiveOperationException {
    Object row = row(name);
    Method getter = row.getClass().getMethod(column);
    getter.setAccessible(true);
    return getter.invoke(row).toString();
  }

  /// What the parser says of a request: OK and the places of its keys, ERROR, or AGAIN.
  private static String parsed(String... words) throws ReflectiveOperationException {
    row(words[0]);
    StringBuilder request = new StringBuilder("*" + words.length + "\r\n");
    for (String word : words) {
      request.append("$%d\r\n%s\r\n".formatted(word.length(), word));
    }
    try (Arena arena = Arena.ofConfined()) {
      byte[] bytes = request.toString().getBytes(US_ASCII);
      MemorySegment segment = arena.allocate(bytes.length);
      segment.copyFrom(MemorySegment.ofArray(bytes));
      Class<?> limits = loader.loadClass("twemlab.protocol.Limits");
      Object parser =
          loader
              .loadClass("twemlab.protocol.RedisRequestParser")
              .getConstructor(limits)
              .newInstance(limits.getMethod("standard").invoke(null));
      String text =
          (String)
              loader
                  .loadClass("twemlab.protocol.ParserRow")
                  .getMethod(
                      "request",
                      loader.loadClass("twemlab.protocol.RequestParser"),
                      MemorySegment.class)
                  .invoke(null, parser, segment);
      String[] columns = text.split("\t", -1);
      return columns[0].equals("OK") ? keys(columns[3], request) : columns[0];
    }
  }

  private static String keys(String places, CharSequence request) {
    if (places.equals("-")) {
      return "OK, no key";
    }
    return Stream.of(places.split(",", -1))
        .map(place -> place.split(":", -1))
        .map(ends -> request.subSequence(Integer.parseInt(ends[0]), Integer.parseInt(ends[1])))
        .collect(Collectors.joining(" ", "OK, keys ", ""));
  }

  @Test
  void delifHasAKeyAndPerhapsACondition() throws ReflectiveOperationException {
    assertThat(parsed("DELIF", "k")).isEqualTo("OK, keys k");
    assertThat(parsed("DELIF", "k", "IFEQ", "v")).isEqualTo("OK, keys k");
    assertThat(parsed("DELIF")).isEqualTo("ERROR");
  }

  @Test
  void checksumHasAKeyAndNothingElse() throws ReflectiveOperationException {
    assertThat(parsed("CHECKSUM", "k")).isEqualTo("OK, keys k");
    assertThat(parsed("CHECKSUM", "k", "x")).isEqualTo("ERROR");
  }

  @Test
  void forgetCountsKeysOnAllServers() throws ReflectiveOperationException {
    assertThat(parsed("FORGET", "a", "b", "c")).isEqualTo("OK, keys a b c");
    assertThat(column("FORGET", "fanOut")).isEqualTo("KEYS");
    assertThat(column("FORGET", "gather")).isEqualTo("SUM");
  }

  @Test
  void runIsRoutedAsEvalIs() throws ReflectiveOperationException {
    assertThat(parsed("RUN", "f", "1", "k", "x")).isEqualTo("OK, keys k");
    assertThat(column("RUN", "keyShape")).isEqualTo("AFTER_NUMKEYS");
  }

  @Test
  void announceHasNoKey() throws ReflectiveOperationException {
    assertThat(parsed("ANNOUNCE", "channel", "message")).isEqualTo("OK, no key");
    assertThat(parsed("ANNOUNCE", "channel")).isEqualTo("ERROR");
  }

  @Test
  void attendIsRefusedWithAReason() throws ReflectiveOperationException {
    assertThat(column("ATTEND", "handling")).isEqualTo("REFUSE");
    assertThat(column("ATTEND", "obstacle")).isEqualTo("SUBSCRIPTION");
  }
}
