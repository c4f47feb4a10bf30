package twemlab.sim.run.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `docs/deviations.md` and `docs/migration.md` against the code that they name.
final class DeviationsPageTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  /// What was decided to be otherwise, by the ids of the defects that it answers.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "B1",
        "B2",
        "B4",
        "B5",
        "B6",
        "B7",
        "C1",
        "C2",
        "C3",
        "C4",
        "C5",
        "C6",
        "C7",
        "C8",
        "C9",
        "C10",
        "C11",
        "C12",
        "C13",
        "C14",
        "C15",
        "C16",
        "C17",
        "C18",
        "C19",
        "C20",
        "C22",
        "C23",
        "-d",
        "unknown-command",
        "wrong-arity",
        "state",
        "local",
        "memory",
        "SIGSEGV"
      })
  void everyDecisionIsOnThePage(String id) throws IOException {
    assertThat(page("deviations.md")).containsPattern("(?<![A-Za-z0-9])" + id + "(?![A-Za-z0-9])");
  }

  @Test
  void everyRowOfTheProxyNamesATest() throws IOException {
    List<String> rows = new ArrayList<>();
    String table = page("deviations.md").split("\n## The proxy", -1)[1].split("\n###", -1)[0];
    for (String line : table.lines().toList()) {
      if (line.startsWith("| `")) {
        rows.add(line);
        String[] cells = line.split(" \\| ", -1);
        assertThat(cells[cells.length - 1]).as(line).containsPattern("Test`|Behaviour`|none: ");
      }
    }
    assertThat(rows).hasSizeGreaterThan(30);
  }

  @Test
  void everyTestOnThePageExists() throws IOException {
    Set<String> tests = new TreeSet<>();
    for (String word : code(page("deviations.md"))) {
      if (word.matches("[A-Z][A-Za-z]+(Test|Behaviour)")) {
        tests.add(word);
      }
    }
    assertThat(tests).hasSizeGreaterThan(15).isSubsetOf(sources());
  }

  private static Set<String> sources() throws IOException {
    Set<String> names = new TreeSet<>();
    for (String module : List.of("event", "protocol", "hashing", "proxy", "sim")) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/test/java"))) {
        files
            .map(file -> file.getFileName().toString())
            .forEach(name -> names.add(name.replace(".java", "")));
      }
    }
    return names;
  }

  /// Whoever migrates finds each option and each key, and no other.
  @Test
  void theTablesForMigrationAreComplete() throws IOException {
    assertThat(rows("migration.md"))
        .containsAll(rows("configuration.md"))
        .contains("--drain-timeout", "client_connections");
  }

  /// The words in code style in the first cells of a page's tables.
  private static Set<String> rows(String name) throws IOException {
    return page(name)
        .lines()
        .filter(line -> line.startsWith("| `"))
        .flatMap(line -> code(line.split(" \\| ", -1)[0]).stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /// Every id that a page refers to is explained on the page of deviations.
  @ParameterizedTest
  @ValueSource(strings = {"migration.md", "configuration.md"})
  void everyReferenceLeadsSomewhere(String name) throws IOException {
    Matcher reference =
        Pattern.compile("\\(`?([BC][0-9]+|[a-z]+(-[a-z]+)+)`?[,)]").matcher(page(name));
    List<String> ids = new ArrayList<>();
    while (reference.find()) {
      ids.add(reference.group(1));
    }
    assertThat(ids).isNotEmpty();
    String deviations = page("deviations.md");
    assertThat(ids)
        .allMatch(
            id ->
                Pattern.compile("(?<![A-Za-z0-9])" + id + "(?![A-Za-z0-9])")
                    .matcher(deviations)
                    .find());
  }

  private static List<String> code(String text) {
    List<String> words = new ArrayList<>();
    Matcher matcher = CODE.matcher(text);
    while (matcher.find()) {
      words.add(matcher.group(1));
    }
    return words;
  }

  private static String page(String name) throws IOException {
    return Files.readString(ROOT.resolve("docs").resolve(name));
  }
}
