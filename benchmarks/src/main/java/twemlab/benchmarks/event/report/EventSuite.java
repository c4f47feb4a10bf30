package twemlab.benchmarks.event.report;

import io.netty.util.Version;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.VerboseMode;
import twemlab.benchmarks.Machine;
import twemlab.benchmarks.Measured;
import twemlab.benchmarks.compare.ProxyIdle;
import twemlab.benchmarks.event.Item;
import twemlab.benchmarks.event.Mechanism;
import twemlab.benchmarks.event.Plan;

/// `twemlab bench event`: runs what a [Plan] says. What fails, or cannot be had here, is noted and
/// left out; the others go on.
public final class EventSuite {
  /// Is told how far it is.
  public interface Progress {
    /// The next of `all` parts begins.
    void begins(int done, int all, String what);
  }

  private final Plan plan;
  private final OutputFormat jmh;
  private final Progress progress;
  private final List<Item.Result> results = new ArrayList<>();
  private final List<ProxyIdle.Row> idle = new ArrayList<>();
  private final List<String> left = new ArrayList<>();
  private int done;

  EventSuite(Plan plan, OutputFormat jmh, Progress progress) {
    this.plan = plan;
    this.jmh = jmh;
    this.progress = progress;
  }

  /// Measures.
  ///
  /// @param log takes JMH's own output
  /// @param command that the report quotes
  public static EventReport run(boolean quick, Path log, String command, Progress progress)
      throws IOException {
    return run(quick ? Plan.quick() : Plan.full(), log, command, progress);
  }

  /// Measures one mechanism beside another, in seconds: a lesson, not a result.
  ///
  /// @param log takes JMH's own output
  public static EventReport only(Mechanism first, Mechanism second, Path log, Progress progress)
      throws IOException {
    return run(Plan.only(first, second), log, "", progress);
  }

  private static EventReport run(Plan plan, Path log, String command, Progress progress)
      throws IOException {
    Files.createDirectories(log.toAbsolutePath().getParent());
    try (PrintStream out = new PrintStream(log.toFile(), StandardCharsets.UTF_8)) {
      OutputFormat jmh = OutputFormatFactory.createFormatInstance(out, VerboseMode.NORMAL);
      return new EventSuite(plan, jmh, progress).run(command);
    }
  }

  EventReport run(String command) {
    long end = System.nanoTime() + plan.limit().convertTo(TimeUnit.NANOSECONDS);
    String load = Machine.load();
    for (Item item : plan.items()) {
      begin(item.name());
      if (System.nanoTime() > end) {
        left.add(item.name() + ": no time was left");
      } else {
        item.refusal()
            .get()
            .ifPresentOrElse(why -> left.add(item.name() + ": " + why), () -> measure(item));
      }
    }
    for (String target : plan.idleTargets()) {
      begin("ProxyIdle " + target);
      if (System.nanoTime() > end) {
        left.add("ProxyIdle " + target + ": no time was left");
      } else {
        measureIdle(target);
      }
    }
    return new EventReport(
        List.copyOf(results), List.copyOf(idle), List.copyOf(left), manifest(command, load));
  }

  private static Map<String, String> manifest(String command, String load) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("command", command);
    facts.putAll(Machine.facts(load));
    var netty = Version.identify().get("netty-transport");
    facts.put("netty", netty == null ? "unknown" : netty.artifactVersion());
    return facts;
  }

  private void begin(String what) {
    progress.begins(done++, plan.items().size() + plan.idleTargets().size(), what);
  }

  private void measure(Item item) {
    try {
      Measured measured =
          Measured.run(item.type(), item.method(), item.parameters(), item.effort(), jmh);
      results.add(
          new Item.Result(
              item,
              measured.nanos() / item.units(),
              measured.error() / item.units(),
              measured.bytes() / item.units(),
              calls(item)));
    } catch (RunnerException | RuntimeException e) {
      left.add(item.name() + ": " + oneLine(e));
    }
  }

  /// Counted apart from the timing.
  private double calls(Item item) {
    try {
      return item.calls().call();
    } catch (Exception e) {
      left.add(item.name() + ", system calls: " + oneLine(e));
      return -1;
    }
  }

  private void measureIdle(String target) {
    try {
      new ProxyIdle(plan.idleEffort(), idle::add).run(target, plan.idle());
    } catch (IOException | RuntimeException e) {
      left.add("ProxyIdle " + target + ": " + oneLine(e));
    }
  }

  private static String oneLine(Exception e) {
    return String.valueOf(e.getMessage()).strip().replaceAll("\\s*\\R\\s*", "; ");
  }
}
