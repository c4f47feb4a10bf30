package twemlab.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import twemlab.sim.run.servers.ServerProcess;

/// Measures targets in turns: in each round every target runs once, the order rotating, and each
/// figure is compared with nutcracker's of the same round. nutcracker runs twice under two names,
/// so that the table shows how much two runs of one program differ.
public final class CompareSuite {
  /// The name that the others are compared with.
  static final String REFERENCE = "nutcracker";

  /// The name of the floor: a server that only answers.
  static final String FLOOR = "echo";

  private static final String NOISE = "nutcracker again";
  private static final int SERVERS = 2;

  /// How long and how often.
  ///
  /// @param rounds of the closed loop, and of the open one
  /// @param warmUpNanos before a case, for each target: the compiler's time
  /// @param runNanos of a round of the closed loop, for each target
  /// @param openNanos of a round of the open loop, for each target
  /// @param steadyNanos in which our proxies may not collect garbage
  public record Effort(
      int rounds, long warmUpNanos, long runNanos, long openNanos, long steadyNanos) {
    /// Nine rounds of a second: with two processors one round differs from the next by a third.
    public static final Effort FULL =
        new Effort(9, 3_000_000_000L, 1_000_000_000L, 500_000_000L, 10_000_000_000L);

    /// To see that it works.
    public static final Effort QUICK =
        new Effort(3, 1_000_000_000L, 300_000_000L, 200_000_000L, 1_000_000_000L);
  }

  private final Effort effort;
  private final boolean ownGenerator;
  private final Consumer<String> progress;
  private final List<String> lost = new ArrayList<>();
  private final List<String> unsteady = new ArrayList<>();

  /// A suite.
  ///
  /// @param ownGenerator whether the closed loop is ours for redis, too, not redis-benchmark
  /// @param progress is told what is being done
  public CompareSuite(Effort effort, boolean ownGenerator, Consumer<String> progress) {
    this.effort = effort;
    this.ownGenerator = ownGenerator;
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

  /// A target, its clients, and what was measured in each round.
  private record Turn(
      Target target,
      Load clients,
      ClosedLoop closed,
      List<Double> cpu,
      List<Double> rates,
      List<List<Double>> latencies) {}

  private Map<String, Figures> measure(Case load, List<Target> all) throws IOException {
    List<AutoCloseable> open = new ArrayList<>();
    try {
      List<Turn> turns = new ArrayList<>();
      for (Target target : all) {
        if (target.port(load.redis()) > 0) {
          turns.add(turn(load, target, open));
        }
      }
      turns.add(turn(load, keep(open, Target.echo(load)), open));
      fill(load, turns.getFirst());
      for (Turn each : turns) {
        progress.accept(load.name() + ": warming up " + each.target.name());
        warmUp(load, each);
      }
      for (int round = 0; round < effort.rounds(); round++) {
        progress.accept(load.name() + ": round " + (round + 1) + " of " + effort.rounds());
        for (int i = 0; i < turns.size(); i++) {
          take(load, round, turns.get((i + round) % turns.size()));
        }
      }
      measureLatencies(load, turns);
      return finish(load, turns);
    } finally {
      close(open);
    }
  }

  private Turn turn(Case load, Target target, List<AutoCloseable> open) throws IOException {
    Load clients = keep(open, new Load());
    clients.connect(target.port(load.redis()), load.connections());
    clients.prepare(load, load.pipeline());
    Optional<RedisBenchmark> theirs =
        ownGenerator ? Optional.empty() : RedisBenchmark.of(target.port(load.redis()), load);
    ClosedLoop closed = theirs.isPresent() ? theirs.get() : clients;
    return new Turn(
        target, clients, closed, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
  }

  /// Both generators' keys: they have forms of their own.
  private static void fill(Case load, Turn first) throws IOException {
    first.clients.fill(load);
    first.clients.prepare(load, load.pipeline());
    if (first.closed instanceof RedisBenchmark theirs) {
      theirs.fill();
    }
  }

  private void warmUp(Case load, Turn turn) {
    long deadline = System.nanoTime() + effort.warmUpNanos();
    while (System.nanoTime() < deadline) {
      drive(load, "warming up", turn);
    }
  }

  private void take(Case load, int round, Turn turn) throws IOException {
    long before = turn.target.cpuNanos();
    ClosedLoop.Answered answered = drive(load, "round " + (round + 1), turn);
    long spent = turn.target.cpuNanos() - before;
    turn.cpu.add(answered == null ? Double.NaN : spent / 1e3 / answered.requests());
    turn.rates.add(answered == null ? Double.NaN : answered.perSecond());
  }

  /// One failure, such as a proxy that lets its clients time out, does not end the comparison.
  ///
  /// @return null if it failed
  private ClosedLoop.Answered drive(Case load, String when, Turn turn) {
    try {
      return turn.closed.drive(effort.runNanos());
    } catch (IOException e) {
      lost.add(load.name() + ", " + turn.target.name() + ", " + when + ": " + e.getMessage());
      return null;
    }
  }

  /// What failed: case, target, when and why.
  List<String> lost() {
    return lost;
  }

  /// In turns, as the closed loop: one long run of each would compare different minutes.
  private void measureLatencies(Case load, List<Turn> turns) {
    double rate = Figures.median(turns.getFirst().rates) / 2;
    double batches = Double.isFinite(rate) ? rate / load.pipeline() : 1;
    for (int round = 0; round < effort.rounds(); round++) {
      progress.accept(load.name() + ": latency, round " + (round + 1) + " of " + effort.rounds());
      for (int i = 0; i < turns.size(); i++) {
        Turn turn = turns.get((i + round) % turns.size());
        Histogram latencies = turn.clients.run(effort.openNanos(), batches);
        turn.latencies.add(
            Stream.of(50.0, 99.0, 99.9)
                .map(percent -> latencies.getValueAtPercentile(percent) / 1e3)
                .toList());
      }
    }
  }

  private Map<String, Figures> finish(Case load, List<Turn> turns) throws IOException {
    Map<String, Figures> figures = new LinkedHashMap<>();
    for (Turn each : turns) {
      Target target = each.target;
      progress.accept(load.name() + ": system calls of " + target.name());
      SystemCalls calls = SystemCalls.of(target.pid());
      ClosedLoop.Answered answered = drive(load, "system calls", each);
      long counted = calls.end();
      double perRequest =
          counted < 0 || answered == null ? -1 : (double) counted / answered.requests();
      SteadyState steady = steadyState(load, each);
      figures.put(
          target.name(),
          new Figures(
              each.cpu, each.rates, perRequest, each.latencies, steady, target.residentBytes()));
    }
    return figures;
  }

  /// What our proxy's JVM does to its memory while nothing changes: the load comes from our own
  /// generator, whose connections stay open. redis-benchmark connects anew in each run, and to
  /// accept hundreds of clients takes memory.
  ///
  /// @return null if the target is not a proxy of ours
  private SteadyState steadyState(Case load, Turn turn) throws IOException {
    if (turn.target.jvmCosts().isEmpty()) {
      return null;
    }
    progress.accept(load.name() + ": steady state of " + turn.target.name());
    turn.clients.drive(effort.runNanos());
    JvmCosts before = turn.target.jvmCosts().orElseThrow();
    long requests = turn.clients.drive(effort.steadyNanos()).requests();
    JvmCosts spent = turn.target.jvmCosts().orElseThrow().since(before);
    if (spent.collections() > 0) {
      unsteady.add(
          String.format(
              Locale.ROOT,
              "%s, %s: %d collections, %.1f ms, in %.0f s",
              load.name(),
              turn.target.name(),
              spent.collections(),
              spent.collectorMillis(),
              effort.steadyNanos() / 1e9));
    }
    return SteadyState.of(spent, requests);
  }

  /// Where a proxy of ours collected garbage although nothing changed.
  List<String> unsteady() {
    return unsteady;
  }
}
