package twemlab.sim.run;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import twemlab.event.EventBases;
import twemlab.sim.Simulation;
import twemlab.sim.Violation;

/// `twemlab sim`: simulated runs, drawn from seeds.
@Command(
    name = "twemlab sim",
    description = "Runs the proxy on a simulated kernel, in virtual time, from a seed.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class SimCommand implements Callable<Integer> {
  private static final List<String> BACKENDS =
      Arrays.stream(EventBases.values()).map(EventBases::backend).toList();

  @Option(names = "--seed", paramLabel = "N", description = "Run this seed alone (default: 1).")
  private Long seed;

  @Option(names = "--seeds", paramLabel = "A..B", description = "Run the seeds from A to B.")
  private String seeds;

  @Option(
      names = "--scenario",
      paramLabel = "NAME",
      defaultValue = "mixed",
      description = "What to run: mixed (default).")
  private String scenario;

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      defaultValue = "epoll",
      description = "The event base of the proxy: epoll (default), epoll-level, poll.")
  private String backend;

  @Option(
      names = "--requests",
      paramLabel = "N",
      defaultValue = "300",
      description = "Requests of each client (default: 300).")
  private long requests;

  @Spec private CommandLine.Model.CommandSpec spec;

  /// Runs the command and exits: 0 if every run held, 1 if one did not, 2 for wrong usage.
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new SimCommand()).execute(arguments));
  }

  @Override
  public Integer call() {
    long[] range = range();
    EventBases base = base();
    if (!scenario.equals("mixed")) {
      throw wrong("--scenario " + scenario + ": accepted is mixed");
    }
    long started = System.nanoTime();
    Totals totals = new Totals();
    for (long each = range[0]; each <= range[1]; each++) {
      if (!runOne(each, base, totals)) {
        return 1;
      }
    }
    if (range[1] > range[0]) {
      totals.print(System.nanoTime() - started);
    }
    return 0;
  }

  private boolean runOne(long each, EventBases base, Totals totals) {
    try {
      Simulation.Report report = Simulation.run(each, base, requests);
      totals.add(report);
      print(report);
      return true;
    } catch (Violation e) {
      System.err.println("seed " + each + ": " + e.getMessage());
      System.err.println(
          "replay: ./twemlab sim --seed "
              + each
              + " --backend "
              + backend
              + " --requests "
              + requests);
      return false;
    }
  }

  private static void print(Simulation.Report report) {
    System.out.printf(
        "seed %d: %,d requests, %,d replies as expected, %,d turns, %,d steps, %.3f s of virtual"
            + " time, %,d partial reads, %,d partial writes%n",
        report.seed(),
        report.requests(),
        report.replies(),
        report.turns(),
        report.steps(),
        report.virtualNanos() / 1e9,
        report.partialReads(),
        report.partialWrites());
    System.out.printf("trace hash: %016x%n", report.traceHash());
  }

  private long[] range() {
    if (seed != null && seeds != null) {
      throw wrong("--seed and --seeds exclude each other");
    }
    if (seeds == null) {
      long one = seed == null ? 1 : seed;
      return new long[] {one, one};
    }
    String[] ends = seeds.split("\\.\\.", 2);
    try {
      long[] range = {Long.parseLong(ends[0]), Long.parseLong(ends[ends.length - 1])};
      if (ends.length == 2 && range[0] <= range[1]) {
        return range;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw wrong("--seeds " + seeds + ": accepted is A..B with A <= B, for example 1..100");
  }

  private EventBases base() {
    return Arrays.stream(EventBases.values())
        .filter(base -> base.backend().equals(backend))
        .findFirst()
        .orElseThrow(
            () ->
                wrong(
                    "--backend " + backend + ": accepted here are " + String.join(", ", BACKENDS)));
  }

  private CommandLine.ParameterException wrong(String message) {
    return new CommandLine.ParameterException(spec.commandLine(), message);
  }

  /// Sums over the runs of a batch.
  private static final class Totals {
    private long runs;
    private long requests;
    private long virtualNanos;

    void add(Simulation.Report report) {
      runs++;
      requests += report.requests();
      virtualNanos += report.virtualNanos();
    }

    void print(long nanos) {
      double seconds = nanos / 1e9;
      System.out.printf(
          "%,d runs in %.1f s: %.1f runs/s, %,.0f simulated requests/s, %.1f virtual seconds a"
              + " second%n",
          runs, seconds, runs / seconds, requests / seconds, virtualNanos / 1e9 / seconds);
    }
  }
}
