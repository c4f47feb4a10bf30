package twemlab.sim.run;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `twemlab mutants`: plants known bugs, one at a time, and shows how fast the simulator finds
/// them.
@Command(
    name = "twemlab mutants",
    description = "Plants known bugs and shows how fast the simulator finds them.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class MutantsCommand implements Callable<Integer> {
  @Parameters(paramLabel = "NAME", arity = "0..*", description = "The mutants to try.")
  private List<String> names = new ArrayList<>();

  @Option(names = "--all", description = "Try all of them.")
  private boolean all;

  @Option(names = "--list", description = "List them, with what goes wrong in each.")
  private boolean list;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "60",
      description = "How long to search for each (default: 60).")
  private long seconds;

  @Spec private CommandLine.Model.CommandSpec spec;

  /// What became of one mutant.
  ///
  /// @param outcome the seed that failed and the check's message, or empty
  record Trial(String outcome, double seconds) {
    boolean found() {
      return !outcome.isEmpty();
    }

    String seed() {
      return found() ? outcome.split(" ", 2)[0] : "-";
    }

    String check() {
      return found() ? outcome.split(" ", 2)[1].split(":", 2)[0] : "not found";
    }
  }

  /// Runs the command and exits: 0 if every mutant was found, 1 if one was not, 2 for wrong usage.
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new MutantsCommand()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    if (list) {
      Mutant.ALL.forEach(mutant -> System.out.printf("%-32s %s%n", mutant.name(), mutant.story()));
      return 0;
    }
    List<Mutant> chosen = chosen();
    boolean allFound = true;
    System.out.printf("%-32s %8s %8s  %s%n", "mutant", "seeds", "seconds", "found by");
    for (Mutant mutant : chosen) {
      Trial trial = attempt(mutant, seconds * 1_000_000_000L);
      System.out.printf(
          "%-32s %8s %8.1f  %s%n", mutant.name(), trial.seed(), trial.seconds(), trial.check());
      allFound &= trial.found();
    }
    return allFound ? 0 : 1;
  }

  private List<Mutant> chosen() {
    if (all) {
      return Mutant.ALL;
    }
    List<Mutant> chosen = new ArrayList<>();
    for (String name : names) {
      chosen.add(
          Mutant.ALL.stream()
              .filter(mutant -> mutant.name().equals(name))
              .findFirst()
              .orElseThrow(() -> wrong("no mutant is called " + name + "; --list shows them")));
    }
    if (chosen.isEmpty()) {
      throw wrong("name some mutants, or give --all or --list");
    }
    return chosen;
  }

  private CommandLine.ParameterException wrong(String message) {
    return new CommandLine.ParameterException(spec.commandLine(), message);
  }

  /// Searches for a seed in which a mutant fails. A run that does not come back counts as found.
  static Trial attempt(Mutant mutant, long nanos) throws IOException {
    Path directory = Files.createTempDirectory("twemlab-mutant");
    try {
      MutantLoader loader = new MutantLoader(mutant, root(), directory);
      String[] outcome = {"? hang: a turn of the loop does not end"};
      long started = System.nanoTime();
      Thread thread = Thread.ofPlatform().daemon().start(() -> outcome[0] = trial(loader, nanos));
      thread.join(nanos / 1_000_000 + 20_000);
      return new Trial(outcome[0], (System.nanoTime() - started) / 1e9);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Trial("", 0);
    } finally {
      delete(directory);
    }
  }

  private static String trial(MutantLoader loader, long nanos) {
    try {
      return (String)
          loader
              .loadClass(MutantTrial.class.getName())
              .getMethod("run", long.class)
              .invoke(null, nanos);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /// The project's root: mutants are patches of its sources.
  static Path root() {
    try {
      Path place =
          Path.of(MutantsCommand.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      while (place != null && !Files.exists(place.resolve(Mutant.ALL.getFirst().file()))) {
        place = place.getParent();
      }
      if (place == null) {
        throw new IllegalStateException("mutants need the project's sources");
      }
      return place.toAbsolutePath();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
