package twemlab.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import twemlab.sim.run.soak.Checkout;

/// The launcher's build, over a checkout of two small modules: what it compiles, and what it leaves
/// alone.
class QuickBuildTest {
  @TempDir static Path tool;
  @TempDir Path root;

  private record Run(int code, String out, String err) {}

  @BeforeAll
  static void compileTheBuild() throws IOException {
    List<String> options = new ArrayList<>(List.of("-d", tool.toString()));
    try (Stream<Path> files = Files.list(Checkout.root().resolve("build/quick"))) {
      files.forEach(file -> options.add(file.toString()));
    }
    int code =
        ToolProvider.getSystemJavaCompiler().run(null, null, null, options.toArray(String[]::new));
    assertThat(code).isZero();
  }

  @BeforeEach
  void twoModules() throws IOException {
    write("build/quick/Version.java", "");
    write("lower/target/libraries.path", "");
    write("upper/target/libraries.path", root.toRealPath() + "/lower/target/classes");
    write("lower/src/main/java/lower/Greeting.java", greeting("static final int COUNT = 1;", "a"));
    write(
        "upper/src/main/java/upper/Main.java",
        """
        package upper;
        public final class Main {
          public static void main(String[] arguments) {
            System.out.print(lower.Greeting.text() + lower.Greeting.COUNT);
          }
        }
        """);
    build("compiling lower", "compiling upper");
    assertThat(main()).isEqualTo("a1");
  }

  private static String greeting(String members, String text) {
    return """
    package lower;
    public final class Greeting {
      public %s
      public static String text() {
        return "%s";
      }
    }
    """
        .formatted(members, text);
  }

  private void write(String file, String text) throws IOException {
    Files.createDirectories(root.resolve(file).getParent());
    Files.writeString(root.resolve(file), text);
  }

  private Run java(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of(arguments));
    File out = root.resolve("out").toFile();
    File err = root.resolve("err").toFile();
    Process process =
        new ProcessBuilder(command)
            .directory(root.toFile())
            .redirectOutput(out)
            .redirectError(err)
            .start();
    try {
      int code = process.waitFor();
      return new Run(code, Files.readString(out.toPath()), Files.readString(err.toPath()));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private Run build() throws IOException {
    return java("-cp", tool.toString(), "QuickBuild", "lower", "upper");
  }

  /// Builds, and holds what was compiled against what should be.
  private void build(String... compiled) throws IOException {
    Run run = build();
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.err().lines().map(line -> line.replaceAll("twemlab: |: \\d+ files?", "")))
        .containsExactly(compiled);
  }

  private String main() throws IOException {
    return java("-cp", Files.readString(root.resolve("target/quick/upper.path")), "upper.Main")
        .out();
  }

  @Test
  void nothingChanged() throws IOException {
    build(new String[0]);
  }

  @Test
  void aBodyConcernsItsModule() throws IOException {
    write("lower/src/main/java/lower/Greeting.java", greeting("static final int COUNT = 1;", "b"));
    build("compiling lower");
    assertThat(main()).isEqualTo("b1");
  }

  @Test
  void whatIsNotPublicConcernsItsModule() throws IOException {
    write("lower/src/main/java/lower/Inner.java", "package lower; final class Inner {}");
    build("compiling lower");
  }

  @Test
  void theValueOfAConstantConcernsThoseAfterIt() throws IOException {
    write("lower/src/main/java/lower/Greeting.java", greeting("static final int COUNT = 2;", "a"));
    build("compiling lower", "compiling upper");
    assertThat(main()).isEqualTo("a2");
  }

  @Test
  void soDoesAMethodEvenIfTheyAreBuiltLater() throws IOException {
    String members = "static final int COUNT = 1; public void method() {}";
    write("lower/src/main/java/lower/Greeting.java", greeting(members, "a"));
    assertThat(java("-cp", tool.toString(), "QuickBuild", "lower").err()).contains("lower");
    build("compiling upper");
  }

  @Test
  void soDoesWhatTheyInheritFromAClassThatTheyCannotName() throws IOException {
    write("lower/src/main/java/lower/Base.java", "package lower; class Base {}");
    build("compiling lower", "compiling upper");
    write("lower/src/main/java/lower/Base.java", "package lower; class Base { public int a; }");
    build("compiling lower", "compiling upper");
  }

  @Test
  void aMistakeIsNamedAndWhatWasThereStays() throws IOException {
    String right = greeting("static final int COUNT = 1;", "a");
    write("lower/src/main/java/lower/Greeting.java", right.replace("return", "retur"));
    Run run = build();
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains("lower/src/main/java/lower/Greeting.java:5: error:");
    assertThat(main()).isEqualTo("a1");
    write("lower/src/main/java/lower/Greeting.java", right);
    build(new String[0]);
  }

  @Test
  void whatIsGoneIsMissed() throws IOException {
    write("lower/src/main/java/lower/Other.java", "package lower; public class Other {}");
    build("compiling lower", "compiling upper");
    Files.move(
        root.resolve("lower/src/main/java/lower/Greeting.java"),
        root.resolve("lower/src/main/java/lower/Greeting.java.off"));
    Run run = build();
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains("upper/src/main/java/upper/Main.java:4: error:");
    Files.move(
        root.resolve("lower/src/main/java/lower/Greeting.java.off"),
        root.resolve("lower/src/main/java/lower/Greeting.java"));
    build("compiling lower"); // the other's classes are still those of this API
    assertThat(main()).isEqualTo("a1");
  }

  @Test
  void aResourceIsTaken() throws IOException {
    write("lower/src/main/resources/lower/text", "text");
    build("compiling lower");
    try (JarFile jar = new JarFile(root.resolve("target/quick/lower.jar").toFile())) {
      assertThat(jar.getEntry("lower/text").getSize()).isEqualTo(4);
    }
  }

  /// As after a build that was ended: the last line of the state is not there.
  @Test
  void anUnfinishedBuildIsDoneAgain() throws IOException {
    Path state = root.resolve("target/quick/upper.state");
    List<String> lines = Files.readAllLines(state);
    Files.write(state, lines.subList(0, lines.size() - 1));
    build("compiling upper");
  }
}
