package twemlab.proxy;

import java.util.ArrayList;
import java.util.List;
import twemlab.event.EventLoop;
import twemlab.event.Transport;
import twemlab.event.kernel.Kernel;
import twemlab.event.mbuf.MbufChain;
import twemlab.event.mbuf.MbufPool;
import twemlab.event.mbuf.MbufWriter;
import twemlab.proxy.conf.Conf;
import twemlab.proxy.conf.Endpoint;
import twemlab.proxy.conf.PoolConf;
import twemlab.proxy.conf.ServerConf;
import twemlab.proxy.log.Log;
import twemlab.proxy.log.StrangerLines;
import twemlab.proxy.message.DivisionPool;
import twemlab.proxy.message.IdleMemory;
import twemlab.proxy.message.KeyWork;
import twemlab.proxy.message.MemoryBudget;
import twemlab.proxy.message.MemoryLimits;
import twemlab.proxy.message.MsgPool;
import twemlab.proxy.message.Walks;
import twemlab.proxy.stats.Stats;
import twemlab.proxy.stats.StatsNames;

/// Everything that the connections of one loop share; C counterpart `struct context` (nc_core.h).
///
/// All of it belongs to the loop's thread, except [#stats] and [#log], which say so themselves.
public final class Context implements AutoCloseable {
  public final Kernel kernel;
  public final EventLoop loop;
  public final Transport transport;
  final MbufPool mbufs;
  final MbufWriter writer;
  final MsgPool msgs = new MsgPool();

  /// Where messages are copied together, empty in between.
  final MbufChain together = new MbufChain();

  final MemoryBudget memory;
  final WaitingClients waiting = new WaitingClients(this);
  final DivisionPool divisions;
  final Walks walks = new Walks();
  final InlineRequests inlineRequests;
  final KeyWork keyWork;
  final Stats stats;
  final Log log;
  final Settings settings;
  final StrangerLines lines;
  private final HandlerFailures failures;
  private final List<ServerPool> pools = new ArrayList<>();
  private final IdleMemory idleMemory;

  /// Numbers that do not come from the configuration file.
  ///
  /// @param mbufBytes the size of an mbuf (`-m`)
  /// @param seed of the numbers that the distribution `random` draws
  /// @param clientLimit the most clients of all pools together
  /// @param memory the limits of what requests and replies may use (`--memory`)
  /// @param keysPerTurn keys of divided requests that are worked on in one turn of the loop; the
  ///   rest waits for the next
  public record Settings(
      int mbufBytes, long seed, int clientLimit, MemoryLimits memory, int keysPerTurn) {
    /// About a millisecond's work.
    public static final int KEYS_PER_TURN = 4096;

    /// Settings with the usual slices.
    public Settings(int mbufBytes, long seed, int clientLimit, MemoryLimits memory) {
      this(mbufBytes, seed, clientLimit, memory, KEYS_PER_TURN);
    }

    /// Settings with as much memory as a proxy without options has.
    public Settings(int mbufBytes, long seed, int clientLimit) {
      this(mbufBytes, seed, clientLimit, MemoryLimits.standard(mbufBytes));
    }

    /// The same with other slices.
    public Settings withKeysPerTurn(int keys) {
      return new Settings(mbufBytes, seed, clientLimit, memory, keys);
    }
  }

  /// Builds the pools of a configuration. Nothing listens yet.
  public Context(
      Kernel kernel, EventLoop loop, MbufPool mbufs, Conf conf, Settings settings, Log log) {
    this.kernel = kernel;
    this.loop = loop;
    this.transport = loop.transport();
    this.mbufs = mbufs;
    this.writer = new MbufWriter(mbufs);
    this.inlineRequests = new InlineRequests(writer);
    this.divisions = new DivisionPool(writer);
    this.keyWork = new KeyWork(loop, settings.keysPerTurn());
    this.settings = settings;
    this.memory = new MemoryBudget(mbufs, msgs, settings.memory());
    this.log = log;
    this.lines = new StrangerLines(log);
    this.failures = new HandlerFailures(log);
    this.stats = new Stats(conf.pools().stream().map(Context::names).toList());
    for (int i = 0; i < conf.pools().size(); i++) {
      pools.add(new ServerPool(this, i, conf.pools().get(i)));
    }
    stats.memoryLimits(memory.limitBytes(), settings.memory().messages());
    this.idleMemory = new IdleMemory(loop, mbufs, msgs, this::trimQueues);
    loop.onTurnEnd(this::endTurn);
    loop.transport().outstanding(this::messagesInUse);
  }

  private static StatsNames names(PoolConf pool) {
    return new StatsNames(pool.name(), pool.servers().stream().map(ServerConf::name).toList());
  }

  /// Opens the listeners, and the server connections of pools with `preconnect`.
  ///
  /// Ports first: one that is taken ends a start, and a unix socket takes its name from whoever has
  /// it, who may be the proxy that has the port too.
  ///
  /// @throws Transport.ListenException if an address cannot be had
  public void start() throws Transport.ListenException {
    for (ServerPool pool : pools) {
      if (pool.conf.listen().endpoint() instanceof Endpoint.Inet) {
        pool.listen();
      }
    }
    for (ServerPool pool : pools) {
      if (pool.conf.listen().endpoint() instanceof Endpoint.Unix) {
        pool.listen();
      }
    }
    for (ServerPool pool : pools) {
      pool.preconnect();
    }
    stats.swap();
  }

  // tag::end-turn[]
  private void endTurn() {
    // By index: an iterator would be garbage in every turn.
    for (int i = 0; i < pools.size(); i++) {
      pools.get(i).endTurn();
    }
    waiting.endTurn();
    idleMemory.watch();
    lines.endPeriod(loop.now());
    failures.endPeriod(loop.now());
    stats.memory(memory.usedBytes(), msgs.used(), waiting.size());
    stats.swap();
  }

  // end::end-turn[]

  private void trimQueues() {
    for (ServerPool pool : pools) {
      pool.trim();
    }
  }

  /// Whether a client is connected or a request outstanding; once nothing listens any more.
  public boolean busy() {
    int serverChannels = 0;
    for (ServerPool pool : pools) {
      if (pool.busy()) {
        return true;
      }
      serverChannels += pool.serverChannels();
    }
    // What is left are clients that have been answered and have not closed yet.
    return transport.openCount() > serverChannels;
  }

  /// The exceptions that cost a connection.
  public HandlerFailures failures() {
    return failures;
  }

  /// The pools, in the order of their names.
  public List<ServerPool> pools() {
    return pools;
  }

  /// What the stats thread reads.
  public Stats stats() {
    return stats;
  }

  /// The loop that all of this runs in.
  public EventLoop loop() {
    return loop;
  }

  /// Messages in use; 0 when nothing is outstanding.
  public int messagesInUse() {
    return msgs.used();
  }

  /// Stops listening and closes every connection, without a word to anybody.
  @Override
  public void close() {
    try {
      pools.forEach(ServerPool::stopListening);
    } finally {
      lines.end();
      writer.close();
      loop.close();
      pools.forEach(ServerPool::close);
    }
  }
}
