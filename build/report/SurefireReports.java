import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/// What the reports of Surefire say: how many tests ran, which failed, which were skipped and why.
///
/// @param tests all of them, those included that failed or were skipped
/// @param failures whole: the test's name and the stack trace
/// @param skips how many tests were skipped for each reason
record SurefireReports(int tests, int failed, List<String> failures, Map<String, Integer> skips) {
  static final SurefireReports NONE = new SurefireReports(0, 0, List.of(), Map.of());

  /// The reports in a module's folder that were written since a moment.
  static SurefireReports of(Path module, FileTime since) throws IOException {
    Path folder = module.resolve("target/surefire-reports");
    if (!Files.isDirectory(folder)) {
      return NONE;
    }
    SurefireReports all = NONE;
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        if (file.getFileName().toString().matches("TEST-.*\\.xml")
            && Files.getLastModifiedTime(file).compareTo(since) >= 0) {
          all = all.plus(read(file));
        }
      }
    }
    return all;
  }

  SurefireReports plus(SurefireReports more) {
    List<String> bothFailures = new ArrayList<>(failures);
    bothFailures.addAll(more.failures);
    Map<String, Integer> bothSkips = new TreeMap<>(skips);
    more.skips.forEach((reason, count) -> bothSkips.merge(reason, count, Integer::sum));
    return new SurefireReports(tests + more.tests, failed + more.failed, bothFailures, bothSkips);
  }

  int skipped() {
    return skips.values().stream().mapToInt(Integer::intValue).sum();
  }

  int passed() {
    return tests - failed - skipped();
  }

  private static SurefireReports read(Path file) throws IOException {
    Element suite;
    try {
      suite =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(file.toFile())
              .getDocumentElement();
    } catch (SAXException | ParserConfigurationException e) {
      // A fork that died has left half a report.
      String problem = file + " cannot be read: " + e.getMessage();
      return new SurefireReports(1, 1, List.of(problem), Map.of());
    }
    List<String> failures = new ArrayList<>();
    Map<String, Integer> skips = new TreeMap<>();
    NodeList cases = suite.getElementsByTagName("testcase");
    for (int i = 0; i < cases.getLength(); i++) {
      Element test = (Element) cases.item(i);
      String name = test.getAttribute("classname") + "." + test.getAttribute("name");
      for (String kind : List.of("failure", "error")) {
        text(test, kind).ifPresent(text -> failures.add(name + "\n" + text.strip() + "\n"));
      }
      text(test, "skipped").ifPresent(text -> skips.merge(reason(text), 1, Integer::sum));
    }
    return new SurefireReports(cases.getLength(), failures.size(), failures, skips);
  }

  private static Optional<String> text(Element test, String kind) {
    NodeList found = test.getElementsByTagName(kind);
    if (found.getLength() == 0) {
      return Optional.empty();
    }
    Element element = (Element) found.item(0);
    String content = element.getTextContent();
    return Optional.of(content.isBlank() ? element.getAttribute("message") : content);
  }

  /// The first line without the exception and JUnit's words before the reason.
  private static String reason(String text) {
    String line = text.strip().lines().findFirst().orElse("");
    String reason = line.replaceFirst("^[\\w.]+(Exception|Error):? *(Assumption failed: )?", "");
    return reason.isEmpty() ? "for no stated reason" : reason;
  }
}
