package twemlab.sim.run.lanes;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import twemlab.event.backend.Backend;
import twemlab.proxy.tool.Launch;
import twemlab.sim.run.Named;
import twemlab.sim.run.Progress;
import twemlab.sim.run.Screenshot;
import twemlab.sim.scenario.Scenario;
import twemlab.sim.workload.WireProtocol;

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

  @Option(
      names = "--window",
      paramLabel = "WxH",
      defaultValue = Screenshot.Window.DEFAULT,
      description = "With --screenshot: the window, such as 1000x700 or 1000x700,dark.")
  private String window;

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
    WireProtocol spoken = Named.protocol(protocol);
    if (rows < 1) {
      throw wrong("--rows " + rows + ": accepted are numbers from 1 on");
    }
    Screenshot.Window look = window();
    List<LanesRun> lanes = lanes(chosen, spoken);
    String name = chosen.name();
    Path page = output == null ? Path.of("target", "lanes-" + name + ".html") : output;
    if (page.getParent() != null) {
      Files.createDirectories(page.getParent());
    }
    String title = name + " on every backend, " + protocol + ", seed " + seed;
    Files.writeString(page, new LanesPage(chosen, title, lanes, rows).html());
    if (screenshot != null) {
      Screenshot.take(page, "", look, screenshot);
    }
    spec.commandLine().getOut().println(page);
    return report(lanes);
  }

  private Screenshot.Window window() {
    try {
      return Screenshot.Window.of(window);
    } catch (IllegalArgumentException e) {
      throw wrong(e.getMessage());
    }
  }

  private List<LanesRun> lanes(Scenario chosen, WireProtocol spoken) {
    List<Backend> bases = Scenario.bases();
    List<LanesRun> lanes = new ArrayList<>();
    try (Progress progress = new Progress("lanes")) {
      for (Backend base : bases) {
        progress.show(lanes.size(), bases.size(), base.backend());
        lanes.add(LanesRun.of(chosen, base, spoken, seed));
      }
    }
    return lanes;
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
    Scenario found = Named.scenario(scenario);
    if (found.timed()) {
      throw wrong(found.name() + " is there to be timed, and too long to be watched");
    }
    return found;
  }

  private CommandLine.ParameterException wrong(String message) {
    return new CommandLine.ParameterException(spec.commandLine(), message);
  }
}
