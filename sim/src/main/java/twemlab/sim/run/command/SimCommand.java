package twemlab.sim.run.command;

import static twemlab.proxy.trace.TraceFile.Form.HTML;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import twemlab.event.backend.Backend;
import twemlab.event.backend.EventBases;
import twemlab.proxy.tool.Launch;
import twemlab.proxy.trace.TraceFile;
import twemlab.proxy.trace.TraceHead;
import twemlab.sim.ListenerError;
import twemlab.sim.Simulation;
import twemlab.sim.choice.Choices;
import twemlab.sim.choice.ReplayedChoices;
import twemlab.sim.choice.SeededChoices;
import twemlab.sim.oracle.Violation;
import twemlab.sim.run.Determinism;
import twemlab.sim.run.Named;
import twemlab.sim.run.Progress;
import twemlab.sim.run.RunTrace;
import twemlab.sim.run.Screenshot;
import twemlab.sim.run.SeedBatch;
import twemlab.sim.run.Shrinker;
import twemlab.sim.run.ShrunkRun;
import twemlab.sim.run.SimTrace;
import twemlab.sim.run.mutants.PlantedMutant;
import twemlab.sim.scenario.Scenario;
import twemlab.sim.scenario.SwarmSettings;
import twemlab.sim.workload.WireProtocol;
import twemlab.sim.world.Trace;

/// `twemlab sim`: simulated runs, drawn from seeds.
@Command(
    name = "twemlab sim",
    description = "Runs the proxy on a simulated kernel, in virtual time, from a seed.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class SimCommand implements Callable<Integer> {
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
          "Write each step to FILE; its form goes by the ending: a page to step through (.html),"
              + " JSON (.jsonl), a picture (.svg), or text with a column for each actor (.txt).")
  private Path trace;

  @Option(
      names = "--steps",
      paramLabel = "A..B",
      description =
          "The steps to show, in text or with --trace FILE.svg or FILE.txt (default: all; of a"
              + " picture 1..200).")
  private String steps;

  @Option(
      names = "--compare",
      paramLabel = "OTHER",
      description =
          "With --trace FILE.html: show another trace (.jsonl, or a page) beside it, and the first"
              + " difference.")
  private Path compare;

  @Option(
      names = "--screenshot",
      paramLabel = "FILE",
      description = "With --trace FILE.html: have Chromium draw the page into FILE, a PNG.")
  private Path screenshot;

  @Option(
      names = "--view",
      paramLabel = "VIEW",
      defaultValue = "",
      description = "With --screenshot: what the page shows, such as step=120&theme=dark.")
  private String view;

  @Option(
      names = "--window",
      paramLabel = "WxH",
      defaultValue = Screenshot.Window.DEFAULT,
      description = "With --screenshot: the window, such as 1000x700 or 1000x700,dark.")
  private String window;

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

  @Option(
      names = "--save",
      paramLabel = "FILE",
      description = "With --shrink: where to keep the small run (default: shrunk-N.run).")
  private Path save;

  @Option(
      names = "--replay",
      paramLabel = "FILE",
      description = "Run what --shrink has kept in FILE, and show each step.")
  private Path replay;

  @Option(names = "--summary", paramLabel = "FILE", description = "With --seeds: a JSON summary.")
  private Path summary;

  @Option(names = "--jobs", paramLabel = "N", description = "Threads (default: one per processor).")
  private int jobs = Runtime.getRuntime().availableProcessors();

  @Spec private CommandLine.Model.CommandSpec spec;

  /// Runs the command and exits: 0 if every run held, 1 if one did not, 2 for wrong usage.
  public static void main(String[] arguments) {
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    System.exit(Launch.run(new SimCommand(), out, err, arguments));
  }

  @Override
  public Integer call() throws IOException {
    checkTrace();
    if (list) {
      Scenario.ALL.forEach(each -> out().printf("%-20s %s%n", each.name(), each.story()));
      return 0;
    }
    if (scenario != null) {
      if (!off.isEmpty()) {
        throw wrong("--off and --scenario exclude each other: a scenario's faults are its story");
      }
      return watch();
    }
    if (replay != null) {
      return replay();
    }
    SwarmSettings.Wish wish = new SwarmSettings.Wish(base(), requests, Named.faults(off));
    if (seeds == null) {
      return one(seed == null ? 1 : seed, wish);
    }
    if (seed != null) {
      throw wrong("--seed and --seeds exclude each other");
    }
    long[] range = range("--seeds", seeds);
    SeedBatch batch = new SeedBatch(wish, checkDeterminism, new Progress("seeds"));
    SeedBatch.Result result = batch.run(range[0], range[1], Math.max(1, jobs));
    out().print(result.text());
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
    out().println(Simulation.settings(new SeededChoices(each), wish));
    if (shrink) {
      return shrink(each, wish);
    }
    if (checkDeterminism) {
      Optional<String> difference = Determinism.firstDifference(each, wish);
      out().println(difference.orElse("both runs took the same steps"));
      return difference.isPresent() ? 1 : 0;
    }
    return run(
        each, new SeededChoices(each), Simulation.settings(new SeededChoices(each), wish), false);
  }

  private int shrink(long each, SwarmSettings.Wish wish) throws IOException {
    Shrinker shrinker = new Shrinker(System.out);
    shrinker.shrink(each, wish);
    if (shrinker.result().isEmpty()) {
      return 0;
    }
    Path file = save == null ? Path.of("shrunk-" + each + ".run") : save;
    Files.writeString(file, shrinker.result().get().text());
    System.err.println("replay: ./twemlab sim --replay " + file);
    return 1;
  }

  private int replay() throws IOException {
    ShrunkRun kept;
    SwarmSettings settings;
    try {
      String text = Files.readString(replay);
      if (text.startsWith(PlantedMutant.OF)) {
        throw wrong("it fails with its mutant only: ./twemlab mutants --replay " + replay);
      }
      kept = ShrunkRun.parse(text);
      settings = kept.settings();
    } catch (IllegalArgumentException e) {
      throw wrong("--replay " + replay + ": " + e.getMessage());
    }
    out().println(settings);
    return run(kept.seed(), new ReplayedChoices(kept.choices()), settings, !quiet);
  }

  /// Runs a scenario, step by step before one's eyes, or as fast as it goes if it is to be timed.
  private int watch() throws IOException {
    Scenario chosen = Named.scenario(scenario);
    WireProtocol spoken = Named.protocol(protocol);
    SwarmSettings settings = chosen.settings(base().orElse(EventBases.EPOLL), spoken);
    out().println(chosen.name() + ": " + chosen.story());
    out().println(settings);
    boolean timed = chosen.timed();
    long each = seed == null ? 1 : seed;
    return run(each, new SeededChoices(each), settings, !(quiet || timed));
  }

  /// @param shown whether each step is shown, if it does not go to a file anyway
  private int run(long each, Choices choices, SwarmSettings settings, boolean shown)
      throws IOException {
    long started = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    Simulation.Report report;
    try (RunTrace file = shown || trace != null ? open(each, settings) : null) {
      report = run(choices, settings, file);
    } catch (Violation e) {
      report(each, e);
      draw();
      return 1;
    } catch (ListenerError e) {
      if (e.getCause() instanceof UncheckedIOException io) {
        throw written(io.getCause());
      }
      throw e;
    } catch (IOException e) {
      throw written(e);
    }
    draw();
    // Behind the trace, which may go to stdout, too.
    print(each, report, started);
    return 0;
  }

  /// What went wrong when steps were written: a full disk names no file.
  private IOException written(IOException problem) {
    boolean named = problem instanceof FileSystemException || trace == null;
    return named ? problem : new IOException(trace + ": " + problem.getMessage(), problem);
  }

  private void draw() throws IOException {
    if (screenshot != null) {
      Screenshot.take(trace, view, window(), screenshot);
    }
  }

  private Screenshot.Window window() {
    try {
      return Screenshot.Window.of(window);
    } catch (IllegalArgumentException e) {
      throw wrong(e.getMessage());
    }
  }

  private RunTrace open(long each, SwarmSettings settings) throws IOException {
    if (trace == null) {
      return RunTrace.onStdout(settings, drawn("1.." + Long.MAX_VALUE));
    }
    TraceHead head = SimTrace.head(title(each, settings), settings, each);
    if (trace.toString().endsWith(RunTrace.TEXT)) {
      return RunTrace.text(trace, settings, drawn("1.." + Long.MAX_VALUE));
    }
    long[] drawn = drawn("1..200");
    TraceFile.Options options =
        new TraceFile.Options(drawn[0], drawn[1], Optional.ofNullable(compare));
    return RunTrace.file(TraceFile.create(trace, form(), head, options), settings);
  }

  /// The first and the last step that are shown.
  private long[] drawn(String unlessTold) {
    return range("--steps", steps == null ? unlessTold : steps);
  }

  private TraceFile.Form form() {
    return TraceFile.Form.of(trace)
        .orElseThrow(
            () ->
                wrong(
                    "--trace "
                        + trace
                        + ": the ending says the form; accepted are .html, .jsonl, .svg, .txt"));
  }

  /// Before a run: what would fail after it is told now.
  private void checkTrace() {
    if (trace != null && !trace.toString().endsWith(RunTrace.TEXT)) {
      form();
    }
    boolean page = trace != null && TraceFile.Form.of(trace).equals(Optional.of(HTML));
    if (compare != null && !page) {
      throw wrong("--compare needs --trace FILE.html");
    }
    if (screenshot != null && !page) {
      throw wrong("--screenshot needs --trace FILE.html");
    }
    window();
    if (steps != null) {
      drawn(steps);
    }
    if (trace != null && seeds != null) {
      throw wrong("--trace and --seeds exclude each other");
    }
  }

  private static Simulation.Report run(Choices choices, SwarmSettings settings, RunTrace file)
      throws IOException {
    try {
      Trace.Listener listener = file == null ? null : file.listener();
      return Simulation.run(choices, settings, listener);
    } catch (Violation e) {
      if (file != null) {
        file.violation(e.getMessage());
      }
      throw e;
    }
  }

  private String title(long each, SwarmSettings settings) {
    String run = replay == null ? "simulated run" : "replayed run";
    String what = scenario == null ? run : scenario;
    return what + ", seed " + each + ", " + settings.base().backend();
  }

  private void report(long each, Violation violation) {
    System.err.println("seed " + each + ": " + violation.getMessage());
    if (violation.getCause() != null) {
      violation.getCause().printStackTrace();
    }
    System.err.println("replay: " + replayCommand(each));
  }

  private String replayCommand(long each) {
    StringBuilder command = new StringBuilder("./twemlab sim");
    if (replay != null) {
      return command.append(" --replay ").append(replay).toString();
    }
    if (scenario != null) {
      command.append(" --scenario ").append(scenario).append(" --protocol ").append(protocol);
    }
    command.append(" --seed ").append(each);
    if (scenario == null) {
      command.append(" --requests ").append(requests);
    }
    if (backend != null) {
      command.append(" --backend ").append(backend);
    }
    if (!off.isEmpty()) {
      command.append(" --off ").append(String.join(",", off.stream().sorted().toList()));
    }
    return command.toString();
  }

  private void print(long each, Simulation.Report report, long started) {
    long now = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    double seconds = (now - started) / 1e9;
    out()
        .printf(
            "seed %d: %,d requests, %,d replies as predicted, %,d errors, %,d turns, %,d steps,"
                + " %.3f s of virtual time; %.2f s of processor time, %,.0f requests/s%n",
            each,
            report.requests(),
            report.replies(),
            report.errors(),
            report.turns(),
            report.steps(),
            report.virtualNanos() / 1e9,
            seconds,
            report.requests() / seconds);
    out().printf("trace hash: %016x%n", report.traceHash());
  }

  private long[] range(String option, String text) {
    String[] ends = text.split("\\.\\.", 2);
    try {
      long[] range = {Long.parseLong(ends[0]), Long.parseLong(ends[ends.length - 1])};
      if (ends.length == 2 && range[0] <= range[1]) {
        return range;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw wrong(option + " " + text + ": accepted is A..B with A <= B, for example 1..100");
  }

  private Optional<Backend> base() {
    return Optional.ofNullable(backend).map(Named::backend);
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private CommandLine.ParameterException wrong(String message) {
    return new CommandLine.ParameterException(spec.commandLine(), message);
  }
}
