package twemlab.sim.run.mutants;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import twemlab.proxy.trace.TraceFile;
import twemlab.proxy.trace.TraceHead;
import twemlab.sim.Simulation;
import twemlab.sim.choice.SeededChoices;
import twemlab.sim.oracle.Violation;
import twemlab.sim.run.SimTrace;
import twemlab.sim.scenario.SwarmSettings;

/// A run with a known bug beside the same run without it, as a page for the viewer.
public final class MutantPage {
  private static final long LIMIT_MILLIS = 60_000;

  private MutantPage() {}

  /// Writes the page.
  ///
  /// @param mutant one of `twemlab mutants --list`
  /// @param requests of each client, at least
  /// @param title what the page calls the mutant
  /// @return the message of the check that failed; empty if none did
  /// @throws IOException if the page cannot be written
  public static String write(String mutant, long seed, long requests, Path page, String title)
      throws IOException {
    Path directory = Files.createTempDirectory("twemlab-mutant");
    Path healthy = directory.resolve("healthy.jsonl");
    try {
      run(seed, requests, healthy.toString(), "", "without the mutant");
      MutantLoader loader =
          new MutantLoader(Mutant.named(mutant), MutantsCommand.root(), directory);
      return PlantedMutant.inTime(
              () -> run(loader, seed, requests, page, healthy, title), LIMIT_MILLIS)
          .orElse("hang: a turn of the loop does not end");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      MutantsCommand.delete(directory);
    }
  }

  private static String run(
      MutantLoader loader, long seed, long requests, Path page, Path healthy, String title) {
    try {
      return (String)
          loader
              .loadClass(MutantPage.class.getName())
              .getMethod("run", long.class, long.class, String.class, String.class, String.class)
              .invoke(null, seed, requests, page.toString(), healthy.toString(), title);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /// One run, by the classes of whoever calls.
  ///
  /// @param file of the trace
  /// @param compare another one to be shown beside it; empty for none
  /// @return the message of the check that failed; empty if none did
  public static String run(long seed, long requests, String file, String compare, String title) {
    SwarmSettings.Wish wish = new SwarmSettings.Wish(Optional.empty(), requests, Set.of());
    SwarmSettings settings = Simulation.settings(new SeededChoices(seed), wish);
    TraceHead head = SimTrace.head(title + ", seed " + seed, settings, seed);
    Optional<Path> other = compare.isEmpty() ? Optional.empty() : Optional.of(Path.of(compare));
    TraceFile.Options options = new TraceFile.Options(1, 200, other);
    Path path = Path.of(file);
    TraceFile.Form form = TraceFile.Form.of(path).orElseThrow();
    try (SimTrace trace = new SimTrace(TraceFile.create(path, form, head, options), settings)) {
      try {
        Simulation.run(new SeededChoices(seed), settings, trace);
        return "";
      } catch (Violation e) {
        trace.violation(e.getMessage());
        return e.getMessage();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
