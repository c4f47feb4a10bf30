package twemlab.docs;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import twemlab.sim.run.soak.Checkout;

/// The packages are what docs/architecture.md says: what each holds, what it uses, and that a
/// reader can take it in at one glance.
class ArchitectureTest {
  private static final Path ROOT = Checkout.root();
  private static final String PREFIX = "twemlab.";

  /// Those whose packages stand in the table; the others are programs that use everything.
  private static final List<String> MODULES =
      List.of("event", "protocol", "hashing", "proxy", "sim");

  private static final int FILES_MAX = 25;
  private static final int LINES_MAX = 500;

  /// Files that are longer, with their limit: to be divided, and not to grow until then.
  private static final Map<String, Integer> LONGER =
      Map.of(
          "protocol/src/main/java/twemlab/protocol/MemcacheRequestParser.java", 580,
          "protocol/src/main/java/twemlab/protocol/RedisRequestParser.java", 510,
          "proxy/src/main/java/twemlab/proxy/ClientConn.java", 570,
          "proxy/src/test/java/twemlab/proxy/ClientAnswersTest.java", 530);

  /// The source files of the modules' programs, tests left out, by top-level class.
  private static final Map<String, Path> SOURCES = new TreeMap<>();

  private static JavaClasses classes;

  @BeforeAll
  static void readClasses() throws IOException {
    for (String module : modules()) {
      Path sources = ROOT.resolve(module).resolve("src/main/java");
      for (Path file : javaFiles(sources)) {
        String name = sources.relativize(file).toString().replace('/', '.');
        SOURCES.put(name.substring(0, name.length() - ".java".length()), file);
      }
    }
    classes =
        new ClassFileImporter()
            .importPackages("twemlab")
            .that(
                new DescribedPredicate<>("of a program, not of a test") {
                  @Override
                  public boolean test(JavaClass each) {
                    return SOURCES.containsKey(topLevel(each));
                  }
                });
    assertThat(classes.size()).isGreaterThan(SOURCES.size() / 2);
  }

  @Test
  void theTableIsWhatIsThere() throws IOException {
    String page = Files.readString(ROOT.resolve("docs/architecture.md"));
    String table = table();
    assertThat(page).as("docs/architecture.md must have this table:\n%s", table).contains(table);
  }

  @Test
  void noPackagesUseEachOther() {
    SlicesRuleDefinition.slices()
        .assignedFrom(
            new SliceAssignment() {
              @Override
              public SliceIdentifier getIdentifierOf(JavaClass each) {
                return SliceIdentifier.of(each.getPackageName());
              }

              @Override
              public String getDescription() {
                return "packages";
              }
            })
        .should()
        .beFreeOfCycles()
        .check(classes);
  }

  @Test
  void noPackageIsLarge() throws IOException {
    List<String> large = new ArrayList<>();
    for (Path folder : folders()) {
      try (Stream<Path> files = Files.list(folder)) {
        long count = files.filter(ArchitectureTest::isJava).count();
        if (count > FILES_MAX) {
          large.add(ROOT.relativize(folder) + ": " + count + " files");
        }
      }
    }
    assertThat(large).isEmpty();
  }

  @Test
  void noFileIsLong() throws IOException {
    List<String> lengths = new ArrayList<>();
    for (String module : modules()) {
      for (Path file : javaFiles(ROOT.resolve(module).resolve("src"))) {
        long lines = Files.readString(file).lines().count();
        String name = ROOT.relativize(file).toString();
        if (lines > LONGER.getOrDefault(name, LINES_MAX)) {
          lengths.add(name + ": " + lines + " lines");
        }
      }
    }
    assertThat(lengths).isEmpty();
  }

  /// A row for each package: its name, the first sentence of its package-info, what it uses.
  private static String table() throws IOException {
    Map<String, Set<String>> uses = new TreeMap<>();
    for (JavaClass each : classes) {
      String own = each.getPackageName();
      if (MODULES.contains(module(own))) {
        Set<String> used = uses.computeIfAbsent(own, _ -> new TreeSet<>());
        for (Dependency dependency : each.getDirectDependenciesFromSelf()) {
          String other = dependency.getTargetClass().getPackageName();
          if (other.startsWith(PREFIX) && !other.equals(own)) {
            used.add(other);
          }
        }
      }
    }
    StringBuilder rows = new StringBuilder("| package | holds | uses |\n|---|---|---|\n");
    for (String module : MODULES) {
      for (Map.Entry<String, Set<String>> each : uses.entrySet()) {
        if (module(each.getKey()).equals(module)) {
          rows.append("| `%s` | %s | ".formatted(shortName(each.getKey()), holds(each.getKey())));
          rows.append(
              each.getValue().stream()
                  .map(use -> "`" + shortName(use) + "`")
                  .collect(joining(" ")));
          rows.append(" |\n");
        }
      }
    }
    return rows.toString();
  }

  private static String module(String name) {
    String rest = shortName(name);
    int dot = rest.indexOf('.');
    return dot < 0 ? rest : rest.substring(0, dot);
  }

  private static String shortName(String name) {
    return name.substring(PREFIX.length());
  }

  /// The first sentence of a package's description.
  private static String holds(String name) throws IOException {
    Path info = SOURCES.get(name + ".package-info");
    assertThat(info).as("package-info.java of " + name).isNotNull();
    String text =
        Files.readString(info)
            .lines()
            .takeWhile(line -> line.startsWith("///"))
            .map(line -> line.substring(3).strip())
            .collect(joining(" "));
    int end = text.indexOf(". ");
    return (end < 0 ? text : text.substring(0, end + 1)).replaceAll("\\[([^\\]]*)]", "`$1`");
  }

  private static String topLevel(JavaClass type) {
    String name = type.getName();
    int nested = name.indexOf('$');
    return nested < 0 ? name : name.substring(0, nested);
  }

  private static List<String> modules() throws IOException {
    try (Stream<Path> folders = Files.list(ROOT)) {
      return folders
          .filter(folder -> Files.isDirectory(folder.resolve("src/main/java")))
          .map(folder -> folder.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  private static List<Path> folders() throws IOException {
    List<Path> found = new ArrayList<>();
    for (String module : modules()) {
      try (Stream<Path> tree = Files.walk(ROOT.resolve(module).resolve("src"))) {
        tree.filter(Files::isDirectory).forEach(found::add);
      }
    }
    return found;
  }

  private static List<Path> javaFiles(Path folder) throws IOException {
    try (Stream<Path> tree = Files.walk(folder)) {
      return tree.filter(ArchitectureTest::isJava).sorted().toList();
    }
  }

  private static boolean isJava(Path file) {
    return file.toString().endsWith(".java");
  }
}
