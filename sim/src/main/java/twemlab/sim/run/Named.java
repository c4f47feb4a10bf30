package twemlab.sim.run;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import twemlab.event.backend.Backend;
import twemlab.proxy.tool.Choice;
import twemlab.sim.scenario.Scenario;
import twemlab.sim.scenario.SwarmSettings;
import twemlab.sim.workload.WireProtocol;

/// What the commands of the simulator know by name. Each method throws [Choice.Unknown] for a name
/// that is not there.
public final class Named {
  private static final String ALL = "all";

  private Named() {}

  public static Scenario scenario(String name) {
    return Choice.of("scenario", name, Scenario.ALL, Scenario::name);
  }

  /// A backend that some simulated platform has.
  public static Backend backend(String name) {
    return Choice.of("--backend", name, Scenario.bases(), Backend::backend);
  }

  public static WireProtocol protocol(String name) {
    return Choice.of(
        "--protocol",
        name,
        List.of(WireProtocol.REDIS, WireProtocol.MEMCACHED),
        each -> each.name().toLowerCase(Locale.ROOT));
  }

  /// Kinds of fault that are turned off.
  public static Set<String> faults(Collection<String> names) {
    List<String> kinds = new ArrayList<>(SwarmSettings.Wish.kinds());
    kinds.addFirst(ALL);
    Set<String> found = new TreeSet<>();
    names.forEach(name -> found.add(Choice.of("--off", name, kinds)));
    return found;
  }
}
