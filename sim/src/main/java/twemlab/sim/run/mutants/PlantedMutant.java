package twemlab.sim.run.mutants;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import twemlab.sim.run.Named;

/// One run of one seed with a known bug in the program.
///
/// @param violation the message of the check that failed; empty if none did
/// @param trace the columns' heads, and a line for each step
public record PlantedMutant(String violation, List<String> trace) {
  /// How long a run may take: a mutant may never come back.
  private static final long LIMIT_MILLIS = 60_000;

  /// Plants a mutant, and runs a seed.
  ///
  /// @param mutant one of `twemlab mutants --list`
  /// @param requests of each client, at least
  /// @throws IllegalArgumentException if there is no such mutant
  public static PlantedMutant run(String mutant, long seed, long requests) throws IOException {
    Mutant chosen = Named.mutant(mutant);
    Path directory = Files.createTempDirectory("twemlab-mutant");
    try {
      MutantLoader loader = new MutantLoader(chosen, MutantsCommand.root(), directory);
      List<String> trace = new ArrayList<>();
      return inTime(() -> run(loader, seed, requests, trace::add), LIMIT_MILLIS)
          .map(violation -> new PlantedMutant(violation, List.copyOf(trace)))
          .orElse(new PlantedMutant("hang: a turn of the loop does not end", List.of("")));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      MutantsCommand.delete(directory);
    }
  }

  /// What a run answers that may not come back; empty if it does not.
  ///
  /// @throws IllegalStateException if it threw: it has found nothing, and has not hung
  public static Optional<String> inTime(Supplier<String> run, long millis)
      throws InterruptedException {
    CompletableFuture<String> answer = new CompletableFuture<>();
    answer.completeAsync(run, task -> Thread.ofPlatform().daemon().start(task));
    try {
      return Optional.of(answer.get(millis, TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (ExecutionException e) {
      throw new IllegalStateException(
          "the trial of a mutant failed: " + e.getCause(), e.getCause());
    }
  }

  /// The same run of the program as it is.
  public static PlantedMutant none(long seed, long requests) {
    List<String> trace = new ArrayList<>();
    String violation = MutantTrial.one(seed, requests, trace::add);
    return new PlantedMutant(violation, List.copyOf(trace));
  }

  private static String run(MutantLoader loader, long seed, long requests, Consumer<String> lines) {
    try {
      return (String)
          loader
              .loadClass(MutantTrial.class.getName())
              .getMethod("one", long.class, long.class, Consumer.class)
              .invoke(null, seed, requests, lines);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
