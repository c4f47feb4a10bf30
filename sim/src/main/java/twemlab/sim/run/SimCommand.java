package twemlab.sim.run;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import twemlab.event.Backend;
import twemlab.event.Backends;
import twemlab.event.EventBases;
import twemlab.sim.Scenario;
import twemlab.sim.SeededChoices;
import twemlab.sim.Simulation;
import twemlab.sim.SwarmSettings;
import twemlab.sim.Violation;
import twemlab.sim.WireProtocol;
import twemlab.sim.kernel.Trace;

/// `twemlab sim`: simulated runs, drawn from seeds.
@Command(
    name = "twemlab sim",
    description = "Runs the proxy on a simulated kernel, in virtual time, from a seed.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class SimCommand implements Callable<Integer> {
  private static final List<String> BACKENDS =
      Backends.all().stream().map(Backend::backend).toList();

  @Option(names = "--seed", paramLabel = "N", description = "Run this seed alone (default: 1).")
  private Long seed;

  @Option(
      names = "--seeds",
      paramLabel = "A..B",
      description = "Run the seeds from A to B on all processors; stop at the first violation.")
  private String seeds;

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      description = "The backend of the proxy (default: drawn).")
  private String backend;

  @Option(
      names = "--requests",
      paramLabel = "N",
      defaultValue = "100",
      description = "Requests of each client, at least (default: 100).")
  private long requests;

  @Option(
      names = "--off",
      paramLabel = "KIND",
      split = ",",
      description = "Turn kinds of fault off, such as RST or LATE; all: every kind.")
  private Set<String> off = new HashSet<>();

  @Option(
      names = "--scenario",
      paramLabel = "NAME",
      description = "Run a situation that was made up, and show each step; see --list.")
  private String scenario;

  @Option(names = "--list", description = "List the scenarios.")
  private boolean list;

  @Option(
      names = "--protocol",
      paramLabel = "NAME",
      defaultValue = "redis",
      description = "With --scenario: redis or memcached (default: redis).")
  private String protocol;

  @Option(names = "--quiet", description = "With --scenario: do not show the steps.")
  private boolean quiet;

  @Option(
      names = "--trace",
      paramLabel = "FILE",
      description =
          "Write each step to FILE, as JSON (.jsonl) or as text with a column for each actor.")
  private Path trace;

  @Option(
      names = "--check-determinism",
      description = "Run each seed twice and report the first step that differs.")
  private boolean checkDeterminism;

  @Option(
      names = "--shrink",
      description =
          "With --seed: look for a simpler configuration, then drop and lower the choices that"
              + " a violation does not need.")
  private boolean shrink;

  @Option(names = "--summary", paramLabel = "FILE", description = "With --seeds: a JSON summary.")
  private Path summary;

  @Option(names = "--jobs", paramLabel = "N", description = "Threads (default: one per processor).")
  private int jobs = Runtime.getRuntime().availableProcessors();

  @Spec private CommandLine.Model.CommandSpec spec;

  /// Runs the command and exits: 0 if every run held, 1 if one did not, 2 for wrong usage.
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new SimCommand()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    if (list) {
      Scenario.ALL.forEach(each -> System.out.printf("%-20s %s%n", each.name(), each.story()));
      return 0;
    }
    if (scenario != null) {
      return watch();
    }
    SwarmSettings.Wish wish = new SwarmSettings.Wish(base(), requests, Set.copyOf(off));
    if (seeds == null) {
      return one(seed == null ? 1 : seed, wish);
    }
    if (seed != null) {
      throw wrong("--seed and --seeds exclude each other");
    }
    long[] range = range();
    SeedBatch batch = new SeedBatch(wish, checkDeterminism, new Progress("seeds"));
    SeedBatch.Result result = batch.run(range[0], range[1], Math.max(1, jobs));
    System.out.print(result.text());
    if (summary != null) {
      Files.writeString(summary, result.json());
    }
    if (result.failure().isEmpty()) {
      return 0;
    }
    SeedBatch.Failure failure = result.failure().get();
    report(failure.seed(), failure.violation());
    return 1;
  }

  private int one(long each, SwarmSettings.Wish wish) throws IOException {
    System.out.println(Simulation.settings(new SeededChoices(each), wish));
    if (shrink) {
      return new Shrinker(System.out).shrink(each, wish) > 0 ? 1 : 0;
    }
    if (checkDeterminism) {
      Optional<String> difference = Determinism.firstDifference(each, wish);
      System.out.println(difference.orElse("both runs took the same steps"));
      return difference.isPresent() ? 1 : 0;
    }
    return run(each, Simulation.settings(new SeededChoices(each), wish), trace != null);
  }

  /// Runs a scenario, step by step before one's eyes, or as fast as it goes if it is to be timed.
  private int watch() throws IOException {
    Scenario chosen =
        Scenario.byName(scenario)
            .orElseThrow(() -> wrong("no scenario is called " + scenario + "; --list shows them"));
    WireProtocol spoken =
        protocol.equals("memcached") ? WireProtocol.MEMCACHED : WireProtocol.REDIS;
    SwarmSettings settings = chosen.settings(base().orElse(EventBases.EPOLL), spoken);
    System.out.println(chosen.name() + ": " + chosen.story());
    System.out.println(settings);
    boolean timed = chosen.timed();
    return run(seed == null ? 1 : seed, settings, trace != null || !(quiet || timed));
  }

  private int run(long each, SwarmSettings settings, boolean traced) throws IOException {
    long started = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    Simulation.Report report;
    try (TraceFile file = traced ? new TraceFile(trace, settings) : null) {
      report = Simulation.run(new SeededChoices(each), settings, file);
    } catch (Violation e) {
      report(each, e);
      return 1;
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    // Behind the trace, which may go to stdout, too.
    print(each, report, started);
    return 0;
  }

  private void report(long each, Violation violation) {
    System.err.println("seed " + each + ": " + violation.getMessage());
    if (violation.getCause() != null) {
      violation.getCause().printStackTrace();
    }
    String command = "./twemlab sim --seed " + each + " --requests " + requests;
    System.err.println(
        "replay: "
            + command
            + (backend == null ? "" : " --backend " + backend)
            + (off.isEmpty() ? "" : " --off " + String.join(",", off.stream().sorted().toList())));
  }

  private static void print(long each, Simulation.Report report, long started) {
    long now = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    double seconds = (now - started) / 1e9;
    System.out.printf(
        "seed %d: %,d requests, %,d replies as predicted, %,d errors, %,d turns, %,d steps, %.3f s"
            + " of virtual time; %.2f s of processor time, %,.0f requests/s%n",
        each,
        report.requests(),
        report.replies(),
        report.errors(),
        report.turns(),
        report.steps(),
        report.virtualNanos() / 1e9,
        seconds,
        report.requests() / seconds);
    System.out.printf("trace hash: %016x%n", report.traceHash());
  }

  private long[] range() {
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

  private Optional<Backend> base() {
    if (backend == null) {
      return Optional.empty();
    }
    Optional<Backend> found =
        Backends.all().stream().filter(base -> base.backend().equals(backend)).findFirst();
    if (found.isEmpty()) {
      throw wrong("--backend " + backend + ": accepted here are " + String.join(", ", BACKENDS));
    }
    return found;
  }

  private CommandLine.ParameterException wrong(String message) {
    return new CommandLine.ParameterException(spec.commandLine(), message);
  }

  /// What takes each step of a trace: a file, or stdout.
  private static final class TraceFile implements Trace.Listener, AutoCloseable {
    private final Writer out;
    private final boolean json;
    private final TraceColumns columns;

    TraceFile(Path path, SwarmSettings settings) throws IOException {
      this.out =
          path == null
              ? new BufferedWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8))
              : Files.newBufferedWriter(path, StandardCharsets.UTF_8);
      this.json = path != null && path.toString().endsWith(".jsonl");
      this.columns = new TraceColumns(settings);
      if (!json) {
        write(columns.head());
      }
    }

    @Override
    public void step(Trace.Step step) {
      write(json ? step.json() : columns.line(step));
    }

    private void write(String line) {
      try {
        out.write(line);
        out.write('\n');
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() throws IOException {
      out.flush();
    }
  }
}
