package twemlab.docs.site;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The Javadoc of the exported types, by the JDK's own tool: it reads the Markdown comments.
public final class JavadocSite {
  private static final List<String> MODULES =
      List.of("event", "protocol", "hashing", "proxy", "sim");

  /// Jars that the modules name; the others on the class path are of benchmarks and tests.
  private static final List<String> LIBRARIES =
      List.of("picocli", "snakeyaml-engine", "HdrHistogram");

  private JavadocSite() {}

  /// Writes it.
  ///
  /// @return the tool's exit code
  public static int write(Path root, Path out, PrintWriter messages) throws IOException {
    ToolProvider javadoc =
        ToolProvider.findFirst("javadoc")
            .orElseThrow(() -> new IllegalStateException("this JDK has no javadoc"));
    Files.createDirectories(out);
    List<String> options =
        new ArrayList<>(List.of("-quiet", "-Xdoclint:all,-missing", "-Werror", "-notimestamp"));
    options.addAll(List.of("-windowtitle", "Twemlab", "-d", out.toString()));
    options.addAll(List.of("--module-path", libraries()));
    for (String module : MODULES) {
      Path sources = root.resolve(module).resolve("src/main/java");
      options.addAll(List.of("--module-source-path", "twemlab." + module + "=" + sources));
      options.addAll(List.of("--module", "twemlab." + module));
    }
    return javadoc.run(messages, messages, options.toArray(String[]::new));
  }

  private static String libraries() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .filter(
            entry ->
                LIBRARIES.stream().anyMatch(Path.of(entry).getFileName().toString()::startsWith))
        .collect(Collectors.joining(File.pathSeparator));
  }
}
