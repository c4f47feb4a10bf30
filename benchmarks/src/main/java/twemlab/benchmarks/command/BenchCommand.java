package twemlab.benchmarks.command;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import twemlab.benchmarks.DistributionStudy;
import twemlab.benchmarks.HashingPlots;
import twemlab.benchmarks.HashingSuite;
import twemlab.benchmarks.ParserSuite;
import twemlab.benchmarks.ProxySuite;
import twemlab.benchmarks.compare.CompareOptions;
import twemlab.benchmarks.event.Mechanism;
import twemlab.benchmarks.event.report.EventReport;
import twemlab.benchmarks.event.report.EventSuite;
import twemlab.proxy.tool.Choice;
import twemlab.proxy.tool.Launch;
import twemlab.sim.run.soak.Checkout;

/// `twemlab bench`: runs one suite of benchmarks; the table goes to stdout, JMH's progress, on a
/// terminal only, to stderr.
@Command(
    name = "twemlab bench",
    mixinStandardHelpOptions = true,
    version = "twemlab 0.1.0",
    description = "Runs a suite of benchmarks and prints its table.")
public final class BenchCommand implements Callable<Integer> {
  private static final int BAR = 30;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "SUITE", description = "event, parser, hashing, proxy or compare")
  private String suiteName;

  @Option(names = "--quick", description = "a minute or so, and less certain")
  private boolean quick;

  @Option(
      names = "--only",
      paramLabel = "A,B",
      split = ",",
      description = "event: one mechanism beside another, in less than 20 s (epoll,poll)")
  private List<String> only = List.of();

  @Option(
      names = "--plot",
      description = "hashing: also draw balance, disruption and lookup time of all distributions")
  private boolean plot;

  @ArgGroup(validate = false)
  private CompareOptions compare = new CompareOptions();

  /// The suites.
  private enum Suite {
    EVENT,
    PARSER,
    HASHING,
    PROXY,
    COMPARE;

    /// As it is typed.
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// Runs the command over the standard streams and ends the process.
  public static void main(String[] arguments) {
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    System.exit(Launch.run(new BenchCommand(), out, err, arguments));
  }

  @Override
  public Integer call() throws RunnerException, IOException {
    Suite suite = suite();
    if (plot && suite != Suite.HASHING) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--plot is accepted with hashing, not with " + suite);
    }
    if (compare.given() && suite != Suite.COMPARE) {
      throw new CommandLine.ParameterException(
          spec.commandLine(),
          "--case, --all-cases, --peer and --baseline are accepted with compare, not with "
              + suite);
    }
    if (!only.isEmpty() && suite != Suite.EVENT) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--only is accepted with event, not with " + suite);
    }
    switch (suite) {
      case EVENT -> {
        if (only.isEmpty()) {
          event();
        } else {
          only();
        }
      }
      case PARSER ->
          ParserSuite.print(
              ParserSuite.run(
                  quick ? ParserSuite.QUICK : ParserSuite.FULL, progress(), results(suite)),
              out());
      case HASHING -> hashing();
      case PROXY ->
          ProxySuite.print(
              ProxySuite.run(
                  quick ? ProxySuite.QUICK : ProxySuite.FULL, progress(), results(suite)),
              out());
      case COMPARE -> {
        return compare();
      }
    }
    return 0;
  }

  private void event() throws IOException {
    Path log = Checkout.root().resolve("target/results/event/jmh.log");
    String command = "./twemlab bench event" + (quick ? " --quick" : "");
    EventReport report = EventSuite.run(quick, log, command, BenchCommand::bar);
    if (Launch.onTerminal()) {
      System.err.print("\r\u001b[K");
    }
    report.print(out());
    Path folder = results(Suite.EVENT).getParent();
    report.write(folder);
    spec.commandLine().getErr().println("twemlab bench: wrote " + folder);
  }

  private void only() throws IOException {
    if (only.size() != 2) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--only " + String.join(",", only) + "; accepted: two mechanisms");
    }
    List<Mechanism> all = List.of(Mechanism.values());
    Mechanism first = Choice.of("--only", only.getFirst(), all, Mechanism::typed);
    Mechanism second = Choice.of("--only", only.getLast(), all, Mechanism::typed);
    Path log = Checkout.root().resolve("target/results/event/jmh.log");
    EventReport report = EventSuite.only(first, second, log, BenchCommand::bar);
    if (Launch.onTerminal()) {
      System.err.print("\r\u001b[K");
    }
    report.printOnly(out());
  }

  /// One line, drawn over itself.
  private static void bar(int done, int all, String what) {
    if (Launch.onTerminal()) {
      int filled = BAR * done / all;
      String bar = "#".repeat(filled) + ".".repeat(BAR - filled);
      System.err.print("\r\u001b[Kevent [" + bar + "] " + done + "/" + all + " " + what);
      System.err.flush();
    }
  }

  private int compare() throws IOException {
    try {
      Path json = results(Suite.COMPARE);
      boolean steady = compare.run(quick, out(), json);
      spec.commandLine().getErr().println("twemlab bench: wrote " + json.getParent());
      return steady ? 0 : 1;
    } catch (IllegalArgumentException e) {
      throw new CommandLine.ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private void hashing() throws RunnerException, IOException {
    Path json = results(Suite.HASHING);
    HashingSuite suite = HashingSuite.run(quick, progress(), json);
    suite.print(out());
    if (plot) {
      DistributionStudy study = quick ? DistributionStudy.QUICK : DistributionStudy.FULL;
      for (Path file : new HashingPlots(study, suite.lookups()).write(json.getParent())) {
        spec.commandLine().getErr().println("twemlab bench: wrote " + file);
      }
    }
  }

  /// Where JMH's results go; only full runs are worth keeping in the project.
  private Path results(Suite suite) {
    Path results = Checkout.root().resolve(quick ? "target/results" : "docs/results");
    return results.resolve(suite.toString()).resolve(suite + ".json");
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private Suite suite() {
    return Choice.of("suite", suiteName, List.of(Suite.values()), Suite::toString);
  }

  private static OutputFormat progress() {
    PrintStream err =
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
    return OutputFormatFactory.createFormatInstance(
        err, Launch.onTerminal() ? VerboseMode.NORMAL : VerboseMode.SILENT);
  }
}
