package twemlab.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;
import twemlab.sim.run.servers.ServerProcess;

/// The proxy with many connections of which few are in use (Banga, Mogul and Druschel, USENIX 1999:
/// hot and cold ones): 50 clients send GETs, the others have connected and say nothing. Proxy,
/// server and clients are processes of their own.
///
/// What it does **not** measure: connections that come and go; idle ones that wake up now and then;
/// the kernel's memory for them; a machine of their own for clients and server, which compete with
/// the proxy here (hence the processor time beside the rate).
public final class ProxyIdle {
  private static final int HOT = 50;
  private static final int CHUNK = 100;
  private static final int CHUNK_PAUSE_MILLIS = 10;
  private static final Case LOAD = Case.ALL.getFirst();

  /// What is measured.
  ///
  /// @param target the name of a backend, or `nutcracker`
  /// @param idle connections that say nothing
  /// @param rate replies in a second, closed loop
  /// @param cpuMicros processor time of the proxy for a request
  /// @param systemCalls for a request; negative where they could not be counted
  /// @param p50 microseconds from when a request was due, open loop at half of the rate
  /// @param p99 likewise
  public record Row(
      String target,
      int idle,
      double rate,
      double cpuMicros,
      double systemCalls,
      double p50,
      double p99) {}

  /// How long.
  ///
  /// @param warmUpNanos once for each target
  /// @param runNanos of each load
  public record Effort(long warmUpNanos, long runNanos) {}

  private final Effort effort;
  private final Consumer<Row> results;

  /// A run; rows go to `results` as they come.
  public ProxyIdle(Effort effort, Consumer<Row> results) {
    this.effort = effort;
    this.results = results;
  }

  /// Measures one target.
  ///
  /// @param name of a backend, or `nutcracker`
  /// @param idle numbers of idle connections, growing
  /// @throws IOException if a program is not installed or does not start
  public void run(String name, List<Integer> idle) throws IOException {
    Path redis =
        ServerProcess.find("redis-server")
            .orElseThrow(() -> new IOException("redis-server is not installed"));
    try (ServerProcess server = ServerProcess.redis(redis);
        Target target = target(name, server.port());
        Load cold = new Load();
        Load hot = new Load()) {
      hot.connect(target.redisPort(), HOT);
      hot.fill(LOAD);
      hot.prepare(LOAD, 1);
      hot.run(effort.warmUpNanos());
      int connected = 0;
      for (int wanted : idle) {
        connect(cold, target.redisPort(), wanted - connected);
        connected = wanted;
        results.accept(measure(name, target, hot, wanted));
      }
    }
  }

  private static Target target(String name, int server) throws IOException {
    var servers = new Target.Servers(List.of(server), List.of(server));
    return name.equals("nutcracker")
        ? Target.nutcracker(name, servers)
        : Target.start(
            name,
            true,
            ChildJvm.command("twemlab.proxy.process.Nutcracker", "-v", "0", "--backend", name),
            servers);
  }

  /// In small numbers at a time: a backlog that overflows costs a second.
  private static void connect(Load cold, int port, int connections) {
    for (int left = connections; left > 0; left -= CHUNK) {
      cold.connect(port, Math.min(left, CHUNK));
      try {
        Thread.sleep(CHUNK_PAUSE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private Row measure(String name, Target target, Load hot, int idle) throws IOException {
    hot.run(effort.runNanos() / 2);
    long before = target.cpuNanos();
    long requests = hot.run(effort.runNanos());
    double cpuMicros = (target.cpuNanos() - before) / 1e3 / requests;
    double rate = requests * 1e9 / effort.runNanos();
    SystemCalls calls = SystemCalls.of(target.pid());
    long countedRequests = hot.run(effort.runNanos() / 2);
    long counted = calls.end();
    Histogram latencies = hot.run(effort.runNanos(), rate / 2);
    return new Row(
        name,
        idle,
        rate,
        cpuMicros,
        counted < 0 ? -1 : (double) counted / countedRequests,
        latencies.getValueAtPercentile(50) / 1e3,
        latencies.getValueAtPercentile(99) / 1e3);
  }
}
