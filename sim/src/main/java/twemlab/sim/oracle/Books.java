package twemlab.sim.oracle;

import twemlab.event.backend.EventBases;
import twemlab.event.kernel.CallCounts;
import twemlab.proxy.process.Instance;
import twemlab.proxy.stats.FieldType;
import twemlab.proxy.stats.PoolField;
import twemlab.proxy.stats.ServerField;
import twemlab.proxy.stats.StatsSnapshot;
import twemlab.sim.kernel.SimKernel;
import twemlab.sim.scenario.SwarmSettings;

/// What the proxy and its kernel counted, held against each other and against what the servers saw.
public final class Books {
  /// Fewer reads say nothing about their use.
  private static final long READS_MIN = 100;

  private final SwarmSettings settings;
  private final SimKernel kernel;
  private final Instance instance;
  private final Tally tally;
  private final int descriptorsAtStart;

  /// Opened when the proxy listens, before the first client: what is open then stays open.
  public Books(SwarmSettings settings, SimKernel kernel, Instance instance, Tally tally) {
    this.settings = settings;
    this.kernel = kernel;
    this.instance = instance;
    this.tally = tally;
    this.descriptorsAtStart = kernel.openDescriptors();
  }

  /// No gauge is below zero or above its limit; at rest, all but the server connections are zero.
  public void checkGauges(boolean idle) {
    StatsSnapshot snapshot = instance.context().stats().snapshot();
    for (int pool = 0; pool < settings.pools().size(); pool++) {
      long connected = snapshot.pool(pool, PoolField.CLIENT_CONNECTIONS);
      checkGauge("client_connections", connected, idle);
      int most = settings.pools().get(pool).conf().clientConnections();
      if (most > 0 && connected > most) {
        throw new Violation("limit: %d clients, the limit is %d".formatted(connected, most));
      }
      int count = settings.pools().get(pool).conf().servers().size();
      for (int server = 0; server < count; server++) {
        for (ServerField gauge : ServerField.values()) {
          if (gauge.type() == FieldType.GAUGE) {
            boolean zero = idle && gauge != ServerField.SERVER_CONNECTIONS;
            checkGauge(gauge.fieldName(), snapshot.server(pool, server, gauge), zero);
          }
        }
      }
    }
  }

  private static void checkGauge(String name, long value, boolean idle) {
    if (value < 0 || (idle && value != 0)) {
      throw new Violation("gauge: %s is %d%s".formatted(name, value, idle ? " when idle" : ""));
    }
  }

  /// Descriptors and channels are those of listeners and server connections, and no others.
  public void checkDescriptors() {
    long connections = sum(ServerField.SERVER_CONNECTIONS);
    long open = instance.loop().transport().openCount();
    if (open != settings.pools().size() + connections) {
      throw new Violation(
          "leak: the transport has %d channels, %d of them to servers"
              .formatted(open, connections));
    }
    long preconnected = settings.pools().stream().filter(p -> p.conf().preconnect()).count();
    long expected = descriptorsAtStart + connections;
    if (preconnected == 0 && kernel.openDescriptors() != expected) {
      throw new Violation(
          "leak: %d descriptors are open, expected %d"
              .formatted(kernel.openDescriptors(), expected));
    }
  }

  /// What the proxy counted is what the servers saw, in runs in which nothing is lost on the way.
  public void checkBytes(long received, long sent) {
    boolean setUp =
        settings.pools().stream()
            .anyMatch(p -> p.conf().redisAuth().isPresent() || p.conf().redisDb() > 0);
    if (settings.lossy() || setUp) {
      return;
    }
    if (sum(ServerField.REQUEST_BYTES) != received) {
      throw new Violation(
          "bytes: request_bytes is %d, the servers got %d"
              .formatted(sum(ServerField.REQUEST_BYTES), received));
    }
    boolean silent = settings.pools().stream().anyMatch(p -> !p.conf().redis());
    if (!silent && sum(ServerField.RESPONSE_BYTES) != sent) {
      throw new Violation(
          "bytes: response_bytes is %d, the servers sent %d"
              .formatted(sum(ServerField.RESPONSE_BYTES), sent));
    }
    tally.add("byte counters compared");
  }

  /// An event port that is told of a descriptor before it was read reports it once more: about
  /// every second read then finds nothing. (Rule P4; the edge of another base may come late as
  /// well.)
  public void checkReads() {
    long reads = kernel.counts().of(CallCounts.Call.READ);
    if (settings.base() == EventBases.EVENT_PORTS
        && reads >= READS_MIN
        && kernel.emptyReads() > reads * 2 / 5) {
      throw new Violation(
          "waste: %d of %d reads found nothing".formatted(kernel.emptyReads(), reads));
    }
  }

  /// The sum of a field over all servers of all pools.
  public long sum(ServerField field) {
    StatsSnapshot snapshot = instance.context().stats().snapshot();
    long sum = 0;
    for (int pool = 0; pool < settings.pools().size(); pool++) {
      for (int i = 0; i < settings.pools().get(pool).conf().servers().size(); i++) {
        sum += snapshot.server(pool, i, field);
      }
    }
    return sum;
  }
}
