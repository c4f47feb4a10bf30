package twemlab.sim.run.soak;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import twemlab.event.backend.EventBases;
import twemlab.sim.choice.Choices;
import twemlab.sim.choice.SeededChoices;
import twemlab.sim.run.servers.Epochs;
import twemlab.sim.run.servers.FaultInjector;
import twemlab.sim.run.servers.ServerProcess;
import twemlab.sim.workload.WireProtocol;

/// Clients of both protocols, the proxy, and real servers that fail.
///
/// ```text
/// 6 redis clients     ──► ┌───────┐ ──► 3 redis-server ◄──┐
///                         │ proxy │                       ├── killed, restarted, stopped
/// 6 memcached clients ──► └───────┘ ──► 3 memcached    ◄──┘
/// ```
///
/// Every reply is compared with the model's. A request that failed makes its keys unknown, and they
/// are not used again; see [Epochs] for what a fault makes unknown.
public final class Soak {
  private static final int SERVERS = 3;
  private static final int CLIENTS = 6;
  private static final int TIMEOUT_MILLIS = 500;
  private static final int SAMPLE_MILLIS = 500;

  private final Path redis;
  private final Path memcached;
  private final EventBases base;
  private final long seed;
  private final double requestsPerSecond;
  private final SoakCounts counts = new SoakCounts();
  private final MemorySamples memory = new MemorySamples();

  /// A run.
  ///
  /// @param redis the executable of redis-server
  /// @param memcached the executable of memcached
  /// @param requestsPerSecond of all clients together, at most
  public Soak(Path redis, Path memcached, EventBases base, long seed, double requestsPerSecond) {
    this.redis = redis;
    this.memcached = memcached;
    this.base = base;
    this.seed = seed;
    this.requestsPerSecond = requestsPerSecond;
  }

  /// What happened so far.
  public SoakCounts counts() {
    return counts;
  }

  /// How much memory there was.
  public MemorySamples memory() {
    return memory;
  }

  /// Runs for a time.
  ///
  /// @param progress is called twice a second, with the seconds gone
  /// @return what was wrong; empty if all is well
  public List<String> run(double seconds, Consumer<Double> progress)
      throws IOException, InterruptedException {
    long descriptorsBefore = SoakProxy.descriptors();
    List<ServerProcess> servers = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    try {
      for (int i = 0; i < SERVERS; i++) {
        servers.add(ServerProcess.redis(redis));
      }
      for (int i = 0; i < SERVERS; i++) {
        servers.add(ServerProcess.memcached(memcached));
      }
      try (SoakProxy proxy =
          SoakProxy.start(
              base,
              servers.subList(0, SERVERS),
              servers.subList(SERVERS, 2 * SERVERS),
              TIMEOUT_MILLIS)) {
        serve(proxy, servers, seconds, progress, problems);
      }
    } finally {
      servers.forEach(ServerProcess::close);
    }
    judge(problems, descriptorsBefore);
    return problems;
  }

  private void serve(
      SoakProxy proxy,
      List<ServerProcess> servers,
      double seconds,
      Consumer<Double> progress,
      List<String> problems)
      throws InterruptedException {
    Choices choices = new SeededChoices(seed);
    Epochs epochs = new Epochs(2 * CLIENTS);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 2 * CLIENTS; i++) {
      WireProtocol protocol = i % 2 == 0 ? WireProtocol.REDIS : WireProtocol.MEMCACHED;
      var client =
          new SoakClient(
              i,
              protocol,
              proxy.port(protocol),
              epochs,
              counts,
              choices.stream("client" + i),
              requestsPerSecond / (2 * CLIENTS));
      threads.add(Thread.ofPlatform().name("client" + i).start(client));
    }
    long start = System.nanoTime();
    long end = start + (long) (seconds * 1e9);
    var injector =
        new FaultInjector(servers, epochs, counts, choices.stream("faults"), TIMEOUT_MILLIS);
    Thread faults = Thread.ofPlatform().name("faults").start(() -> inject(injector, epochs, end));
    while (System.nanoTime() < end && proxy.failure() == null && counts.wrongReplies() == 0) {
      Thread.sleep(SAMPLE_MILLIS);
      memory.sample(proxy);
      progress.accept((System.nanoTime() - start) / 1e9);
    }
    // The fault that is under way ends first: a stopped server would stay so.
    faults.join();
    epochs.stop();
    for (Thread thread : threads) {
      thread.join();
    }
    if (proxy.failure() != null) {
      problems.add("the proxy's loop ended: " + proxy.failure());
      return;
    }
    SoakProxy.Leaks leaks = proxy.leaks();
    if (leaks.any()) {
      problems.add("leaked: " + leaks);
    }
  }

  private void inject(FaultInjector injector, Epochs epochs, long end) {
    try {
      while (System.nanoTime() < end && !epochs.stopped() && counts.wrongReplies() == 0) {
        injector.once();
      }
    } catch (Throwable e) { // whatever ends them: a soak without faults has shown nothing
      counts.wrong("the faults ended: " + e);
    }
  }

  private void judge(List<String> problems, long descriptorsBefore) throws IOException {
    if (counts.wrongReplies() > 0) {
      problems.add(counts.wrongReplies() + " wrong replies, the first: " + counts.firstWrong());
    }
    if (counts.rightReplies() == 0) {
      problems.add("no reply was right");
    }
    long descriptors = SoakProxy.descriptors();
    if (descriptors > descriptorsBefore) {
      problems.add("leaked descriptors: " + (descriptors - descriptorsBefore));
    }
    memory.problem().ifPresent(problems::add);
  }
}
