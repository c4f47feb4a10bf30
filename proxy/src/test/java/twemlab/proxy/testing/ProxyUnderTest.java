package twemlab.proxy.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import twemlab.event.Transport;
import twemlab.event.backend.Backend;
import twemlab.event.backend.Backends;
import twemlab.event.backend.EventBases;
import twemlab.event.backend.Kernels;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Kernel;
import twemlab.proxy.Context;
import twemlab.proxy.conf.Conf;
import twemlab.proxy.conf.ConfException;
import twemlab.proxy.conf.ConfFile;
import twemlab.proxy.conf.Endpoint;
import twemlab.proxy.conf.ListenConf;
import twemlab.proxy.conf.PoolConf;
import twemlab.proxy.log.Log;
import twemlab.proxy.log.LogLevel;
import twemlab.proxy.message.MemoryLimits;
import twemlab.proxy.process.Instance;
import twemlab.proxy.process.LoopThread;
import twemlab.proxy.stats.PoolField;
import twemlab.proxy.stats.ServerField;
import twemlab.proxy.stats.StatsSnapshot;

/// A proxy in this process, with a loop thread of its own.
///
/// [#close] waits until the proxy is at rest and then fails if anything leaked: a message, an mbuf,
/// a gauge above zero, a descriptor. So a test closes its clients first.
public final class ProxyUnderTest implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Instance instance;
  private final LoopThread thread;
  private long descriptorsBefore;
  private final ConcurrentLinkedQueue<String> log;

  private ProxyUnderTest(
      Instance instance, long descriptorsBefore, ConcurrentLinkedQueue<String> log) {
    this.instance = instance;
    this.descriptorsBefore = descriptorsBefore;
    this.log = log;
    this.thread = LoopThread.start(instance.loop(), "proxy");
  }

  /// Starts a proxy on epoll with mbufs of the usual size.
  ///
  /// @param pools a configuration file's text; every TCP port in `listen:` becomes a free one
  public static ProxyUnderTest start(String... pools) {
    return start(EventBases.EPOLL, 16384, pools);
  }

  /// The backends of this machine, for tests that run on each.
  public static List<Backend> backends() {
    return Backends.working(Kernels.host());
  }

  /// Starts a proxy.
  public static ProxyUnderTest start(Backend backend, int mbufBytes, String... pools) {
    return start(Kernels.host(backend), backend, mbufBytes, pools);
  }

  /// Starts a proxy on epoll that passes on no longer replies than so many bytes.
  public static ProxyUnderTest withReplyLimit(int replyLimit, String... pools) {
    var memory = MemoryLimits.standard(16384).withReplyBytes(replyLimit);
    return start(EventBases.EPOLL, 16384, memory, pools);
  }

  /// Starts a proxy with little memory.
  public static ProxyUnderTest start(
      Backend backend, int mbufBytes, MemoryLimits memory, String... pools) {
    var settings = new Context.Settings(mbufBytes, 1, Integer.MAX_VALUE, memory);
    return start(Kernels.host(backend), backend, settings, pools);
  }

  /// Starts a proxy that works on so many keys of divided requests in a turn.
  public static ProxyUnderTest startSliced(int keysPerTurn, int mbufBytes, String... pools) {
    var settings =
        new Context.Settings(mbufBytes, 1, Integer.MAX_VALUE).withKeysPerTurn(keysPerTurn);
    return start(Kernels.host(EventBases.EPOLL), EventBases.EPOLL, settings, pools);
  }

  /// Starts a proxy on a kernel that a test has a hand in.
  public static ProxyUnderTest start(
      Kernel kernel, Backend backend, int mbufBytes, String... pools) {
    return start(kernel, backend, new Context.Settings(mbufBytes, 1, Integer.MAX_VALUE), pools);
  }

  private static ProxyUnderTest start(
      Kernel kernel, Backend backend, Context.Settings settings, String... pools) {
    long before = descriptors();
    var log = new ConcurrentLinkedQueue<String>();
    Log lines =
        new Log(
            (bytes, length) -> log.add(new String(bytes, 0, length, StandardCharsets.ISO_8859_1)),
            LogLevel.of(6),
            InstantSource.system());
    try {
      Conf conf = ConfFile.parse("test", String.join("", pools));
      var anyPort = new Conf("test", conf.pools().stream().map(ProxyUnderTest::anyPort).toList());
      return new ProxyUnderTest(
          Instance.open(kernel, backend, 30_000, anyPort, settings, lines), before, log);
    } catch (ConfException | Transport.ListenException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The text of a redis pool.
  ///
  /// @param servers each `host:port:weight name`, or a port on the loopback address
  /// @param lines further lines of the pool, such as `timeout: 100`
  public static String redisPool(List<?> servers, String... lines) {
    return pool("redis", servers, Stream.concat(Stream.of("redis: true"), Stream.of(lines)));
  }

  /// The text of a memcached pool.
  public static String memcachedPool(List<?> servers, String... lines) {
    return pool("memcached", servers, Stream.of(lines));
  }

  private static String pool(String name, List<?> servers, Stream<String> lines) {
    StringBuilder text = new StringBuilder(name + ":\n");
    List<String> all = lines.toList();
    if (all.stream().noneMatch(line -> line.startsWith("listen:"))) {
      text.append("  listen: 127.0.0.1:" + name.length() + "\n");
    }
    all.forEach(line -> text.append("  ").append(line).append('\n'));
    text.append("  servers:\n");
    for (int i = 0; i < servers.size(); i++) {
      Object server = servers.get(i);
      String where =
          server instanceof Integer port ? "127.0.0.1:" + port + ":1 s" + i : "" + server;
      text.append("   - ").append(where).append('\n');
    }
    return text.toString();
  }

  /// The file's reader refuses port 0; here it is what a test wants.
  private static PoolConf anyPort(PoolConf conf) {
    ListenConf listen = conf.listen();
    if (listen.endpoint() instanceof Endpoint.Inet inet) {
      listen = new ListenConf(listen.text(), new Endpoint.Inet(inet.host(), 0), -1);
    }
    return new PoolConf(
        conf.name(),
        listen,
        conf.hash(),
        conf.hashTag(),
        conf.distribution(),
        conf.timeoutMillis(),
        conf.backlog(),
        conf.clientConnections(),
        conf.tcpKeepalive(),
        conf.reusePort(),
        conf.redis(),
        conf.redisAuth(),
        conf.redisDb(),
        conf.admin(),
        conf.preconnect(),
        conf.autoEjectHosts(),
        conf.serverConnections(),
        conf.serverRetryTimeoutMillis(),
        conf.serverFailureLimit(),
        conf.servers());
  }

  /// Does not count descriptors: the client libraries keep some of their own in this process.
  public ProxyUnderTest amongForeignDescriptors() {
    descriptorsBefore = Long.MAX_VALUE;
    return this;
  }

  /// The port of the first pool.
  public int port() {
    return port(0);
  }

  /// The port of a pool.
  public int port(int pool) {
    return ((Address.Inet) instance.context().pools().get(pool).address()).port();
  }

  /// A new raw connection to the first pool.
  public RawClient connect() {
    return RawClient.connect(port());
  }

  /// The statistics as of the end of the current turn at least: a client may see a reply before the
  /// turn that sent it has ended.
  public StatsSnapshot stats() {
    ask(() -> true);
    return instance.context().stats().snapshot();
  }

  /// The sum over the servers of the first pool.
  public long servers(ServerField field) {
    StatsSnapshot stats = stats();
    long sum = 0;
    for (int i = 0; i < instance.context().pools().getFirst().conf().servers().size(); i++) {
      sum += stats.server(0, i, field);
    }
    return sum;
  }

  /// Bytes of mbufs that are mapped now.
  public long mappedBytes() {
    return ask(() -> instance.mbufs().mappedBytes());
  }

  /// The proxy; what the loop's thread owns may only be touched through [#ask].
  public Instance instance() {
    return instance;
  }

  /// The number of the loop's thread.
  public long threadId() {
    return thread.threadId();
  }

  /// What was logged, one line each.
  public List<String> log() {
    return List.copyOf(log);
  }

  /// Asks a question on the loop's thread.
  public <T> T ask(Supplier<T> question) {
    var answer = new CompletableFuture<T>();
    instance.loop().post(() -> answer.complete(question.get()));
    try {
      return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (Exception e) {
      throw new AssertionError("the loop does not answer: " + thread.failure(), e);
    }
  }

  /// Waits for something to become true.
  public static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not within " + PATIENCE.toSeconds() + " s: " + what);
      }
      sleep(2);
    }
  }

  /// Sleeps, without the checked exception.
  public static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private boolean atRest() {
    StatsSnapshot stats = stats();
    for (int pool = 0; pool < stats.names().size(); pool++) {
      if (stats.pool(pool, PoolField.CLIENT_CONNECTIONS) != 0) {
        return false;
      }
      for (int i = 0; i < stats.names().get(pool).servers().size(); i++) {
        long queued =
            stats.server(pool, i, ServerField.IN_QUEUE)
                + stats.server(pool, i, ServerField.IN_QUEUE_BYTES)
                + stats.server(pool, i, ServerField.OUT_QUEUE)
                + stats.server(pool, i, ServerField.OUT_QUEUE_BYTES);
        if (queued != 0) {
          return false;
        }
      }
    }
    return ask(() -> instance.context().messagesInUse()) == 0;
  }

  /// Ends the proxy and looks for leaks.
  @Override
  public void close() {
    try {
      await("the proxy at rest", this::atRest);
      // But for those that the transport keeps ready, and one that texts are written into.
      await(
          "no mbuf in use",
          () ->
              ask(
                  () -> {
                    int kept = instance.loop().transport().counts().mbufsHeld;
                    return instance.mbufs().used() <= kept + 1;
                  }));
    } finally {
      end();
    }
    assertThat(instance.mbufs().used()).as("mbufs in use").isZero();
    assertThat(instance.loop().transport().openCount()).as("connections").isZero();
    await("the descriptors back: " + descriptorsBefore, () -> descriptors() <= descriptorsBefore);
  }

  /// Ends the proxy while it is busy; nothing is checked but that its loop was sound.
  public void end() {
    thread.close();
    instance.close();
    assertThat(thread.failure()).as("what ended the loop").isNull();
  }

  /// Sockets and event descriptors of this process.
  private static long descriptors() {
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      return all.filter(ProxyUnderTest::isOfTheNetwork).count();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean isOfTheNetwork(Path descriptor) {
    try {
      String target = Files.readSymbolicLink(descriptor).toString();
      return target.startsWith("socket:") || target.startsWith("anon_inode:");
    } catch (IOException _) {
      return false;
    }
  }

  /// The loopback address.
  static InetAddress loopback() {
    return InetAddress.ofLiteral("127.0.0.1");
  }
}
