package twemlab.sim.scenario;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import twemlab.event.backend.Backend;
import twemlab.event.backend.Backends;
import twemlab.event.kernel.Platform;
import twemlab.hashing.DistributionKind;
import twemlab.hashing.HashTag;
import twemlab.hashing.KeyHash;
import twemlab.proxy.Context;
import twemlab.proxy.conf.Endpoint;
import twemlab.proxy.conf.ListenConf;
import twemlab.proxy.conf.PoolConf;
import twemlab.proxy.conf.ServerConf;
import twemlab.proxy.message.MemoryLimits;
import twemlab.sim.choice.ChoiceLog;
import twemlab.sim.choice.Choices;
import twemlab.sim.choice.ReplayedChoices;
import twemlab.sim.kernel.SimKernel;
import twemlab.sim.workload.WireProtocol;
import twemlab.sim.workload.WorkloadSettings;
import twemlab.sim.world.Fault;
import twemlab.sim.world.Settings;
import twemlab.sim.world.World;

/// Draws [SwarmSettings].
public final class SwarmDraw {
  private static final List<Platform> PLATFORMS =
      List.of(Platform.LINUX_X64, Platform.MACOS, Platform.FREEBSD, Platform.ILLUMOS);

  private static final List<WorkloadSettings.Size> SMALL =
      List.of(new WorkloadSettings.Size(3, 0, 16), new WorkloadSettings.Size(1, 17, 200));

  private static final List<WorkloadSettings.Size> MIDDLE =
      List.of(new WorkloadSettings.Size(3, 0, 200), new WorkloadSettings.Size(1, 200, 3_000));

  /// Replies that are no plain values, and a request without its argument.
  private static final List<WorkloadSettings.Mix> REDIS_ODDITIES =
      List.of(
          new WorkloadSettings.Mix(1, "EVAL return{1,{2},3} 1 t"),
          new WorkloadSettings.Mix(1, "EVAL return{{{}},{'x'},4} 1 t"),
          new WorkloadSettings.Mix(1, "EVAL return{{ok='OK'},false} 1 t"),
          new WorkloadSettings.Mix(1, "GET"));

  private final Choices choices;
  private final SwarmSettings.Wish wish;

  public SwarmDraw(Choices choices, SwarmSettings.Wish wish) {
    this.choices = choices;
    this.wish = wish;
  }

  public SwarmSettings draw() {
    Settings kernel = kernel();
    List<Backend> bases = bases(kernel);
    Backend drawn = choices.pick(bases);
    Map<Fault, Integer> faults = faults();
    boolean actorsErr = choices.chance(3, 4);
    Map<ServerFault, Integer> server = kinds(ServerFault.class, actorsErr, 150);
    Map<ClientFault, Integer> client = kinds(ClientFault.class, actorsErr, 800);
    hostile(client);
    SwarmSettings shell =
        new SwarmSettings(
            kernel,
            wish.base().orElse(drawn),
            choices.pick(List.of(512, 1_024, 4_096, 16_384)),
            MemoryLimits.standard(16_384),
            List.of(),
            faults,
            server,
            client,
            wish.requestsPerClient(),
            Context.Settings.KEYS_PER_TURN,
            Ending.NONE);
    List<SwarmSettings.Pool> pools = new ArrayList<>();
    for (int left = choices.between(1, 2); left > 0; left--) {
      pools.add(pool(pools.size(), shell));
    }
    Choices slices = choices.stream("slices");
    int few = slices.pick(List.of(1, 5, 30, 300));
    boolean sliced = slices.chance(1, 3);
    return new SwarmSettings(
        kernel,
        shell.base(),
        shell.mbufBytes(),
        memory(shell.mbufBytes()),
        List.copyOf(pools),
        faults,
        server,
        client,
        wish.requestsPerClient(),
        sliced ? few : Context.Settings.KEYS_PER_TURN,
        Ending.draw(choices.stream("ending")));
  }

  /// In half of the runs the longest replies are not passed on. In a third of the runs so little
  /// that clients wait for it all the time. It is enough for what they are owed together, and for
  /// the longest request, because nobody is to be closed.
  private MemoryLimits memory(int mbufBytes) {
    Choices own = choices.stream("memory");
    boolean little = own.chance(1, 3);
    int bytes = own.pick(List.of(1 << 20, 2 << 20, 4 << 20));
    int messages = own.pick(List.of(40, 100, 400));
    int reply = choices.stream("replies").pick(List.of(20_000, 100_000, 512 << 20, 512 << 20));
    return little
        ? new MemoryLimits(bytes / mbufBytes, messages, reply)
        : MemoryLimits.standard(mbufBytes).withReplyBytes(reply);
  }

  private Settings kernel() {
    Platform platform = PLATFORMS.get(choices.weighted(6, 1, 1, 1));
    int buffer = choices.pick(List.of(131_072, 32_768, 8_192, 4_608));
    int split = choices.pick(List.of(0, 500, 3_000));
    Settings settings =
        Settings.linux()
            .withBuffers(buffer, buffer)
            .withSegments(split == 0 ? 65_483 : 1_460, split);
    return wish.base().isEmpty()
        ? settings.withPlatform(platform)
        : platformOf(wish.base().get(), settings);
  }

  /// The event bases that some simulated platform has.
  static List<Backend> simulated() {
    List<Backend> found = new ArrayList<>();
    for (Backend base : Backends.all()) {
      if (PLATFORMS.stream()
          .anyMatch(p -> bases(Settings.linux().withPlatform(p)).contains(base))) {
        found.add(base);
      }
    }
    return found;
  }

  /// The settings on the first platform that has an event base.
  ///
  /// @throws IllegalArgumentException if none has it
  static Settings platformOf(Backend base, Settings settings) {
    return PLATFORMS.stream()
        .map(settings::withPlatform)
        .filter(each -> bases(each).contains(base))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(base.backend() + " cannot be simulated"));
  }

  private static List<Backend> bases(Settings kernel) {
    World probe = new World(kernel, new ReplayedChoices(new ChoiceLog()));
    return Backends.on(new SimKernel(probe, "probe"));
  }

  /// The system's faults: in a quarter of the runs such as lose nothing only.
  private Map<Fault, Integer> faults() {
    Map<Fault, Integer> faults = SwarmSettings.table(Fault.class);
    boolean harmless = choices.chance(1, 4);
    for (Fault fault : Fault.values()) {
      int rate = choices.pick(List.of(1, 2, 5)) * rate(fault);
      boolean exists = choices.chance(1, 3);
      boolean may = !harmless || SwarmSettings.harmless(fault);
      if (exists && may && wish.allows(fault)) {
        faults.put(fault, rate);
      }
    }
    return faults;
  }

  /// In 10,000 opportunities, at the least; what loses something is rare.
  private static int rate(Fault fault) {
    return switch (fault) {
      case COALESCE_DATA_AND_FIN -> 2_000;
      case PARTIAL_READ, PARTIAL_WRITE -> 1_000;
      case FEW_EVENTS, REORDER_EVENTS -> 1_000;
      case EAGAIN_ON_READ, EAGAIN_ON_WRITE, EINTR, TIMER_JITTER, GETN_ETIME -> 200;
      case CONNECT_REFUSED, CONNECT_SLOW, CONNECT_TIMEOUT -> 99;
      case ACCEPT_ERROR, EMFILE, BACKLOG_FULL -> 99;
      case RESOLVE_FAILED -> 1_000;
      case DELAY_SEGMENT -> 20;
      case RST -> 5;
      case COMPLETIONS_OVERFLOW, LATE_COMPLETION, CANCEL_BUSY -> 500;
      case NO_BUFFERS -> 50;
      case PAUSE_LOOP, CLOCK_JUMP -> 1;
    };
  }

  private <E extends Enum<E>> Map<E, Integer> kinds(Class<E> type, boolean any, int most) {
    Map<E, Integer> kinds = SwarmSettings.table(type);
    for (E kind : type.getEnumConstants()) {
      if (kind == ClientFault.HOSTILE) {
        continue;
      }
      boolean exists = choices.chance(1, 3);
      int rate = 1 + choices.below(most);
      if (any && exists && wish.allows(kind)) {
        kinds.put(kind, rate);
      }
    }
    return kinds;
  }

  /// Drawn for itself, and often: it stands for all that strangers may send.
  private void hostile(Map<ClientFault, Integer> client) {
    Choices own = choices.stream("hostile");
    boolean exists = own.chance(1, 3);
    int rate = own.between(1_000, 5_000);
    if (exists && wish.allows(ClientFault.HOSTILE)) {
      client.put(ClientFault.HOSTILE, rate);
    }
  }

  private SwarmSettings.Pool pool(int index, SwarmSettings shell) {
    boolean redis = choices.chance(1, 2);
    String name = "pool" + (index + 1);
    int port = 22_121 + index;
    String listen = "127.0.0.1:" + port;
    PoolConf conf =
        new PoolConf(
            name,
            new ListenConf(listen, new Endpoint.Inet("127.0.0.1", port), -1),
            choices.pick(List.of(KeyHash.values())),
            choices.pick(
                List.of(
                    Optional.<HashTag>empty(), Optional.of(new HashTag((byte) ':', (byte) '.')))),
            distribution(),
            timeout(shell),
            512,
            choices.chance(1, 8) ? choices.between(1, 3) : 0,
            false,
            false,
            redis,
            redis && choices.chance(1, 4) ? Optional.of("sesame") : Optional.empty(),
            redis && choices.chance(1, 4) ? choices.between(1, 3) : 0,
            false,
            choices.chance(1, 4),
            choices.chance(1, 3) && shell.lossy(),
            choices.pick(List.of(1, 1, 2, 3)),
            choices.pick(List.of(200, 2_000)),
            choices.between(1, 3),
            servers(name, redis, shell));
    return new SwarmSettings.Pool(conf, choices.between(1, 4), workload(conf));
  }

  /// Maglev's table takes longer to fill than many a run takes.
  private DistributionKind distribution() {
    DistributionKind drawn = choices.pick(List.of(DistributionKind.values()));
    return drawn == DistributionKind.MAGLEV && choices.chance(3, 4)
        ? DistributionKind.KETAMA
        : drawn;
  }

  /// Without a timeout a server that never answers would hold its clients for ever, by contract.
  private int timeout(SwarmSettings shell) {
    boolean silence = shell.has(ServerFault.NEVER) || shell.has(ServerFault.STRAY);
    boolean none = choices.chance(1, 4);
    int drawn = choices.pick(List.of(400, 1_000, 3_000));
    return none && !silence ? 0 : shell.lossy() ? drawn : 30_000;
  }

  private List<ServerConf> servers(String pool, boolean redis, SwarmSettings shell) {
    int drawn = choices.weighted(3, 1, 1);
    int kind = shell.has(Fault.RESOLVE_FAILED) ? 1 : drawn;
    int port = redis ? 6379 : 11211;
    List<ServerConf> servers = new ArrayList<>();
    for (int i = 1, count = choices.between(1, 5); i <= count; i++) {
      String host = kind == 1 ? pool + "-" + i + ".test" : "10.0." + pool.charAt(4) + "." + i;
      Endpoint endpoint =
          kind == 2 ? new Endpoint.Unix("/run/" + pool + "-" + i) : new Endpoint.Inet(host, port);
      servers.add(
          new ServerConf(endpoint + ":1", endpoint.toString(), endpoint, choices.between(1, 2)));
    }
    return servers;
  }

  private WorkloadSettings workload(PoolConf conf) {
    WireProtocol protocol = conf.redis() ? WireProtocol.REDIS : WireProtocol.MEMCACHED;
    WorkloadSettings mixed = WorkloadSettings.of(protocol, "");
    if (conf.redis()) {
      List<WorkloadSettings.Mix> mix = new ArrayList<>(mixed.mix());
      mix.addAll(REDIS_ODDITIES);
      mixed = mixed.withMix(mix);
    }
    int wide = choices.stream("wide").pick(List.of(24, 24, 200));
    int pipeline = choices.pick(List.of(1, 8, 32));
    List<WorkloadSettings.Size> sizes =
        choices.pick(List.of(SMALL, MIDDLE, MIDDLE, WorkloadSettings.DEFAULT_SIZES));
    return mixed
        .withKeysPerRequestMax(sizes.equals(SMALL) ? wide : mixed.keysPerRequestMax())
        .withPipelineMax(pipeline)
        .withSizes(sizes);
  }
}
