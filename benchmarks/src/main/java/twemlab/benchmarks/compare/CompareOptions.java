package twemlab.benchmarks.compare;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;
import twemlab.benchmarks.Machine;
import twemlab.proxy.tool.Choice;
import twemlab.proxy.tool.Launch;
import twemlab.sim.run.servers.ServerProcess;

/// What `twemlab bench compare` takes beside the options of every suite.
public final class CompareOptions {
  private static final String THEIRS = "redis-benchmark";

  private static final String HEAD =
      """
      # Beside nutcracker 0.5.0

      `./twemlab bench compare`, two redis and two memcached servers; the machine is in \
      [compare.json](compare.json).

      ![ratios to nutcracker](compare.svg)

      """;

  @Option(
      names = "--case",
      paramLabel = "NAME",
      description = "compare: this case alone; may be repeated (default: those with a goal)")
  private List<String> cases = List.of();

  @Option(names = "--all-cases", description = "compare: every case")
  private boolean allCases;

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      description = "compare: a backend of our proxy; may be repeated (default: epoll, io_uring)")
  private List<String> backends = List.of("epoll", "io_uring");

  @Option(
      names = "--peer",
      paramLabel = "NAME=PORT,PID",
      description = "compare: a further proxy for redis that is running; may be repeated")
  private List<String> peers = List.of();

  @Option(
      names = "--generator",
      paramLabel = "NAME",
      description =
          "compare: redis-benchmark or own, for the closed loop of redis (default:"
              + " redis-benchmark, if it is installed)")
  private String generator = THEIRS;

  @Option(
      names = "--no-footprint",
      description = "compare: leave out time to listen and memory, which take half a minute")
  private boolean noFootprint;

  @Option(
      names = "--baseline",
      paramLabel = "FILE",
      description = "compare: also say what changed against the JSON of an earlier run")
  private Path baseline;

  /// Whether any of them was given.
  public boolean given() {
    return allCases
        || noFootprint
        || baseline != null
        || !generator.equals(THEIRS)
        || !cases.isEmpty()
        || !peers.isEmpty();
  }

  /// Measures, prints the table, and writes JSON and chart.
  ///
  /// @return whether our proxies were in a steady state: under an unchanging load nothing is
  ///   collected
  /// @throws IllegalArgumentException if an option's value is not accepted
  public boolean run(boolean quick, PrintWriter out, Path json) throws IOException {
    List<Case> chosen = chosen();
    List<Target> others = peers();
    if (baseline != null && !Files.isReadable(baseline)) {
      throw new IllegalArgumentException("--baseline " + baseline + ": no such file");
    }
    String load = Machine.load();
    var effort = quick ? CompareSuite.Effort.QUICK : CompareSuite.Effort.FULL;
    boolean own = ownGenerator();
    CompareSuite suite = new CompareSuite(effort, own, CompareOptions::progress);
    var figures = suite.run(chosen, backends, others);
    List<Footprint> footprints =
        noFootprint ? List.of() : Footprint.of(backends, quick ? 1 : 5, CompareOptions::progress);
    progress("");
    CompareReport report = new CompareReport(figures, footprints, suite.lost(), suite.unsteady());
    StringWriter tables = new StringWriter();
    report.print(new PrintWriter(tables, true));
    out.print(tables);
    Map<String, String> manifest = manifest(effort, load);
    manifest.put("closed loop of redis", own ? "own" : THEIRS);
    report.write(json, manifest);
    Files.writeString(json.resolveSibling("compare.svg"), CompareChart.of(figures).svg());
    Files.writeString(json.resolveSibling("README.md"), HEAD + tables);
    if (baseline != null) {
      report.compare(baseline, out);
    }
    return suite.unsteady().isEmpty();
  }

  private boolean ownGenerator() {
    return Choice.of("--generator", generator, List.of(THEIRS, "own")).equals("own")
        || ServerProcess.find(THEIRS).isEmpty();
  }

  private List<Case> chosen() {
    if (cases.isEmpty()) {
      return allCases ? Case.ALL : Case.ALL.subList(0, Case.GOALS);
    }
    return cases.stream().map(name -> Choice.of("--case", name, Case.ALL, Case::name)).toList();
  }

  private List<Target> peers() {
    List<Target> targets = new ArrayList<>();
    for (String each : peers) {
      try {
        targets.add(Target.peer(each));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("--peer " + each + ": " + e.getMessage(), e);
      }
    }
    return targets;
  }

  private static void progress(String what) {
    if (Launch.onTerminal()) {
      System.err.print("\r\u001b[K" + what);
      System.err.flush();
    }
  }

  private static Map<String, String> manifest(CompareSuite.Effort effort, String load) {
    Map<String, String> facts = new LinkedHashMap<>(Machine.facts(load));
    facts.put("rounds", Integer.toString(effort.rounds()));
    facts.put("seconds a round", Double.toString(effort.runNanos() / 1e9));
    return facts;
  }
}
