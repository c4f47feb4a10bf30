package twemlab.sim.run.mutants;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;
import twemlab.sim.run.ShrunkRun;

/// One run of one seed with a known bug in the program.
///
/// @param violation the message of the check that failed; empty if none did
/// @param trace the columns' heads, and a line for each step
public record PlantedMutant(String violation, List<String> trace) {
  /// How a kept run of a mutant begins.
  public static final String OF = "mutant ";

  /// How long a run may take: a mutant may never come back.
  private static final long LIMIT_MILLIS = 60_000;

  /// Plants a mutant, and runs a seed.
  ///
  /// @param mutant one of `twemlab mutants --list`
  /// @param requests of each client, at least
  /// @throws IllegalArgumentException if there is no such mutant
  public static PlantedMutant run(String mutant, long seed, long requests) throws IOException {
    return run(
        Mutant.named(mutant),
        (loader, lines) -> call(loader, "one", seed, requests, (Consumer<String>) lines::add));
  }

  /// Runs again what `twemlab mutants --shrink` kept.
  ///
  /// @param text of the file
  /// @throws IllegalArgumentException if it is something else
  static PlantedMutant replay(String text) throws IOException {
    if (!text.startsWith(OF)) {
      throw new IllegalArgumentException("no line \"mutant NAME\"; --shrink writes such files");
    }
    String[] parts = text.substring(OF.length()).split("\n", 2);
    ShrunkRun.parse(parts[1]).settings(); // says what is wrong with it, if anything
    return run(
        Mutant.named(parts[0]),
        (loader, lines) -> call(loader, "replay", parts[1], (Consumer<String>) lines::add));
  }

  private static PlantedMutant run(
      Mutant mutant, BiFunction<MutantLoader, List<String>, String> what) throws IOException {
    Path directory = Files.createTempDirectory("twemlab-mutant");
    try {
      MutantLoader loader = new MutantLoader(mutant, MutantsCommand.root(), directory);
      List<String> trace = new ArrayList<>();
      return inTime(() -> what.apply(loader, trace), LIMIT_MILLIS)
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

  private static String call(MutantLoader loader, String method, Object... arguments) {
    try {
      return (String)
          Arrays.stream(loader.loadClass(MutantTrial.class.getName()).getMethods())
              .filter(each -> each.getName().equals(method))
              .findFirst()
              .orElseThrow()
              .invoke(null, arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException wrong) {
        throw wrong;
      }
      throw new IllegalStateException(e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
