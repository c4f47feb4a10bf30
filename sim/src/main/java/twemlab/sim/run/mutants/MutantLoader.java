package twemlab.sim.run.mutants;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/// Loads the project's classes once more, one of them with a bug in it.
final class MutantLoader extends ClassLoader {
  private final Path mutated;

  /// @param mutated a directory for the classes of the mutant, which are compiled here
  MutantLoader(Mutant mutant, Path root, Path mutated) throws IOException {
    super(MutantLoader.class.getClassLoader());
    this.mutated = mutated;
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringBuilder messages = new StringBuilder();
    boolean compiled =
        compiler
            .getTask(
                null,
                null,
                diagnostic -> messages.append(diagnostic).append('\n'),
                List.of("-nowarn", "-proc:none", "-d", mutated.toString(), "-cp", classPath()),
                null,
                List.of(new Source(mutant, mutant.apply(root))))
            .call();
    if (!compiled) {
      throw new IllegalStateException(mutant.name() + " does not compile: " + messages);
    }
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(Mutant mutant, String text) {
      super(
          URI.create("string:///" + mutant.className().replace('.', '/') + ".java"),
          JavaFileObject.Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  /// What this process was started with, be it a class path or a module path.
  private static String classPath() throws IOException {
    List<String> entries = new ArrayList<>();
    for (String property : List.of("java.class.path", "jdk.module.path")) {
      for (String entry : System.getProperty(property, "").split(File.pathSeparator, -1)) {
        if (!entry.isEmpty()) {
          entries.add(entry);
          entries.addAll(jarsIn(Path.of(entry)));
        }
      }
    }
    return String.join(File.pathSeparator, entries);
  }

  private static List<String> jarsIn(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(Path::toString).filter(name -> name.endsWith(".jar")).sorted().toList();
    }
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith("twemlab.")) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return loaded != null ? loaded : define(name);
    }
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    String file = name.replace('.', '/') + ".class";
    Path own = mutated.resolve(file);
    try (InputStream in =
        Files.exists(own) ? Files.newInputStream(own) : getParent().getResourceAsStream(file)) {
      if (in == null) {
        throw new ClassNotFoundException(name);
      }
      byte[] bytes = in.readAllBytes();
      return defineClass(name, bytes, 0, bytes.length);
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }
}
