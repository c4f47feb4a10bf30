import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// One module: what it consists of, and its way from sources to a jar.
final class QuickModule {
  private final String name;
  private final Path sources;
  private final Path resources;
  private final Path jar;
  private final Path state;
  private final Path runPathFile;
  private final ClassFolder classes;
  private final List<String> upstream = new ArrayList<>();
  private final List<String> path = new ArrayList<>();
  private final String libraries;

  QuickModule(Path root, String name) throws IOException {
    this.name = name;
    Path quick = root.resolve("target/quick");
    sources = root.resolve(name + "/src/main/java");
    resources = root.resolve(name + "/src/main/resources");
    jar = quick.resolve(name + ".jar");
    runPathFile = quick.resolve(name + ".path");
    state = quick.resolve(name + ".state");
    classes = new ClassFolder(quick.resolve(name + "/classes"));
    libraries = Files.readString(root.resolve(name + "/target/libraries.path")).strip();
    Path here = root.toAbsolutePath().normalize();
    for (String entry : libraries.isEmpty() ? new String[0] : libraries.split(File.pathSeparator)) {
      Path file = Path.of(entry);
      if (file.startsWith(here)) {
        String module = here.relativize(file).getName(0).toString();
        upstream.add(module);
        path.add(here.resolve(quick).resolve(module + ".jar").toString());
      } else {
        path.add(entry);
      }
    }
  }

  String name() {
    return name;
  }

  /// The modules that it uses.
  List<String> upstream() {
    return upstream;
  }

  /// Compiles what is stale and makes the jar anew, if anything is.
  ///
  /// @param tool what compiles
  /// @param apis those of the modules that it uses, by name
  /// @return its own API
  /// @throws DoesNotCompile with the compiler's words; the classes are then as before
  String build(String tool, Map<String, String> apis) throws IOException {
    String basis = Hash.of(tool + " " + jar.toAbsolutePath() + " " + libraries);
    SortedMap<String, String> files = files();
    QuickState before = Files.exists(jar) ? QuickState.read(state) : null;
    if (before != null
        && before.basis().equals(basis)
        && before.upstream().equals(apis)
        && before.files().equals(files)) {
      return before.api();
    }
    compile(files.keySet().stream().filter(file -> file.endsWith(".java")).toList());
    String api = classes.api();
    Jar.write(jar, List.of(classes.place(), resources));
    Files.writeString(runPathFile, runPath());
    new QuickState(basis, apis, files, api).write(state);
    return api;
  }

  private String runPath() {
    List<String> jars = new ArrayList<>(path);
    jars.addFirst(jar.toAbsolutePath().toString());
    return String.join(File.pathSeparator, jars);
  }

  private SortedMap<String, String> files() throws IOException {
    SortedMap<String, String> files = new TreeMap<>();
    for (Path folder : List.of(sources, resources)) {
      if (Files.isDirectory(folder)) {
        try (Stream<Path> all = Files.walk(folder)) {
          for (Path file : all.filter(Files::isRegularFile).toList()) {
            files.put(file.toString(), Hash.of(file));
          }
        }
      }
    }
    return files;
  }

  private void compile(List<String> files) throws IOException {
    System.err.printf("twemlab: compiling %s: %d files%n", name, files.size());
    try (ClassFolder fresh = classes.beside()) {
      new Compiler(path, fresh.place()).compile(files, isNamed());
      Files.deleteIfExists(state); // until the end of the build it would not be true
      classes.become(fresh);
    }
  }

  /// Whether it is a module in Java, too.
  private boolean isNamed() {
    return Files.exists(sources.resolve("module-info.java"));
  }
}
