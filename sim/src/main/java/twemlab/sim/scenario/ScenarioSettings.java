package twemlab.sim.scenario;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import twemlab.event.backend.Backend;
import twemlab.hashing.DistributionKind;
import twemlab.hashing.HashTag;
import twemlab.hashing.KeyHash;
import twemlab.proxy.Context;
import twemlab.proxy.conf.Endpoint;
import twemlab.proxy.conf.ListenConf;
import twemlab.proxy.conf.PoolConf;
import twemlab.proxy.conf.ServerConf;
import twemlab.proxy.message.MemoryLimits;
import twemlab.sim.workload.WireProtocol;
import twemlab.sim.workload.WorkloadSettings;
import twemlab.sim.world.Fault;
import twemlab.sim.world.Settings;

/// The configuration of a [Scenario]: one pool in which nothing goes wrong, and what is changed
/// about it. Each method returns this object.
public final class ScenarioSettings {
  private static final int PORT = 22_121;

  private final long requests;
  private final Map<Fault, Integer> faults = SwarmSettings.table(Fault.class);
  private final Map<ServerFault, Integer> serverFaults = SwarmSettings.table(ServerFault.class);
  private final Map<ClientFault, Integer> clientFaults = SwarmSettings.table(ClientFault.class);
  private WireProtocol protocol;
  private Settings kernel = Settings.linux();
  private int servers = 1;
  private int clients = 2;
  private int pipeline = 8;
  private int keysPerTurn = Context.Settings.KEYS_PER_TURN;
  private int noreplyPercent = 10;
  private int timeoutMillis = 30_000;
  private int retryMillis;
  private int replyLimit = 512 << 20;
  private boolean preconnect;
  private Ending ending = Ending.NONE;
  private List<WorkloadSettings.Size> sizes = List.of(new WorkloadSettings.Size(1, 0, 200));
  private List<WorkloadSettings.Mix> mix;

  ScenarioSettings(WireProtocol protocol, long requests) {
    this.protocol = protocol;
    this.requests = requests;
  }

  /// It is about memcached only.
  public ScenarioSettings memcached() {
    protocol = WireProtocol.MEMCACHED;
    return this;
  }

  /// It is about redis only.
  public ScenarioSettings redis() {
    protocol = WireProtocol.REDIS;
    return this;
  }

  /// The longest reply that is passed on, in bytes.
  public ScenarioSettings replies(int limitBytes) {
    replyLimit = limitBytes;
    return this;
  }

  public ScenarioSettings servers(int count) {
    servers = count;
    return this;
  }

  public ScenarioSettings clients(int count) {
    clients = count;
    return this;
  }

  /// The most requests that a client sends before it waits for the replies.
  public ScenarioSettings pipeline(int requestsInFlight) {
    pipeline = requestsInFlight;
    return this;
  }

  /// Keys of divided requests that are worked on in one turn.
  public ScenarioSettings keysPerTurn(int keys) {
    keysPerTurn = keys;
    return this;
  }

  /// How the run ends.
  public ScenarioSettings ending(Ending how) {
    ending = how;
    return this;
  }

  /// How many of the memcached requests that can say `noreply` do.
  public ScenarioSettings noreply(int percent) {
    noreplyPercent = percent;
    return this;
  }

  /// Bytes of a value, both ends included.
  public ScenarioSettings sizes(int from, int to) {
    sizes = List.of(new WorkloadSettings.Size(1, from, to));
    return this;
  }

  /// Two kinds of request and how often each comes. Templates whose command is in upper case are
  /// redis', the others memcached's; those of the other protocol are passed over.
  public ScenarioSettings mix(String one, int weight, String other, int otherWeight) {
    boolean redis = Character.isUpperCase(one.charAt(0));
    if (redis == (protocol == WireProtocol.REDIS)) {
      mix =
          List.of(
              new WorkloadSettings.Mix(weight, one), new WorkloadSettings.Mix(otherWeight, other));
    }
    return this;
  }

  /// How long a request may take.
  public ScenarioSettings timeout(int millis) {
    timeoutMillis = millis;
    return this;
  }

  /// The first failure ejects a server for so long.
  public ScenarioSettings ejecting(int forMillis) {
    retryMillis = forMillis;
    return this;
  }

  /// Each server gets its connection before the first client comes.
  public ScenarioSettings preconnect() {
    preconnect = true;
    return this;
  }

  /// Bytes of the socket buffers.
  public ScenarioSettings buffers(int bytes) {
    kernel = kernel.withBuffers(bytes, bytes);
    return this;
  }

  /// Descriptors that the proxy may have.
  public ScenarioSettings descriptors(int limit) {
    kernel = kernel.withDescriptorLimit(limit);
    faults.put(Fault.EMFILE, 0);
    return this;
  }

  /// A fault of the system, in so many of 10,000 opportunities.
  public ScenarioSettings fault(Fault fault, int rate) {
    faults.put(fault, rate);
    return this;
  }

  /// What servers do wrong, in so many of 10,000 replies.
  public ScenarioSettings server(ServerFault fault, int rate) {
    serverFaults.put(fault, rate);
    return this;
  }

  /// What clients do, behind so many of 10,000 batches.
  public ScenarioSettings client(ClientFault fault, int rate) {
    clientFaults.put(fault, rate);
    return this;
  }

  SwarmSettings on(Backend base) {
    WorkloadSettings workload =
        WorkloadSettings.of(protocol, "")
            .withPipelineMax(pipeline)
            .withSizes(sizes)
            .withNoreplyPercent(noreplyPercent);
    if (mix != null) {
      workload = workload.withMix(mix);
    }
    return new SwarmSettings(
        SwarmDraw.platformOf(base, kernel),
        base,
        16_384,
        MemoryLimits.standard(16_384).withReplyBytes(replyLimit),
        List.of(new SwarmSettings.Pool(conf(), clients, workload)),
        faults,
        serverFaults,
        clientFaults,
        requests,
        keysPerTurn,
        ending);
  }

  private PoolConf conf() {
    return new PoolConf(
        "pool1",
        new ListenConf("127.0.0.1:" + PORT, new Endpoint.Inet("127.0.0.1", PORT), -1),
        KeyHash.FNV1A_64,
        Optional.<HashTag>empty(),
        DistributionKind.KETAMA,
        timeoutMillis,
        512,
        0,
        false,
        false,
        protocol == WireProtocol.REDIS,
        Optional.empty(),
        0,
        false,
        preconnect,
        retryMillis > 0,
        1,
        Math.max(1, retryMillis),
        1,
        serverList());
  }

  private List<ServerConf> serverList() {
    List<ServerConf> list = new ArrayList<>();
    for (int i = 1; i <= servers; i++) {
      Endpoint endpoint = new Endpoint.Inet("10.0.1." + i, 6379);
      list.add(new ServerConf(endpoint + ":1", endpoint.toString(), endpoint, 1));
    }
    return list;
  }
}
