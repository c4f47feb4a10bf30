import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The launcher's build: compiles what changed, without tests, lints, format and Error Prone, which
/// are Maven's (`twemlab test`). Called as `QuickBuild MODULE...` in the checkout's root, modules
/// in the order of their edges. Exit code 1 when something does not compile.
///
/// ```text
/// MODULE/target/libraries.path   class path of the module, written by Maven
/// target/quick/MODULE.jar        what commands run
/// target/quick/MODULE.path       the jars that they run on, its own first
/// target/quick/MODULE.state      the sources' hashes, and the APIs that it was compiled against
/// target/quick/MODULE/classes
/// ```
///
/// A module is compiled when its own files changed, or the API of a module that it uses. It is then
/// compiled whole, which takes a second or two.
public final class QuickBuild {
  private final List<QuickModule> modules = new ArrayList<>();
  private final Map<String, String> apis = new LinkedHashMap<>();
  private final String tool;

  private QuickBuild(List<String> names) throws IOException {
    tool = tool();
    for (String name : names) {
      modules.add(new QuickModule(Path.of(""), name));
    }
  }

  public static void main(String[] names) throws IOException {
    try {
      new QuickBuild(List.of(names)).run();
    } catch (DoesNotCompile e) {
      System.err.print(e.getMessage());
      System.exit(1);
    }
  }

  private void run() throws IOException {
    for (QuickModule module : modules) {
      Map<String, String> upstream = new LinkedHashMap<>();
      for (String each : module.upstream()) {
        upstream.put(each, apis.get(each));
      }
      apis.put(module.name(), module.build(tool, upstream));
    }
  }

  /// What made the classes: another compiler or another version of this program makes others.
  private static String tool() throws IOException {
    StringBuilder text = new StringBuilder(Runtime.version().toString());
    Path own = Path.of("build/quick");
    try (Stream<Path> files = Files.list(own)) {
      for (Path file : files.sorted().toList()) {
        text.append(' ').append(Hash.of(file));
      }
    }
    return Hash.of(text.toString());
  }
}
