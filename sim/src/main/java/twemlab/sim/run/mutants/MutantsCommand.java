package twemlab.sim.run.mutants;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import twemlab.proxy.tool.Launch;
import twemlab.sim.Simulation;
import twemlab.sim.choice.SeededChoices;
import twemlab.sim.run.Progress;
import twemlab.sim.scenario.SwarmSettings;

/// `twemlab mutants`: plants known bugs, one at a time, and shows how fast the simulator finds
/// them.
@Command(
    name = "twemlab mutants",
    description = "Plants known bugs and shows how fast the simulator finds them.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class MutantsCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "NAME",
      arity = "0..*",
      description = "The mutants to try; the first letters do.")
  private List<String> names = new ArrayList<>();

  /// They are found by different checks, within few runs, and their small runs are short.
  private static final List<String> MYSTERIES =
      List.of(
          "drained-close-is-immediate",
          "gathered-in-another-order",
          "flow-control-never-resumes",
          "A5-key-end-off-by-one",
          "held-bytes-dropped");

  @Option(
      names = "--mystery",
      paramLabel = "N",
      description = "One whose name is not told, from 1 to 5: to find the bug by its runs.")
  private Integer mystery;

  @Option(names = "--all", description = "Try all of them.")
  private boolean all;

  @Option(names = "--list", description = "List them, with what goes wrong in each.")
  private boolean list;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "60",
      description = "Processor time to spend on each at most (default: 60).")
  private long seconds;

  @Option(
      names = "--shrink",
      description =
          "Find a seed that fails, make its run as small as it goes, and keep it in"
              + " mutant-NAME.run.")
  private boolean shrink;

  @Option(
      names = "--replay",
      paramLabel = "FILE",
      description = "Run again what --shrink kept, with its mutant, and show the end of its trace.")
  private Path replay;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Run this seed alone, with one mutant, and show the end of its trace.")
  private Long seed;

  @Option(
      names = "--requests",
      paramLabel = "N",
      defaultValue = "40",
      description = "With --seed: requests of each client, at least (default: 40).")
  private long requests;

  @Option(
      names = "--steps",
      paramLabel = "N",
      defaultValue = "40",
      description = "With --seed and --replay: how many of the last steps to show (default: 40).")
  private int steps;

  @Option(
      names = "--trace",
      paramLabel = "FILE.html",
      description = "With --seed: a page with the run, and the same run of the proxy beside it.")
  private Path trace;

  @Spec private CommandLine.Model.CommandSpec spec;

  /// What became of one mutant.
  ///
  /// @param runs until it was found
  /// @param millis of processor time until then
  /// @param message of the check that saw it, or empty
  /// @param kept a file that holds the shrunk run, or empty
  public record Trial(long runs, long millis, String message, String kept) {
    static Trial of(String outcome) {
      if (outcome.isEmpty()) {
        return new Trial(0, 0, "", "");
      }
      String[] parts = outcome.split("\n", 2);
      String[] words = parts[0].split(" ", 3);
      String kept = parts.length == 1 ? "" : parts[1];
      return new Trial(Long.parseLong(words[0]), Long.parseLong(words[1]), words[2], kept);
    }

    boolean found() {
      return !message.isEmpty();
    }

    /// The word before the colon names the check.
    public String check() {
      return found() ? message.split(":", 2)[0] : "not found";
    }
  }

  /// Runs the command and exits: 0 if every mutant was found, 1 if one was not, 2 for wrong usage.
  public static void main(String[] arguments) {
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    System.exit(Launch.run(new MutantsCommand(), out, err, arguments));
  }

  @Override
  public Integer call() throws IOException {
    if (list) {
      Mutant.ALL.forEach(mutant -> System.out.printf("%-36s %s%n", mutant.name(), mutant.story()));
      return 0;
    }
    if (replay != null) {
      return replay();
    }
    List<Mutant> chosen = chosen();
    if (seed != null) {
      return one(chosen);
    }
    int found = 0;
    System.out.printf("%-36s %8s %8s  %s%n", "mutant", "runs", "seconds", "found by");
    for (Mutant mutant : chosen) {
      Trial trial = attempt(mutant, chosen);
      System.out.printf(
          "%-36s %8s %8s  %s%n",
          told(mutant),
          trial.found() ? "%,d".formatted(trial.runs()) : "-",
          trial.found() ? "%.1f".formatted(trial.millis() / 1e3) : "-",
          trial.check());
      found += trial.found() ? 1 : 0;
      keep(mutant, trial);
    }
    System.out.printf("%d of %d found%n", found, chosen.size());
    return found == chosen.size() ? 0 : 1;
  }

  /// Keeps a run that was shrunk, so that it can be run again; the file names the mutant.
  private void keep(Mutant mutant, Trial trial) throws IOException {
    if (!trial.kept().isEmpty() && mystery == null) {
      Path file = Path.of("mutant-" + mutant.name() + ".run");
      Files.writeString(file, PlantedMutant.OF + mutant.name() + "\n" + trial.kept());
      System.err.println("replay: ./twemlab mutants --replay " + file);
    }
  }

  private int replay() throws IOException {
    PlantedMutant run;
    try {
      run = PlantedMutant.replay(Files.readString(replay));
    } catch (IllegalArgumentException e) {
      throw wrong("--replay " + replay + ": " + e.getMessage());
    }
    return show(run);
  }

  private int show(PlantedMutant run) {
    System.out.println(run.trace().getFirst());
    List<String> shown = run.trace().subList(1, run.trace().size());
    shown.stream().skip(Math.max(0, shown.size() - steps)).forEach(System.out::println);
    System.out.println(run.violation().isEmpty() ? "every check holds" : run.violation());
    return run.violation().isEmpty() ? 1 : 0;
  }

  private Trial attempt(Mutant mutant, List<Mutant> chosen) throws IOException {
    try (Progress progress = new Progress("mutants")) {
      progress.show(chosen.indexOf(mutant), chosen.size(), told(mutant));
      return attempt(mutant, seconds * 1_000_000_000L, shrink ? "shrink" : "run");
    }
  }

  /// What a mutant is called before those who shall find it.
  private String told(Mutant mutant) {
    return mystery == null ? mutant.name() : "mystery " + mystery;
  }

  private int page(Mutant mutant) throws IOException {
    if (!trace.toString().endsWith(".html")) {
      throw wrong("--trace " + trace + ": accepted is a file that ends in .html");
    }
    String violation = MutantPage.write(mutant.name(), seed, requests, trace, told(mutant));
    String verdict = violation.isEmpty() ? "every check holds" : violation;
    spec.commandLine().getOut().println(verdict);
    return violation.isEmpty() ? 1 : 0;
  }

  private int one(List<Mutant> chosen) throws IOException {
    if (chosen.size() != 1) {
      throw wrong("--seed is for one mutant");
    }
    if (trace != null) {
      return page(chosen.getFirst());
    }
    PlantedMutant run = PlantedMutant.run(chosen.getFirst().name(), seed, requests);
    System.out.println(
        Simulation.settings(
            new SeededChoices(seed), new SwarmSettings.Wish(Optional.empty(), requests, Set.of())));
    return show(run);
  }

  private List<Mutant> chosen() {
    if (all) {
      return Mutant.ALL;
    }
    if (mystery != null) {
      if (mystery < 1 || mystery > MYSTERIES.size() || !names.isEmpty()) {
        throw wrong("--mystery: accepted is a number from 1 to 5, without names");
      }
      return List.of(Mutant.named(MYSTERIES.get(mystery - 1)));
    }
    List<Mutant> chosen = new ArrayList<>();
    names.forEach(name -> chosen.add(Mutant.named(name)));
    if (chosen.isEmpty()) {
      throw wrong("name some mutants, or give --all or --list");
    }
    return chosen;
  }

  private CommandLine.ParameterException wrong(String message) {
    return new CommandLine.ParameterException(spec.commandLine(), message);
  }

  /// Searches for a seed in which a mutant fails, in a process of its own. A run that does not come
  /// back counts as found.
  public static Trial attempt(Mutant mutant, long nanos, String method) throws IOException {
    Path directory = Files.createTempDirectory("twemlab-mutant");
    try {
      long patience = 8 * nanos / 1_000_000 + 20_000;
      return Trial.of(
          MutantProcess.run(mutant, directory, method, nanos, patience)
              .orElse("1 0 hang: a turn of the loop does not end"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Trial.of("");
    } finally {
      delete(directory);
    }
  }

  static void delete(Path directory) throws IOException {
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
