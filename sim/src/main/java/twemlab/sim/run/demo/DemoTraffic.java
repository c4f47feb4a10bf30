package twemlab.sim.run.demo;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import twemlab.event.kernel.Address;
import twemlab.event.mbuf.MbufChain;
import twemlab.sim.choice.Choices;
import twemlab.sim.choice.SeededChoices;
import twemlab.sim.workload.WireProtocol;
import twemlab.sim.workload.Workload;
import twemlab.sim.workload.WorkloadSettings;

/// Clients of both protocols, in a loop of their own, that share a number of requests among them.
///
/// The requests come from the workloads of the simulator: single and multi-key, in pipelines of one
/// to eight, from a fixed seed. Only their timing differs between runs.
final class DemoTraffic implements AutoCloseable {
  private static final long SEED = 1;
  private static final int PIPELINE_MAX = 8;
  private static final int KEYS_PER_REQUEST_MAX = 12;
  private static final int NOREPLY_PERCENT = 5;
  private static final int KEYS = 200;
  private static final int KEY_LENGTH_MAX = 60;

  /// Mostly values of a few hundred bytes; a few that span mbufs.
  private static final List<WorkloadSettings.Size> SIZES =
      List.of(
          new WorkloadSettings.Size(60, 0, 100),
          new WorkloadSettings.Size(35, 100, 1_000),
          new WorkloadSettings.Size(5, 1_000, 20_000));

  private final HostLoop host = new HostLoop();
  private final Map<WireProtocol, Tally> tallies = new EnumMap<>(WireProtocol.class);
  private final AtomicLong completed = new AtomicLong();
  private final AtomicInteger running = new AtomicInteger();
  private long left;
  private long latestMillis;

  private DemoTraffic(long requests) {
    this.left = requests;
    for (WireProtocol protocol : WireProtocol.values()) {
      tallies.put(protocol, new Tally());
    }
  }

  /// Connects and begins.
  ///
  /// @param proxies the proxy's address for each protocol
  /// @param clients for each of them
  static DemoTraffic start(Map<WireProtocol, Address> proxies, int clients, long requests) {
    var traffic = new DemoTraffic(requests);
    Choices choices = new SeededChoices(SEED);
    proxies.forEach(
        (protocol, address) -> {
          for (int i = 0; i < clients; i++) {
            String name = protocol.name().charAt(0) + Integer.toString(i);
            traffic.connect(protocol, address, name, choices.stream(name));
          }
        });
    traffic.host.start("clients");
    return traffic;
  }

  private void connect(WireProtocol protocol, Address address, String name, Choices choices) {
    WorkloadSettings defaults = WorkloadSettings.of(protocol, name + ":");
    var settings =
        new WorkloadSettings(
            protocol,
            defaults.keyPrefix(),
            KEYS,
            KEY_LENGTH_MAX,
            SIZES,
            defaults.mix(),
            KEYS_PER_REQUEST_MAX,
            NOREPLY_PERCENT,
            PIPELINE_MAX);
    running.incrementAndGet();
    var client =
        new DemoClient(this, protocol, new Workload(settings, choices), tallies.get(protocol));
    host.loop().transport().connect(address, client);
  }

  /// Lets a client send up to a number of requests: how many are left for it, 0 at the end.
  int grant(int wanted) {
    int granted = (int) Math.min(wanted, left);
    left -= granted;
    return granted;
  }

  /// One request is done with.
  void completed() {
    completed.incrementAndGet();
  }

  /// One client is done.
  void finished() {
    running.decrementAndGet();
  }

  /// Requests done with so far; any thread.
  long completedCount() {
    return completed.get();
  }

  /// Whether some client still has something to do; any thread.
  boolean running() {
    return running.get() > 0;
  }

  /// What ended the clients' thread before its time, or null.
  Throwable failure() {
    return host.failure();
  }

  /// What the clients of a protocol saw; steady once nobody is [#running].
  Tally tally(WireProtocol protocol) {
    return tallies.get(protocol);
  }

  void append(MbufChain chain, byte[] bytes) {
    host.append(chain, bytes, 0, bytes.length);
  }

  long nowNanos() {
    return host.kernel().clock().monotonicNanos();
  }

  long nowMillis() {
    latestMillis = Math.max(latestMillis, host.kernel().clock().wallMillis());
    return latestMillis;
  }

  @Override
  public void close() {
    host.close();
  }
}
