package twemlab.sim.world;

import java.util.LinkedHashMap;
import java.util.Map;
import twemlab.event.kernel.Address;
import twemlab.sim.choice.Choices;

/// One simulated world: its time, its network, its faults and its trace; processes
/// ([twemlab.sim.kernel.SimKernel]) and hosts ([SimHost]) live in it.
///
/// Everything runs on the thread that calls, and is a function of the settings, the choices, and
/// what the programs do.
public final class World {
  private final Settings settings;
  private final Scheduler scheduler = new Scheduler();
  private final Trace trace = new Trace(scheduler);
  private final Faults faults;
  private final Network network;
  private final Map<String, Address.Inet> names = new LinkedHashMap<>();
  private long wallOffsetMillis;

  /// A world without faults, until [#faults] are told otherwise. Draws from the streams `network`
  /// and `faults` of the choices.
  public World(Settings settings, Choices choices) {
    this.settings = settings;
    this.faults = new Faults(choices.stream("faults"), trace);
    this.network = new Network(this, choices.stream("network"));
  }

  public Settings settings() {
    return settings;
  }

  public Scheduler scheduler() {
    return scheduler;
  }

  public Trace trace() {
    return trace;
  }

  public Faults faults() {
    return faults;
  }

  public Network network() {
    return network;
  }

  /// A host for actors.
  public SimHost host(String name) {
    return new SimHost(this, name);
  }

  /// Gives a name an address, which resolvers answer with the port that they were asked for.
  public void name(String host, Address.Inet address) {
    names.put(host, address);
  }

  public Address.Inet lookUp(String host) {
    return names.get(host);
  }

  /// Moves the wall clock, and not the monotonic one.
  public void jumpWallClock(long millis) {
    wallOffsetMillis += millis;
  }

  public long wallMillis() {
    return settings.wallMillis() + wallOffsetMillis + scheduler.now() / 1_000_000;
  }
}
