package twemlab.sim.run.hostile.innocent;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import twemlab.sim.run.hostile.attack.Arena;
import twemlab.sim.run.servers.FaultInjector;
import twemlab.sim.run.servers.ServerProcess;

/// When which server was away: what fails then, and touched that server, is owed to it and not to
/// the proxy. Any thread may ask.
public final class Outages implements FaultInjector.Watch {
  /// For so long after its return a server works off what was asked of it before, and what waited
  /// for it times out.
  private static final long AFTERMATH_NANOS = (Arena.TIMEOUT_MILLIS + 1000) * 1_000_000L;

  /// @param to the end, aftermath included; the largest number while it lasts
  private record Outage(ServerProcess server, long from, long to) {}

  private final List<Outage> outages = new ArrayList<>();
  private final Map<String, Integer> kinds = new TreeMap<>();

  @Override
  public synchronized void goes(ServerProcess server, String kind) {
    outages.add(new Outage(server, System.nanoTime(), Long.MAX_VALUE));
    kinds.merge(kind, 1, Integer::sum);
  }

  @Override
  public synchronized void isBack(ServerProcess server) {
    long to = System.nanoTime() + AFTERMATH_NANOS;
    outages.replaceAll(
        each ->
            each.server() == server && each.to() == Long.MAX_VALUE
                ? new Outage(server, each.from(), to)
                : each);
  }

  /// Whether a server was away at some time between two moments of [System#nanoTime].
  public synchronized boolean during(ServerProcess server, long from, long to) {
    return outages.reversed().stream()
        .anyMatch(
            each ->
                each.server() == server
                    && each.from() - to <= 0
                    && (each.to() == Long.MAX_VALUE || each.to() - from >= 0));
  }

  /// Whether any server is away now.
  public synchronized boolean now() {
    return outages.stream().anyMatch(each -> each.to() == Long.MAX_VALUE);
  }

  /// What was done to servers, and how often.
  public synchronized Map<String, Integer> kinds() {
    return new TreeMap<>(kinds);
  }
}
