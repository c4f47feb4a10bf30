package twemlab.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import twemlab.sim.run.ServerProcess;

/// Measures targets in turns: in each round every target runs once, the order rotating, and each
/// figure is compared with nutcracker's of the same round. nutcracker runs twice under two names,
/// so that the table shows how much two runs of one program differ.
public final class CompareSuite {
  /// The name that the others are compared with.
  static final String REFERENCE = "nutcracker";

  private static final String NOISE = "nutcracker again";
  private static final int SERVERS = 2;

  /// How long and how often.
  ///
  /// @param warmUpNanos before a case, for each target: the compiler's time
  /// @param runNanos of a round, for each target
  /// @param openNanos of the open loop, for each target
  public record Effort(int rounds, long warmUpNanos, long runNanos, long openNanos) {
    /// Five rounds of a second.
    public static final Effort FULL = new Effort(5, 3_000_000_000L, 1_000_000_000L, 3_000_000_000L);

    /// To see that it works.
    public static final Effort QUICK = new Effort(3, 1_000_000_000L, 300_000_000L, 500_000_000L);
  }

  private final Effort effort;
  private final Consumer<String> progress;

  /// A suite.
  ///
  /// @param progress is told what is being done
  public CompareSuite(Effort effort, Consumer<String> progress) {
    this.effort = effort;
    this.progress = progress;
  }

  /// Measures.
  ///
  /// @param backends of our proxy
  /// @param peers further proxies that the caller started
  /// @return figures by case and target, in the order of their running
  Map<Case, Map<String, Figures>> run(List<Case> cases, List<String> backends, List<Target> peers)
      throws IOException {
    List<AutoCloseable> open = new ArrayList<>();
    try {
      Target.Servers servers = servers(open);
      List<Target> targets = new ArrayList<>();
      for (String name : List.of(REFERENCE, NOISE)) {
        targets.add(keep(open, Target.nutcracker(name, servers)));
      }
      for (String backend : backends) {
        targets.add(keep(open, Target.twemlab(backend, servers)));
      }
      targets.addAll(peers);
      Map<Case, Map<String, Figures>> figures = new LinkedHashMap<>();
      for (Case each : cases) {
        figures.put(each, measure(each, targets));
      }
      return figures;
    } finally {
      close(open);
    }
  }

  private static Target.Servers servers(List<AutoCloseable> open) throws IOException {
    Path redis = installed("redis-server");
    Path memcached = installed("memcached");
    List<Integer> redisPorts = new ArrayList<>();
    List<Integer> memcachedPorts = new ArrayList<>();
    for (int i = 0; i < SERVERS; i++) {
      redisPorts.add(keep(open, ServerProcess.redis(redis)).port());
      memcachedPorts.add(keep(open, ServerProcess.memcached(memcached)).port());
    }
    return new Target.Servers(redisPorts, memcachedPorts);
  }

  private static Path installed(String program) throws IOException {
    return ServerProcess.find(program)
        .orElseThrow(() -> new IOException(program + " is not installed"));
  }

  private static <T extends AutoCloseable> T keep(List<AutoCloseable> open, T resource) {
    open.add(resource);
    return resource;
  }

  private static void close(List<AutoCloseable> open) {
    for (AutoCloseable each : open.reversed()) {
      try {
        each.close();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private Map<String, Figures> measure(Case load, List<Target> all) throws IOException {
    List<Target> targets = all.stream().filter(target -> target.port(load.redis()) > 0).toList();
    List<AutoCloseable> open = new ArrayList<>();
    try {
      List<Load> loads = new ArrayList<>();
      for (Target target : targets) {
        Load clients = keep(open, new Load());
        clients.connect(target.port(load.redis()), load.connections());
        loads.add(clients);
      }
      loads.getFirst().fill(load);
      for (int i = 0; i < targets.size(); i++) {
        progress.accept(load.name() + ": warming up " + targets.get(i).name());
        loads.get(i).prepare(load, load.pipeline());
        loads.get(i).run(effort.warmUpNanos());
      }
      List<List<Double>> cpu = new ArrayList<>();
      List<List<Double>> rates = new ArrayList<>();
      for (int i = 0; i < targets.size(); i++) {
        cpu.add(new ArrayList<>());
        rates.add(new ArrayList<>());
      }
      for (int round = 0; round < effort.rounds(); round++) {
        progress.accept(load.name() + ": round " + (round + 1) + " of " + effort.rounds());
        for (int i = 0; i < targets.size(); i++) {
          int which = (i + round) % targets.size();
          long before = targets.get(which).cpuNanos();
          long requests = loads.get(which).run(effort.runNanos());
          long spent = targets.get(which).cpuNanos() - before;
          cpu.get(which).add(spent / 1e3 / requests);
          rates.get(which).add(requests * 1e9 / effort.runNanos());
        }
      }
      return finish(load, targets, loads, cpu, rates);
    } finally {
      close(open);
    }
  }

  private Map<String, Figures> finish(
      Case load,
      List<Target> targets,
      List<Load> loads,
      List<List<Double>> cpu,
      List<List<Double>> rates)
      throws IOException {
    double batches = Figures.median(rates.getFirst()) / 2 / load.pipeline();
    Map<String, Figures> figures = new LinkedHashMap<>();
    for (int i = 0; i < targets.size(); i++) {
      Target target = targets.get(i);
      progress.accept(load.name() + ": system calls and latency of " + target.name());
      SystemCalls calls = SystemCalls.of(target.pid());
      long requests = loads.get(i).run(effort.runNanos());
      long counted = calls.end();
      Histogram latencies = loads.get(i).run(effort.openNanos(), batches);
      List<Double> micros =
          Stream.of(50.0, 99.0, 99.9)
              .map(percent -> latencies.getValueAtPercentile(percent) / 1e3)
              .toList();
      double perRequest = counted < 0 ? -1 : (double) counted / requests;
      figures.put(
          target.name(),
          new Figures(cpu.get(i), rates.get(i), perRequest, micros, target.residentBytes()));
    }
    return figures;
  }
}
