package twemlab.sim.run.hostile;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiConsumer;
import twemlab.sim.choice.Choices;
import twemlab.sim.choice.SeededChoices;
import twemlab.sim.run.hostile.attack.Arena;
import twemlab.sim.run.hostile.attack.Attack;
import twemlab.sim.run.hostile.attack.AttackClient;
import twemlab.sim.run.hostile.attack.AttackTally;
import twemlab.sim.run.hostile.attack.Setup;
import twemlab.sim.run.hostile.innocent.Findings;
import twemlab.sim.run.hostile.innocent.Innocent;
import twemlab.sim.run.hostile.innocent.InnocentBooks;
import twemlab.sim.run.hostile.innocent.Outages;
import twemlab.sim.run.hostile.innocent.Seat;
import twemlab.sim.run.hostile.innocent.Timeline;
import twemlab.sim.run.servers.Epochs;
import twemlab.sim.run.servers.FaultInjector;
import twemlab.sim.run.servers.ServerProcess;

/// Attackers and innocent clients before one proxy, with real servers that fail behind it.
///
/// ```text
/// attackers of every kind ──► ┌─────────────┐ ──► redis and memcached, killed, restarted, stopped
///                             │  the proxy, │ ──► two that are stopped nearly all the time
/// innocent clients        ──► │ its process │ ──► an evil server
///                             └─────────────┘
/// ```
///
/// The promises: no innocent client gets a wrong reply; none of its requests fails, but for those
/// that a failing server owes; the process lives, stays within its [Bounds], ends in order, and its
/// log tells of no exception.
public final class HostileSoak {
  private static final int DRAIN_MILLIS = 15_000;
  private static final int REST_MILLIS = 20_000;
  private static final int TICK_MILLIS = 100;
  private static final int TICKS_A_SAMPLE = 10;
  private static final int JOIN_MILLIS = 30_000;
  private static final long FLOOD_AFTERMATH = 3_000_000_000L;
  private static final int STALLED_TICKS = 250;
  private static final int FREED_TICKS = 20;

  private final HostileSettings settings;
  private final List<Attack> attacks;
  private final Rotation rotation;
  private final Findings findings;
  private final InnocentBooks books = new InnocentBooks();
  private final Outages outages = new Outages();
  private final Timeline timeline = new Timeline();
  private final Bounds bounds;
  private final Map<Attack, AttackTally> tallies = new LinkedHashMap<>();
  private final List<AttackClient> attackers = new ArrayList<>();
  private final List<Thread> attackThreads = new ArrayList<>();
  private final List<Thread> innocents = new ArrayList<>();
  private long start;
  private volatile boolean attacksOver;
  private volatile long lastFlood = Long.MIN_VALUE;
  private long peakBytes;
  private long logBytes;

  /// A run.
  public HostileSoak(HostileSettings settings) {
    this.settings = settings;
    this.attacks =
        Attacks.all().stream().filter(each -> settings.attacks().contains(each.name())).toList();
    this.rotation = new Rotation(attacks, settings.seconds());
    this.findings = new Findings(settings.seed(), this::attack);
    this.bounds = Bounds.of(settings.seconds());
    attacks.forEach(each -> tallies.put(each, new AttackTally()));
  }

  private double time() {
    return (System.nanoTime() - start) / 1e9;
  }

  private String attack() {
    return attacksOver ? "the end" : rotation.label(time());
  }

  /// Runs.
  ///
  /// @param progress is called every second with the seconds gone, and what is on
  /// @return the promises that did not hold; empty if all did
  /// @throws IOException if a server or the proxy cannot be started
  public List<String> run(BiConsumer<Double, String> progress)
      throws IOException, InterruptedException {
    try (Setup setup = Setup.start(settings.redis(), settings.memcached(), settings.seed());
        AttackedProxy proxy = AttackedProxy.start(settings.proxy(), setup)) {
      start = System.nanoTime();
      under(setup, proxy, progress);
    }
    return findings.all();
  }

  private void under(Setup setup, AttackedProxy proxy, BiConsumer<Double, String> progress)
      throws IOException, InterruptedException {
    Choices choices = new SeededChoices(settings.seed());
    List<Seat> seats = seats(setup);
    Epochs epochs = new Epochs(seats.size());
    startInnocents(setup, proxy, seats, epochs, choices);
    startAttackers(setup, choices);
    Thread faults = Thread.ofPlatform().name("faults").start(() -> inject(setup, epochs, choices));
    watch(setup, proxy, progress);
    attacksOver = true;
    attackers.forEach(AttackClient::watch);
    if (!proxy.alive()) {
      // Nobody is left whom a stopped server could hurt.
      faults.interrupt();
    }
    faults.join();
    for (Thread thread : attackThreads) {
      attackers.forEach(AttackClient::watch);
      thread.join(JOIN_MILLIS);
    }
    for (ServerProcess server : setup.stalled()) {
      server.resume();
    }
    epochs.stop();
    for (Thread thread : innocents) {
      thread.join(JOIN_MILLIS);
    }
    end(proxy);
  }

  private static List<Seat> seats(Setup setup) {
    List<Seat> seats = new ArrayList<>();
    for (Arena arena : Arena.values()) {
      int clients = arena.failing() ? 3 : arena.servers().size();
      for (int i = 0; i < clients; i++) {
        seats.add(Seat.in(arena, setup));
      }
    }
    seats.add(Seat.before("r3", Arena.EJECT, setup));
    seats.add(Seat.before("m2", Arena.STALLED_CACHE, setup));
    return seats;
  }

  private void startInnocents(
      Setup setup, AttackedProxy proxy, List<Seat> seats, Epochs epochs, Choices choices) {
    var world =
        new Innocent.World(setup, epochs, outages, books, findings, proxy::alive, this::flooded);
    double rate = settings.rate() / seats.size();
    for (int i = 0; i < seats.size(); i++) {
      var client = new Innocent(i, seats.get(i), world, choices.stream("innocent" + i), rate);
      innocents.add(Thread.ofPlatform().daemon().name("innocent" + i).start(client));
    }
  }

  private void startAttackers(Setup setup, Choices choices) {
    for (Attack attack : attacks) {
      for (int i = 0; i < attack.clients(); i++) {
        String name = attack.name() + i;
        var client =
            new AttackClient(
                attack,
                setup,
                choices.stream(name),
                tallies.get(attack),
                () -> rotation.active(attack, time()),
                () -> attacksOver);
        attackers.add(client);
        attackThreads.add(Thread.ofPlatform().daemon().name(name).start(client));
      }
    }
  }

  private boolean flooded() {
    return System.nanoTime() < lastFlood + FLOOD_AFTERMATH;
  }

  private void inject(Setup setup, Epochs epochs, Choices choices) {
    var injector =
        new FaultInjector(
            setup.failing(), epochs, outages, choices.stream("faults"), Arena.TIMEOUT_MILLIS);
    try {
      while (!attacksOver) {
        injector.once();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (IOException | IllegalStateException e) {
      findings.add("the faults ended: " + e);
    }
  }

  /// Until the time is over or the proxy has ended.
  private void watch(Setup setup, AttackedProxy proxy, BiConsumer<Double, String> progress)
      throws IOException, InterruptedException {
    for (int tick = 0; time() < settings.seconds(); tick++) {
      stall(setup, tick);
      attackers.forEach(AttackClient::watch);
      if (attacks.stream().anyMatch(a -> a.takesPlaces() && rotation.active(a, time()))) {
        lastFlood = System.nanoTime();
      }
      if (tick % TICKS_A_SAMPLE == 0) {
        sample(proxy);
        progress.accept(time(), attack());
      }
      if (!proxy.alive()) {
        findings.addFirst("the proxy ended: " + proxy.lastWords());
        return;
      }
      Thread.sleep(TICK_MILLIS);
    }
  }

  /// Two servers are stopped, but for a moment now and then.
  private static void stall(Setup setup, int tick) throws IOException {
    int within = tick % (STALLED_TICKS + FREED_TICKS);
    for (ServerProcess server : setup.stalled()) {
      if (within == 0) {
        server.suspend();
      } else if (within == STALLED_TICKS) {
        server.resume();
      }
    }
  }

  private void sample(AttackedProxy proxy) {
    timeline.add(time(), proxy.residentBytes(), books, attack(), outages.now());
    peakBytes = Math.max(peakBytes, proxy.peakBytes());
  }

  private void end(AttackedProxy proxy) throws IOException, InterruptedException {
    boolean alive = proxy.alive();
    if (alive) {
      sample(proxy);
      awaitRest(proxy);
      OptionalInt code = proxy.terminate(DRAIN_MILLIS);
      if (code.isEmpty()) {
        findings.add("the proxy does not end after SIGTERM");
      } else if (code.getAsInt() != 0) {
        findings.add("the proxy ended after SIGTERM with " + proxy.lastWords());
      }
    }
    logBytes = proxy.logBytes();
    proxy.firstTrace().ifPresent(trace -> findings.add("an exception in the log: " + trace));
    if (books.rightReplies() == 0) {
      findings.add("no reply was right");
    }
    if (peakBytes > bounds.memoryBytes()) {
      findings.add("resident memory: " + peakBytes + " bytes");
    }
    if (logBytes > bounds.logBytes()) {
      findings.add("the log has " + logBytes + " bytes");
    }
  }

  /// When all clients have left, nobody may be counted as being there, and nobody was ejected.
  private void awaitRest(AttackedProxy proxy) throws InterruptedException {
    for (String gauge : List.of("client_connections", "in_queue", "out_queue")) {
      long deadline = System.nanoTime() + REST_MILLIS * 1_000_000L;
      Optional<Long> value = proxy.statistic(gauge);
      while (value.orElse(1L) != 0 && System.nanoTime() < deadline) {
        Thread.sleep(TICK_MILLIS);
        value = proxy.statistic(gauge);
      }
      if (value.isEmpty()) {
        findings.add("the statistics are not told any more");
        return;
      }
      if (value.get() != 0) {
        findings.add("when all clients have left, " + gauge + " is " + value.get());
      }
    }
    long ejects = proxy.statistic("server_ejects").orElse(0L);
    if (ejects > 0) {
      findings.add("servers that never failed were ejected " + ejects + " times");
    }
  }

  /// What the innocent clients saw.
  public InnocentBooks books() {
    return books;
  }

  /// What was measured over time.
  public Timeline timeline() {
    return timeline;
  }

  /// What was done to servers, and how often.
  public Map<String, Integer> faults() {
    return outages.kinds();
  }

  Map<Attack, AttackTally> tallies() {
    return tallies;
  }

  Rotation rotation() {
    return rotation;
  }

  /// What the proxy may cost.
  public Bounds bounds() {
    return bounds;
  }

  /// The most of the proxy that was resident at any time.
  public long peakBytes() {
    return peakBytes;
  }

  /// The size of the proxy's log.
  public long logBytes() {
    return logBytes;
  }
}
