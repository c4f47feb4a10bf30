package twemlab.sim.run.demo;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import twemlab.event.kernel.CallCounts;
import twemlab.proxy.process.Instance;
import twemlab.proxy.stats.PoolField;
import twemlab.proxy.stats.ServerField;
import twemlab.proxy.stats.StatsNames;
import twemlab.proxy.stats.StatsSnapshot;

/// What a proxy's loop has done so far.
///
/// @param turns of the loop
/// @param events that its waits reported
/// @param calls system calls by kind, at the kernel seam
/// @param mbufsPeak the most mbufs in use at once
/// @param mappedBytes of all mbufs, used or not
record ProxyCounts(
    long turns,
    long events,
    Map<CallCounts.Call, Long> calls,
    int mbufsPeak,
    long mappedBytes,
    List<Pool> pools) {

  /// One pool: the pieces into which its multi-key requests were cut, and its servers.
  record Pool(String name, long fragments, List<Server> servers) {}

  /// What went to one server and came back.
  record Server(
      String name, long requests, long requestBytes, long responses, long responseBytes) {}

  /// To be called on the loop's thread.
  static ProxyCounts of(Instance instance) {
    CallCounts counts = instance.kernel().counts();
    Map<CallCounts.Call, Long> calls = new EnumMap<>(CallCounts.Call.class);
    for (CallCounts.Call call : CallCounts.Call.values()) {
      calls.put(call, counts.of(call));
    }
    return new ProxyCounts(
        instance.loop().turns(),
        instance.loop().transport().counts().events,
        calls,
        instance.mbufs().peak(),
        instance.mbufs().mappedBytes(),
        pools(instance.context().stats().snapshot()));
  }

  private static List<Pool> pools(StatsSnapshot stats) {
    List<Pool> pools = new ArrayList<>();
    for (int i = 0; i < stats.names().size(); i++) {
      StatsNames names = stats.names().get(i);
      List<Server> servers = new ArrayList<>();
      for (int j = 0; j < names.servers().size(); j++) {
        servers.add(
            new Server(
                names.servers().get(j),
                stats.server(i, j, ServerField.REQUESTS),
                stats.server(i, j, ServerField.REQUEST_BYTES),
                stats.server(i, j, ServerField.RESPONSES),
                stats.server(i, j, ServerField.RESPONSE_BYTES)));
      }
      pools.add(new Pool(names.pool(), stats.pool(i, PoolField.FRAGMENTS), servers));
    }
    return pools;
  }
}
