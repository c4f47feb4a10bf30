package twemlab.sim.scenario;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.StringJoiner;
import java.util.TreeSet;
import twemlab.event.backend.Backend;
import twemlab.proxy.Context;
import twemlab.proxy.conf.PoolConf;
import twemlab.proxy.message.MemoryLimits;
import twemlab.sim.workload.WorkloadSettings;
import twemlab.sim.world.Fault;
import twemlab.sim.world.Settings;

/// The whole configuration of one run, drawn from the seed by [SwarmDraw]; printed by [#toString].
///
/// Each run has some kinds of fault only, so that none hides what the others would show (Groce et
/// al., "Swarm testing", 2012).
///
/// @param kernel platform, socket buffers, latencies
/// @param base what the proxy waits on
/// @param mbufBytes bytes of an mbuf
/// @param memory the proxy's limits
/// @param pools each with its clients
/// @param faults of the system, in 10,000 opportunities
/// @param serverFaults in 10,000 replies
/// @param clientFaults in 10,000 batches
/// @param requestsPerClient how many each sends, at least
/// @param keysPerTurn keys of divided requests that the proxy works on in one turn; a few only, and
///   small requests are worked on in slices as large ones are in life
/// @param ending by a signal, or by the clients
public record SwarmSettings(
    Settings kernel,
    Backend base,
    int mbufBytes,
    MemoryLimits memory,
    List<Pool> pools,
    Map<Fault, Integer> faults,
    Map<ServerFault, Integer> serverFaults,
    Map<ClientFault, Integer> clientFaults,
    long requestsPerClient,
    int keysPerTurn,
    Ending ending) {

  /// What a fault of the system costs.
  enum Cost {
    NOTHING,
    TIME,
    CONNECTION,
    TIME_AND_CONNECTION;

    boolean isTime() {
      return this == TIME || this == TIME_AND_CONNECTION;
    }

    boolean isConnection() {
      return this == CONNECTION || this == TIME_AND_CONNECTION;
    }
  }

  /// What the oracle must expect of a fault. The compiler asks for each one here.
  static Cost cost(Fault fault) {
    return switch (fault) {
      case PARTIAL_READ,
          PARTIAL_WRITE,
          EAGAIN_ON_READ,
          EAGAIN_ON_WRITE,
          EINTR,
          COALESCE_DATA_AND_FIN,
          FEW_EVENTS,
          REORDER_EVENTS,
          TIMER_JITTER,
          CLOCK_JUMP,
          GETN_ETIME,
          COMPLETIONS_OVERFLOW,
          LATE_COMPLETION,
          CANCEL_BUSY,
          NO_BUFFERS ->
          Cost.NOTHING;
      case DELAY_SEGMENT, CONNECT_SLOW, PAUSE_LOOP -> Cost.TIME;
      case RST, CONNECT_REFUSED, ACCEPT_ERROR, EMFILE, RESOLVE_FAILED -> Cost.CONNECTION;
      case CONNECT_TIMEOUT, BACKLOG_FULL -> Cost.TIME_AND_CONNECTION;
    };
  }

  private boolean anyCostsTime() {
    return faults.keySet().stream().anyMatch(fault -> cost(fault).isTime());
  }

  private boolean anyCostsAConnection() {
    return faults.keySet().stream().anyMatch(fault -> cost(fault).isConnection());
  }

  /// What a run may be told from outside, beside its seed.
  ///
  /// @param base the event base, if it is not to be drawn
  /// @param requestsPerClient how many each client sends, at least
  /// @param off the names of the kinds of fault that are turned off; `all` for every kind
  public record Wish(Optional<Backend> base, long requestsPerClient, Set<String> off) {
    /// Every kind of fault that can be turned off, by name.
    public static SortedSet<String> kinds() {
      SortedSet<String> names = new TreeSet<>();
      for (Enum<?>[] kinds :
          List.<Enum<?>[]>of(Fault.values(), ServerFault.values(), ClientFault.values())) {
        for (Enum<?> kind : kinds) {
          names.add(kind.name());
        }
      }
      return names;
    }

    boolean allows(Enum<?> kind) {
      return !off.contains("all") && !off.contains(kind.name());
    }
  }

  /// One pool.
  ///
  /// @param clients how many use it
  /// @param workload of each client, but for the prefix of the keys
  public record Pool(PoolConf conf, int clients, WorkloadSettings workload) {
    /// Whether each key has one server as long as none is ejected.
    public boolean sticky() {
      return conf.servers().size() == 1
          || switch (conf.distribution()) {
            case RANDOM, KETAMA_BOUNDED -> false;
            default -> true;
          };
    }
  }

  /// Whether replies may come seconds late.
  boolean slow() {
    return anyCostsTime() || !serverFaults.isEmpty() || !clientFaults.isEmpty();
  }

  /// Whether a request may be answered with an error of the proxy, or not at all.
  public boolean lossy() {
    return slow() || anyCostsAConnection();
  }

  /// Whether nothing but an idle connection's end, by its server, can make a server fail.
  public boolean onlyIdleEnds() {
    return !anyCostsTime()
        && !anyCostsAConnection()
        && clientFaults.isEmpty()
        && serverFaults.keySet().equals(Set.of(ServerFault.IDLE_CLOSE));
  }

  /// Whether nothing can go wrong with a server but an error in place of a reply. Where a password
  /// or a database is set, the error may answer that.
  public boolean serversOnlyRefuse(Pool pool) {
    boolean setUp = pool.conf().redisAuth().isPresent() || pool.conf().redisDb() > 0;
    return !anyCostsTime()
        && !anyCostsAConnection()
        && Set.of(ServerFault.ERROR_REPLY).containsAll(serverFaults.keySet())
        && !setUp;
  }

  /// Whether a client may lose its connection through no fault of the proxy.
  public boolean clientsMayBeCutOff() {
    return anyCostsAConnection() || faults.containsKey(Fault.PAUSE_LOOP);
  }

  /// Whether clients break their connections off, and come back.
  public boolean clientsLeave() {
    return clientFaults.containsKey(ClientFault.RESET)
        || clientFaults.containsKey(ClientFault.VANISH);
  }

  /// Whether a request that times out is told so at once: small messages, no client that stops
  /// reading or sends so much that it is not read, memory enough that nobody waits for some before
  /// being read, and nothing else that takes its time.
  public boolean punctual(Pool pool) {
    boolean small = pool.workload().sizes().stream().allMatch(size -> size.to() <= 200);
    return small
        && memory.equals(standardMemory())
        && keysPerTurn == Context.Settings.KEYS_PER_TURN
        && clientFaults.isEmpty()
        && !anyCostsTime()
        && pool.conf().timeoutMillis() > 0;
  }

  /// What a proxy without options has, but for the limit of a reply.
  private MemoryLimits standardMemory() {
    return MemoryLimits.standard(mbufBytes).withReplyBytes(memory.replyBytes());
  }

  /// Whether a fault neither loses anything nor costs much time.
  static boolean harmless(Fault fault) {
    return cost(fault) == Cost.NOTHING;
  }

  public boolean has(Fault fault) {
    return faults.containsKey(fault);
  }

  public boolean has(ServerFault fault) {
    return serverFaults.containsKey(fault);
  }

  static <E extends Enum<E>> Map<E, Integer> table(Class<E> type) {
    return new EnumMap<>(type);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(
        "%s on %s, mbufs of %d bytes, socket buffers of %d and %d, requests of each client: %d%n"
            .formatted(
                base.backend(),
                kernel.platform(),
                mbufBytes,
                kernel.sendBuffer(),
                kernel.receiveBuffer(),
                requestsPerClient));
    if (keysPerTurn != Context.Settings.KEYS_PER_TURN) {
      text.append("keys of a turn: %d%n".formatted(keysPerTurn));
    }
    if (!memory.equals(standardMemory())) {
      text.append(
          "memory for %d mbufs and %d messages%n".formatted(memory.mbufs(), memory.messages()));
    }
    if (memory.replyBytes() < MemoryLimits.standard(mbufBytes).replyBytes()) {
      text.append("replies of at most %d bytes%n".formatted(memory.replyBytes()));
    }
    pools.forEach(pool -> text.append(text(pool)));
    text.append("faults: ").append(text(faults)).append(System.lineSeparator());
    text.append("servers: ").append(text(serverFaults)).append(System.lineSeparator());
    text.append("clients: ").append(text(clientFaults));
    if (ending.isSignalled()) {
      text.append(System.lineSeparator()).append("end: ").append(ending);
    }
    return text.toString();
  }

  private static String text(Pool pool) {
    PoolConf conf = pool.conf();
    return "pool %s: %s, %d servers on %s, %d connections each, %s/%s%s, timeout %d, %s%s%s%d clients%s%n"
        .formatted(
            conf.name(),
            conf.redis() ? "redis" : "memcached",
            conf.servers().size(),
            conf.servers().getFirst().endpoint(),
            conf.serverConnections(),
            conf.hash().configName(),
            conf.distribution().configName(),
            conf.hashTag().isPresent() ? " with a hash tag" : "",
            conf.timeoutMillis(),
            conf.autoEjectHosts() ? "ejecting after " + conf.serverFailureLimit() + ", " : "",
            conf.redisAuth().isPresent() ? "password, " : "",
            conf.redisDb() > 0 ? "database " + conf.redisDb() + ", " : "",
            pool.clients(),
            conf.clientConnections() > 0
                ? " of which " + conf.clientConnections() + " are let in"
                : "");
  }

  private static <E extends Enum<E>> String text(Map<E, Integer> rates) {
    StringJoiner text = new StringJoiner(", ").setEmptyValue("none");
    rates.forEach((kind, rate) -> text.add(kind.name() + " " + rate));
    return text.toString();
  }
}
