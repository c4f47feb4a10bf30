package twemlab.proxy.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.JavaFileObject.Kind;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

/// Programs for machines where the servers are not installed, made below the module's `target`.
///
/// redis is the real one: the artifact `embedded-redis` carries redis-server 6.2. memcached is the
/// simulator's model, compiled from its sources (the module comes after this one in the build) and
/// run as a process of its own, so that a test can stop, resume and kill it.
final class Substitutes {
  private static final String MODEL_MAIN = "twemlab.sim.run.demo.EmbeddedServer";

  private static final Path DIRECTORY = Path.of("target", "substitutes").toAbsolutePath();

  private static final Map<String, Optional<Path>> MADE = new ConcurrentHashMap<>();

  private Substitutes() {}

  /// The substitute for a program; empty if there is none. That tests run with it is told in one
  /// line on standard error.
  static Optional<Path> find(String executable) {
    return MADE.computeIfAbsent(
        executable,
        name ->
            switch (name) {
              case "redis-server" -> redis().map(path -> told(path, name, "version 6.2, by Maven"));
              case "memcached" -> Optional.of(told(memcached(), name, "the simulator's model"));
              default -> Optional.empty();
            });
  }

  private static Path told(Path program, String name, String substitute) {
    System.err.println("instead of an installed " + name + ": " + substitute);
    return program;
  }

  /// A redis-server that runs on this machine; empty if none of those carried does.
  private static Optional<Path> redis() {
    for (String resource : redisResources()) {
      try (InputStream in = Substitutes.class.getResourceAsStream("/" + resource)) {
        if (in == null) {
          continue;
        }
        Path program = DIRECTORY.resolve(resource);
        if (!Files.isExecutable(program)) {
          install(program, in.readAllBytes());
        }
        if (runs(program, "--version")) {
          return Optional.of(program);
        }
      } catch (IOException e) {
        throw new IllegalStateException("cannot unpack " + resource, e);
      }
    }
    return Optional.empty();
  }

  /// The first of x86-64 needs OpenSSL's libraries; the 32-bit one needs none.
  private static List<String> redisResources() {
    if (!System.getProperty("os.name").equals("Linux")) {
      return List.of();
    }
    return switch (System.getProperty("os.arch")) {
      case "amd64" -> List.of("redis-server-6.2.6-v5-linux-amd64", "redis-server-6.2.7-linux-386");
      case "aarch64" -> List.of("redis-server-6.2.7-linux-arm64");
      default -> List.of();
    };
  }

  private static boolean runs(Path program, String argument) {
    try {
      return new ProcessBuilder(program.toString(), argument)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException _) {
      return false; // its interpreter is missing, or the kernel does not know its format
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// A program that takes memcached's options.
  private static Path memcached() {
    Path classes = DIRECTORY.resolve("classes");
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    String script =
        "#!/bin/sh\nexec '%s' -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData -cp '%s' %s \"$@\"\n"
            .formatted(java, classes, MODEL_MAIN);
    try {
      Files.createDirectories(classes);
      compile(checkout().resolve("sim"), classes);
      Path program = DIRECTORY.resolve("memcached");
      install(program, script.getBytes(StandardCharsets.UTF_8));
      return program;
    } catch (IOException e) {
      throw new IllegalStateException("cannot make a memcached of the model", e);
    }
  }

  /// The folder that holds the launcher: tests run in the folder of their module.
  private static Path checkout() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.isRegularFile(folder.resolve("twemlab"))) {
      folder = folder.getParent();
      if (folder == null) {
        throw new IllegalStateException("the tests do not run in a checkout");
      }
    }
    return folder;
  }

  /// Compiles the program and, of the simulator, what it refers to.
  private static void compile(Path sim, Path classes) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter problems = new StringWriter();
    List<Path> roots = List.of(sim.resolve("src/main/java"), sim.resolve("src/test/java"));
    Path main = roots.getLast().resolve(MODEL_MAIN.replace('.', '/') + ".java");
    try (StandardJavaFileManager files =
        compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
      files.setLocationFromPaths(StandardLocation.SOURCE_PATH, roots);
      files.setLocationFromPaths(StandardLocation.CLASS_PATH, List.of());
      List<String> options = List.of("-proc:none", "-nowarn", "-d", classes.toString());
      boolean done =
          compiler
              .getTask(
                  problems,
                  new WithoutModules(files),
                  null,
                  options,
                  null,
                  files.getJavaFileObjects(main))
              .call();
      if (!done) {
        throw new IllegalStateException("the model of memcached does not compile: " + problems);
      }
    }
  }

  /// Hides the simulator's module descriptor, which would ask for the modules before it.
  private static final class WithoutModules
      extends ForwardingJavaFileManager<StandardJavaFileManager> {
    WithoutModules(StandardJavaFileManager files) {
      super(files);
    }

    @Override
    public JavaFileObject getJavaFileForInput(Location location, String name, Kind kind)
        throws IOException {
      boolean hidden = location == StandardLocation.SOURCE_PATH && name.equals("module-info");
      return hidden ? null : super.getJavaFileForInput(location, name, kind);
    }
  }

  /// Writes a program so that nobody sees, or runs, half of it.
  private static void install(Path program, byte[] content) throws IOException {
    Files.createDirectories(DIRECTORY);
    Path whole = Files.createTempFile(DIRECTORY, "new", "");
    Files.write(whole, content);
    Files.setPosixFilePermissions(whole, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.move(whole, program, StandardCopyOption.ATOMIC_MOVE);
  }
}
