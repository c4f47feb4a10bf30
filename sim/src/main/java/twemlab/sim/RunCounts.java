package twemlab.sim;

import java.util.LinkedHashMap;
import java.util.Map;
import twemlab.event.TransportCounts;
import twemlab.proxy.process.Instance;
import twemlab.proxy.stats.PoolField;
import twemlab.proxy.stats.ProcessField;
import twemlab.proxy.stats.ServerField;
import twemlab.proxy.stats.StatsSnapshot;
import twemlab.sim.kernel.SimKernel;
import twemlab.sim.oracle.Books;
import twemlab.sim.oracle.Tally;
import twemlab.sim.scenario.ClientFault;
import twemlab.sim.scenario.ServerFault;
import twemlab.sim.scenario.SwarmSettings;
import twemlab.sim.world.Fault;
import twemlab.sim.world.World;

/// How often each fault happened and each state was seen in one run.
///
/// @param settings of the run
/// @param world where the system's faults were counted
/// @param kernel under the proxy
/// @param instance the proxy
record RunCounts(SwarmSettings settings, World world, SimKernel kernel, Instance instance) {

  /// What is counted now, by name.
  Map<String, Long> of(
      Odds<ServerFault> serverOdds, Odds<ClientFault> clientOdds, Books books, Tally tally) {
    Map<String, Long> counts = new LinkedHashMap<>();
    for (Fault fault : Fault.values()) {
      counts.put("fault " + fault, world.faults().count(fault));
    }
    for (ServerFault fault : ServerFault.values()) {
      counts.put("server " + fault, serverOdds.count(fault));
    }
    for (ClientFault fault : ClientFault.values()) {
      counts.put("client " + fault, clientOdds.count(fault));
    }
    StatsSnapshot snapshot = instance.context().stats().snapshot();
    long ejects = 0;
    long fragments = 0;
    for (int pool = 0; pool < settings.pools().size(); pool++) {
      ejects += snapshot.pool(pool, PoolField.SERVER_EJECTS);
      fragments += snapshot.pool(pool, PoolField.FRAGMENTS);
    }
    counts.put("state server ejected", ejects);
    counts.put("state fragment", fragments);
    counts.put("state server eof", books.sum(ServerField.SERVER_EOF));
    counts.put("state server timed out", books.sum(ServerField.SERVER_TIMEDOUT));
    counts.put("state server error", books.sum(ServerField.SERVER_ERR));
    TransportCounts transport = instance.loop().transport().counts();
    counts.put("state read that found nothing", kernel.emptyReads());
    counts.put("state stale event", transport.staleEvents);
    counts.put("state accept starved", transport.acceptsStarved);
    counts.put("state short send", transport.shortSends);
    counts.put("state waited for memory", snapshot.process(ProcessField.CLIENTS_WAITED));
    counts.put("state budget stopped a read", transport.budgetStops);
    counts.put("state descriptor reused in a batch", kernel.reusedInBatch());
    counts.put("base " + settings.base().backend(), 1L);
    tally.counts().forEach((name, count) -> counts.put("state " + name, count));
    return counts;
  }
}
