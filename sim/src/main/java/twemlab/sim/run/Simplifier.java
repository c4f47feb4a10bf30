package twemlab.sim.run;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import twemlab.hashing.DistributionKind;
import twemlab.proxy.conf.PoolConf;
import twemlab.proxy.message.MemoryLimits;
import twemlab.sim.scenario.SwarmSettings;
import twemlab.sim.workload.WorkloadSettings;
import twemlab.sim.world.Settings;

/// The configurations that are a little simpler than a given one, the boldest first: what a
/// [Shrinker] tries before it looks at single choices.
final class Simplifier {
  private static final int OUT_OF = 10_000;
  private static final List<WorkloadSettings.Size> EMPTY =
      List.of(new WorkloadSettings.Size(1, 0, 0));
  private static final List<WorkloadSettings.Size> SMALL =
      List.of(new WorkloadSettings.Size(1, 0, 16));

  private Simplifier() {}

  /// Each differs from `from`, and no chain of them is endless.
  static List<SwarmSettings> simpler(SwarmSettings from) {
    List<SwarmSettings> found = new ArrayList<>();
    if (from.pools().size() > 1) {
      from.pools().forEach(pool -> found.add(with(from, List.of(pool))));
    }
    withoutFaults(from, found);
    for (int i = 0; i < from.pools().size(); i++) {
      pools(from, i, found);
    }
    for (long fewer : new long[] {1, from.requestsPerClient() / 2, from.requestsPerClient() - 1}) {
      found.add(with(from, from.kernel(), from.mbufBytes(), Math.max(1, fewer)));
    }
    Settings plain = Settings.linux().withPlatform(from.kernel().platform());
    found.add(with(from, plain, from.mbufBytes(), from.requestsPerClient()));
    found.add(with(from, from.kernel(), 16_384, from.requestsPerClient()));
    certainFaults(from, found);
    found.removeIf(from::equals);
    return found;
  }

  private static void withoutFaults(SwarmSettings from, List<SwarmSettings> found) {
    for (var kind : from.faults().keySet()) {
      found.add(with(from, without(from.faults(), kind), from.serverFaults(), from.clientFaults()));
    }
    for (var kind : from.serverFaults().keySet()) {
      found.add(with(from, from.faults(), without(from.serverFaults(), kind), from.clientFaults()));
    }
    for (var kind : from.clientFaults().keySet()) {
      found.add(with(from, from.faults(), from.serverFaults(), without(from.clientFaults(), kind)));
    }
  }

  /// What happens at every opportunity needs no choice to happen.
  private static void certainFaults(SwarmSettings from, List<SwarmSettings> found) {
    for (var kind : from.faults().keySet()) {
      found.add(with(from, certain(from.faults(), kind), from.serverFaults(), from.clientFaults()));
    }
    for (var kind : from.serverFaults().keySet()) {
      found.add(with(from, from.faults(), certain(from.serverFaults(), kind), from.clientFaults()));
    }
    for (var kind : from.clientFaults().keySet()) {
      found.add(with(from, from.faults(), from.serverFaults(), certain(from.clientFaults(), kind)));
    }
  }

  private static <E extends Enum<E>> Map<E, Integer> without(Map<E, Integer> rates, E kind) {
    Map<E, Integer> fewer = new EnumMap<>(rates);
    fewer.remove(kind);
    return fewer;
  }

  private static <E extends Enum<E>> Map<E, Integer> certain(Map<E, Integer> rates, E kind) {
    Map<E, Integer> more = new EnumMap<>(rates);
    more.put(kind, OUT_OF);
    return more;
  }

  private static void pools(SwarmSettings from, int index, List<SwarmSettings> found) {
    SwarmSettings.Pool pool = from.pools().get(index);
    int clients = pool.clients();
    for (int fewer : new int[] {1, (clients + 1) / 2, Math.max(1, clients - 1)}) {
      found.add(with(from, index, new SwarmSettings.Pool(pool.conf(), fewer, pool.workload())));
    }
    for (PoolConf conf : confs(pool.conf())) {
      found.add(with(from, index, new SwarmSettings.Pool(conf, clients, pool.workload())));
    }
    for (WorkloadSettings workload : workloads(pool.workload())) {
      found.add(with(from, index, new SwarmSettings.Pool(pool.conf(), clients, workload)));
    }
  }

  private static List<WorkloadSettings> workloads(WorkloadSettings from) {
    List<WorkloadSettings> found = new ArrayList<>();
    found.add(from.withPipelineMax(1));
    found.add(from.withPipelineMax((from.pipelineMax() + 1) / 2));
    found.add(from.withNoreplyPercent(0));
    if (!from.sizes().equals(EMPTY)) {
      found.add(from.withSizes(EMPTY));
      found.add(from.sizes().equals(SMALL) ? from : from.withSizes(SMALL));
      from.sizes().forEach(size -> found.add(from.withSizes(List.of(size))));
    }
    int kinds = from.mix().size();
    for (int part = kinds / 2; part > 0; part /= 2) {
      for (int start = 0; start + part <= kinds; start += part) {
        List<WorkloadSettings.Mix> fewer = new ArrayList<>(from.mix());
        fewer.subList(start, start + part).clear();
        found.add(from.withMix(fewer));
      }
    }
    return found;
  }

  private static List<PoolConf> confs(PoolConf from) {
    List<PoolConf> found = new ArrayList<>();
    for (int servers = 1; servers < from.servers().size(); servers++) {
      PoolConf conf = from;
      found.add(
          copy(conf, conf.distribution(), conf.autoEjectHosts(), conf.preconnect(), servers, true));
    }
    int servers = from.servers().size();
    boolean eject = from.autoEjectHosts();
    boolean early = from.preconnect();
    found.add(copy(from, DistributionKind.MODULA, eject, early, servers, true));
    found.add(copy(from, from.distribution(), false, early, servers, true));
    found.add(copy(from, from.distribution(), eject, false, servers, true));
    found.add(copy(from, from.distribution(), eject, early, servers, false));
    return found;
  }

  private static PoolConf copy(
      PoolConf from,
      DistributionKind distribution,
      boolean eject,
      boolean preconnect,
      int servers,
      boolean special) {
    return new PoolConf(
        from.name(),
        from.listen(),
        from.hash(),
        special ? from.hashTag() : Optional.empty(),
        distribution,
        from.timeoutMillis(),
        from.backlog(),
        special ? from.clientConnections() : 0,
        from.tcpKeepalive(),
        from.reusePort(),
        from.redis(),
        special ? from.redisAuth() : Optional.empty(),
        special ? from.redisDb() : 0,
        from.admin(),
        preconnect,
        eject,
        special ? from.serverConnections() : 1,
        from.serverRetryTimeoutMillis(),
        from.serverFailureLimit(),
        from.servers().subList(0, servers));
  }

  private static SwarmSettings with(SwarmSettings from, int index, SwarmSettings.Pool pool) {
    List<SwarmSettings.Pool> pools = new ArrayList<>(from.pools());
    pools.set(index, pool);
    return with(from, pools);
  }

  private static SwarmSettings with(SwarmSettings from, List<SwarmSettings.Pool> pools) {
    return new SwarmSettings(
        from.kernel(),
        from.base(),
        from.mbufBytes(),
        from.memory(),
        List.copyOf(pools),
        from.faults(),
        from.serverFaults(),
        from.clientFaults(),
        from.requestsPerClient(),
        from.keysPerTurn(),
        from.ending());
  }

  private static SwarmSettings with(
      SwarmSettings from,
      Map<twemlab.sim.world.Fault, Integer> faults,
      Map<twemlab.sim.scenario.ServerFault, Integer> servers,
      Map<twemlab.sim.scenario.ClientFault, Integer> clients) {
    return new SwarmSettings(
        from.kernel(),
        from.base(),
        from.mbufBytes(),
        from.memory(),
        from.pools(),
        faults,
        servers,
        clients,
        from.requestsPerClient(),
        from.keysPerTurn(),
        from.ending());
  }

  private static SwarmSettings with(
      SwarmSettings from, Settings kernel, int mbufBytes, long requests) {
    return new SwarmSettings(
        kernel,
        from.base(),
        mbufBytes,
        memory(from, mbufBytes),
        from.pools(),
        from.faults(),
        from.serverFaults(),
        from.clientFaults(),
        requests,
        from.keysPerTurn(),
        from.ending());
  }

  /// The same number of bytes in mbufs of another size.
  private static MemoryLimits memory(SwarmSettings from, int mbufBytes) {
    long bytes = (long) from.memory().mbufs() * from.mbufBytes();
    return new MemoryLimits(
        (int) (bytes / mbufBytes), from.memory().messages(), from.memory().replyBytes());
  }
}
