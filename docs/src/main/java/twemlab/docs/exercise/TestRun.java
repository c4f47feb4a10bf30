package twemlab.docs.exercise;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.ClassSelector;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.EngineFilter;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/// Runs the tests of exercises through the JUnit Platform and tells of each as it begins and ends.
///
/// As a program it is the child of an [ExerciseCheck], which ends it when it stands still.
final class TestRun {
  /// Takes what happens.
  interface Listener {
    /// A test begins.
    void started(String testClass, String test);

    /// It has ended.
    ///
    /// @param problem what went wrong; empty if it passed
    void ended(String testClass, String test, String problem);
  }

  private TestRun() {}

  /// Writes `start` and `end` lines to stdout, of fields separated by tabs; what the tests
  /// themselves print goes to stderr.
  public static void main(String[] classNames) throws ClassNotFoundException {
    PrintStream lines = System.out;
    System.setOut(System.err);
    Class<?>[] classes = new Class<?>[classNames.length];
    for (int i = 0; i < classes.length; i++) {
      classes[i] = Class.forName(classNames[i]);
    }
    run(
        List.of(classes),
        new Listener() {
          @Override
          public void started(String testClass, String test) {
            lines.println("start\t" + test);
          }

          @Override
          public void ended(String testClass, String test, String problem) {
            byte[] bytes = problem.getBytes(StandardCharsets.UTF_8);
            lines.println("end\t" + test + "\t" + HexFormat.of().formatHex(bytes));
          }
        });
    lines.flush();
    // A student's thread must not keep the process alive.
    Runtime.getRuntime().halt(0);
  }

  /// Runs all tests of some classes on this thread.
  static void run(List<Class<?>> classes, Listener listener) {
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(
                classes.stream().map(each -> selectClass(each)).toArray(ClassSelector[]::new))
            .filters(EngineFilter.includeEngines("junit-jupiter"))
            .configurationParameter("junit.jupiter.execution.parallel.enabled", "false")
            .build();
    LauncherFactory.create().execute(request, new Adapter(listener));
  }

  private record Adapter(Listener listener) implements TestExecutionListener {
    @Override
    public void executionStarted(TestIdentifier test) {
      if (test.isTest()) {
        listener.started(testClass(test), title(test));
      }
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      boolean failed = result.getStatus() != TestExecutionResult.Status.SUCCESSFUL;
      if (test.isTest() || failed) {
        String problem = failed ? problem(result.getThrowable()) : "";
        listener.ended(testClass(test), title(test), problem);
      }
    }
  }

  private static String testClass(TestIdentifier test) {
    return test.getSource()
        .filter(MethodSource.class::isInstance)
        .map(source -> ((MethodSource) source).getClassName())
        .orElse("");
  }

  /// `emptyKeyIsRefused()` as `empty key is refused`; cases of a parameterized test as they are.
  private static String title(TestIdentifier test) {
    String name = test.getDisplayName();
    return name.endsWith("()")
        ? name.substring(0, name.length() - 2)
            .replaceAll("(?<=[a-z])(?=[A-Z0-9])|(?<=[A-Z])(?=[A-Z])|(?<=[0-9])(?=[A-Za-z])", " ")
            .toLowerCase(Locale.ROOT)
        : name;
  }

  private static String problem(Optional<Throwable> thrown) {
    if (thrown.isEmpty()) {
      return "it was not run";
    }
    Throwable failure = thrown.get();
    String message = String.valueOf(failure.getMessage()).strip();
    String text =
        failure instanceof AssertionError ? message : failure.getClass().getName() + ": " + message;
    return Stream.of(failure.getStackTrace())
        .filter(frame -> frame.getClassName().startsWith("twemlab.exercise."))
        .findFirst()
        .map(frame -> text + "\nat " + frame.getFileName() + ":" + frame.getLineNumber())
        .orElse(text);
  }
}
