package twemlab.sim.run;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import twemlab.proxy.command.Launch;
import twemlab.sim.Scenario;
import twemlab.sim.WireProtocol;

/// `twemlab lanes`: one scenario on every backend that can be simulated, side by side.
@Command(
    name = "twemlab lanes",
    description =
        "Runs a scenario of the simulator on every backend and writes one page with their system"
            + " calls side by side, aligned by the requests read, and counted.",
    mixinStandardHelpOptions = true,
    version = "twemlab 0.1.0",
    sortOptions = false)
public final class LanesCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "SCENARIO",
      description = "The scenario, as `twemlab sim --list` shows them.")
  private String scenario;

  @Option(
      names = "--protocol",
      paramLabel = "NAME",
      defaultValue = "redis",
      description = "redis or memcached (default: redis).")
  private String protocol;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "What is left to chance comes from this seed (default: 1).")
  private long seed;

  @Option(
      names = "--rows",
      paramLabel = "N",
      defaultValue = "60",
      description = "Rows of the page at most (default: 60).")
  private int rows;

  @Option(
      names = "-o",
      paramLabel = "FILE",
      description = "The page (default: target/lanes-SCENARIO.html).")
  private Path output;

  @Option(
      names = "--screenshot",
      paramLabel = "FILE",
      description = "Have Chromium draw the page into FILE, a PNG.")
  private Path screenshot;

  @Spec private CommandLine.Model.CommandSpec spec;

  /// Runs the command and exits: 0 if every backend held, 1 if one did not, 2 for wrong usage.
  public static void main(String[] arguments) {
    var out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    var err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    System.exit(Launch.run(new LanesCommand(), out, err, arguments));
  }

  @Override
  public Integer call() throws IOException {
    Scenario chosen = chosen();
    WireProtocol spoken = spoken();
    if (rows < 1) {
      throw wrong("--rows " + rows + ": accepted are numbers from 1 on");
    }
    List<LanesRun> lanes =
        Scenario.bases().stream().map(base -> LanesRun.of(chosen, base, spoken, seed)).toList();
    Path page = output == null ? Path.of("target", "lanes-" + scenario + ".html") : output;
    if (page.getParent() != null) {
      Files.createDirectories(page.getParent());
    }
    String title = scenario + " on every backend, " + protocol + ", seed " + seed;
    Files.writeString(page, new LanesPage(chosen, title, lanes, rows).html());
    if (screenshot != null) {
      Screenshot.take(page, "", screenshot);
    }
    spec.commandLine().getOut().println(page);
    return report(lanes);
  }

  private int report(List<LanesRun> lanes) {
    int status = 0;
    for (LanesRun lane : lanes) {
      if (lane.violation() != null) {
        String name = lane.backend().backend();
        spec.commandLine().getErr().println("twemlab lanes: " + name + ": " + lane.violation());
        status = 1;
      }
    }
    return status;
  }

  private Scenario chosen() {
    Scenario found =
        Scenario.byName(scenario)
            .orElseThrow(
                () ->
                    wrong("no scenario is called " + scenario + "; twemlab sim --list shows them"));
    if (found.timed()) {
      throw wrong(scenario + " is there to be timed, and too long to be watched");
    }
    return found;
  }

  private WireProtocol spoken() {
    return switch (protocol) {
      case "redis" -> WireProtocol.REDIS;
      case "memcached" -> WireProtocol.MEMCACHED;
      default -> throw wrong("--protocol " + protocol + ": accepted are redis, memcached");
    };
  }

  private CommandLine.ParameterException wrong(String message) {
    return new CommandLine.ParameterException(spec.commandLine(), message);
  }
}
