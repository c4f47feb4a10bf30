package twemlab.docs.exercise;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import twemlab.sim.run.soak.Checkout;

/// Each exercise can be done, and is not done to begin with; and its page says what it is.
///
/// All are compiled in one go and run in this process.
final class ExercisesTest {
  private static final Path ROOT = Checkout.root();

  @TempDir private Path classes;

  /// What went wrong in the tests of some folder of all exercises: by exercise, one entry for each
  /// test, empty if it passed.
  private Map<String, List<String>> run(boolean solutions) throws Exception {
    Map<String, List<String>> problems = new TreeMap<>();
    List<Exercise> all = Exercise.all(ROOT);
    problems.putAll(run(classes, all.stream().filter(each -> !each.isStep()).toList(), solutions));
    for (Exercise step : Exercise.lab(ROOT)) { // all are one package
      problems.putAll(run(classes.resolve(step.name()), List.of(step), solutions));
    }
    return problems;
  }

  private Map<String, List<String>> run(Path classes, List<Exercise> exercises, boolean solutions)
      throws Exception {
    ExerciseBuild build = new ExerciseBuild(classes);
    for (Exercise each : exercises) {
      build.add(
          each, solutions ? Exercise.files(each.solution()) : each.start(each.solutionBefore()));
      build.addTests(each);
    }
    assertThat(build.compile()).as("compile errors").isEmpty();
    Map<String, List<String>> problems = new TreeMap<>();
    ClassLoader ours = getClass().getClassLoader();
    try (URLClassLoader loader = new URLClassLoader(new URL[] {classes.toUri().toURL()}, ours)) {
      for (Exercise each : exercises) {
        List<String> found = problems.computeIfAbsent(each.name(), _ -> new ArrayList<>());
        List<Class<?>> tests = new ArrayList<>();
        for (String test : each.testClasses()) {
          tests.add(loader.loadClass(test));
        }
        TestRun.run(tests, new Collector(found));
      }
    }
    return problems;
  }

  private record Collector(List<String> problems) implements TestRun.Listener {
    @Override
    public void started(String testClass, String test) {}

    @Override
    public void ended(String testClass, String test, String problem) {
      problems.add(problem.isEmpty() ? "" : test + ": " + problem);
    }
  }

  @TestFactory
  Stream<DynamicTest> theSolutionPasses() throws Exception {
    Map<String, List<String>> problems = run(true);
    return problems.entrySet().stream()
        .map(
            each ->
                DynamicTest.dynamicTest(
                    each.getKey(),
                    () -> assertThat(each.getValue()).isNotEmpty().containsOnly("")));
  }

  @TestFactory
  Stream<DynamicTest> theStartCompilesAndFails() throws Exception {
    Map<String, List<String>> problems = run(false);
    return problems.entrySet().stream()
        .map(
            each ->
                DynamicTest.dynamicTest(
                    each.getKey(),
                    () -> assertThat(each.getValue()).anyMatch(text -> !text.isEmpty())));
  }

  @Test
  void theTableListsEachFolderOnce() throws IOException {
    List<Exercise> all = Exercise.all(ROOT).stream().filter(each -> !each.isStep()).toList();
    assertThat(all).hasSizeGreaterThanOrEqualTo(12);
    try (Stream<Path> folders = Files.list(ROOT.resolve(Exercise.INDEX).getParent())) {
      assertThat(all)
          .extracting(Exercise::name)
          .doesNotHaveDuplicates()
          .containsExactlyInAnyOrderElementsOf(
              folders
                  .filter(Files::isDirectory)
                  .map(folder -> folder.getFileName().toString())
                  .toList());
    }
  }

  @Test
  void eachPageSaysWhatTheTableSays() throws IOException {
    for (Exercise each : Exercise.all(ROOT)) {
      List<String> lines = Files.readAllLines(each.page());
      assertThat(lines.get(0)).as(each.name()).isEqualTo("# " + each.title());
      assertThat(lines.get(2)).as(each.name()).isEqualTo(each.facts());
      String page = String.join("\n", lines);
      for (Path file : each.start()) {
        assertThat(page)
            .as("the page of " + each.name())
            .contains("](start/" + file.getFileName() + ")");
      }
      assertThat(page)
          .contains("./twemlab exercise start " + each.name())
          .contains("./twemlab exercise check " + each.name());
    }
  }

  @Test
  void theHoursAreGraded() throws IOException {
    List<Double> hours =
        Exercise.all(ROOT).stream()
            .filter(each -> !each.isStep())
            .map(each -> Double.parseDouble(each.hours()))
            .toList();
    assertThat(hours).isSorted().allMatch(each -> each >= 0.5 && each <= 6);
  }

  @Test
  void aSolutionHasTheFilesOfTheStart() throws IOException {
    for (Exercise each : Exercise.all(ROOT)) {
      assertThat(names(Exercise.files(each.solution())))
          .as(each.name())
          .containsAll(names(each.start()));
    }
  }

  @Test
  void theLabHasTenStepsAndAsManyFolders() throws IOException {
    List<Exercise> steps = Exercise.lab(ROOT);
    assertThat(steps).hasSize(10).allMatch(Exercise::isStep);
    for (int i = 1; i <= steps.size(); i++) {
      assertThat(steps.get(i - 1).name()).isEqualTo("build-%02d".formatted(i));
      assertThat(steps.get(i - 1).folder()).isDirectory();
    }
  }

  private static List<String> names(List<Path> files) {
    return files.stream().map(file -> file.getFileName().toString()).toList();
  }
}
