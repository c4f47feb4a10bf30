package twemlab.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import twemlab.docs.page.Page;
import twemlab.docs.page.Pages;
import twemlab.sim.run.soak.Checkout;

/// Names and versions in pages that no compiler reads.
class NamesTest {
  private static final Path ROOT = Checkout.root();
  private static final Pattern CLASS = Pattern.compile("`([A-Z]\\w*[a-z]\\w*)(?:\\.\\w+)?`");

  /// Classes of the Java library that the pages name.
  private static final Set<String> FOREIGN =
      Set.of(
          "VarHandle",
          "Selector",
          "RuntimeException",
          "IllegalStateException",
          "Error",
          "OutOfMemoryError",
          "StackOverflowError",
          "LinkageError");

  @ParameterizedTest
  @ValueSource(strings = {"docs/glossary.md", "docs/adr", "docs/architecture.md", "docs/events"})
  void eachClassThatIsNamedExists(String place) throws IOException {
    Set<String> classes =
        Pages.files(ROOT, ".java").stream()
            .map(file -> file.getFileName().toString().replace(".java", ""))
            .collect(Collectors.toSet());
    List<String> missing = new ArrayList<>();
    int named = 0;
    for (Page page : Pages.all(ROOT)) {
      Matcher name = CLASS.matcher(page.name().startsWith(place) ? page.text() : "");
      while (name.find()) {
        named++;
        if (!classes.contains(name.group(1)) && !FOREIGN.contains(name.group(1))) {
          missing.add(page.name() + ": " + name.group(1));
        }
      }
    }
    assertThat(missing).isEmpty();
    assertThat(named).isGreaterThan(10);
  }

  @Test
  void theGlossaryIsInOrder() throws IOException {
    List<String> words =
        Files.readAllLines(ROOT.resolve("docs/glossary.md")).stream()
            .filter(line -> line.startsWith("| ") && !line.startsWith("| word"))
            .map(line -> line.split("\\|", -1)[1].strip().replaceAll("[ -]", ""))
            .toList();
    assertThat(words).hasSizeBetween(40, 80).isSortedAccordingTo(String::compareTo);
  }

  @Test
  void theChangelogHasTheVersionOfThePom() throws IOException {
    assertThat(Files.readString(ROOT.resolve("CHANGELOG.md"))).contains("## [" + version() + "]");
  }

  /// The fields that the schema of CFF 1.2.0 demands, and none that it does not know.
  @Test
  void theCitationFileIsValid() throws IOException {
    Map<?, ?> citation =
        (Map<?, ?>)
            new Load(LoadSettings.builder().build())
                .loadFromString(Files.readString(ROOT.resolve("CITATION.cff")));
    assertThat(citation.get("cff-version")).isEqualTo("1.2.0");
    assertThat(citation.get("version")).isEqualTo(version());
    assertThat(citation.get("type")).isIn("software", "dataset");
    assertThat(citation.get("title")).isInstanceOf(String.class);
    assertThat(citation.get("message")).isInstanceOf(String.class);
    assertThat((List<?>) citation.get("authors")).isNotEmpty();
    assertThat((List<?>) citation.get("keywords")).doesNotHaveDuplicates();
    assertThat(Set.of("Apache-2.0")).contains(citation.get("license").toString());
    assertThat(
            citation.keySet().stream()
                .map(Object::toString)
                .filter(
                    key ->
                        !Set.of(
                                "abstract authors cff-version commit contact date-released doi"
                                    .concat(" identifiers keywords license license-url message")
                                    .concat(" preferred-citation references repository")
                                    .concat(" repository-artifact repository-code title type url")
                                    .concat(" version")
                                    .split(" "))
                            .contains(key)))
        .isEmpty();
  }

  @Test
  void eachKeptScreenshotIsShownByAPage() throws IOException {
    String pages = Pages.all(ROOT).stream().map(Page::text).collect(Collectors.joining());
    assertThat(new Screenshots(ROOT).rows())
        .filteredOn(row -> !row.image().startsWith("target/"))
        .isNotEmpty()
        .allSatisfy(
            row ->
                assertThat(pages).contains("images/" + Path.of(row.image()).getFileName() + ")"));
  }

  private static String version() throws IOException {
    Matcher version =
        Pattern.compile("(?m)^  <version>(.*)</version>")
            .matcher(Files.readString(ROOT.resolve("pom.xml")));
    assertThat(version.find()).isTrue();
    return version.group(1);
  }
}
