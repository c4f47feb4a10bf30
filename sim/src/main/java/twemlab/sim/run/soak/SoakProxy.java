package twemlab.sim.run.soak;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import twemlab.event.Transport;
import twemlab.event.backend.EventBases;
import twemlab.event.backend.Kernels;
import twemlab.event.kernel.Address;
import twemlab.proxy.Context;
import twemlab.proxy.conf.ConfException;
import twemlab.proxy.conf.ConfFile;
import twemlab.proxy.log.Log;
import twemlab.proxy.log.LogLevel;
import twemlab.proxy.process.Instance;
import twemlab.proxy.process.LoopThread;
import twemlab.proxy.stats.PoolField;
import twemlab.proxy.stats.ServerField;
import twemlab.proxy.stats.StatsSnapshot;
import twemlab.sim.run.servers.ServerProcess;
import twemlab.sim.workload.WireProtocol;

/// The proxy in this process, with a pool for each protocol.
final class SoakProxy implements AutoCloseable {
  private static final int ASK_SECONDS = 20;
  private static final int REST_MILLIS = 20_000;

  /// One that is read into and one that texts are written into.
  private static final int MBUFS_AT_REST = 2;

  private final Instance instance;
  private final LoopThread thread;

  private SoakProxy(Instance instance) {
    this.instance = instance;
    this.thread = LoopThread.start(instance.loop(), "proxy");
  }

  static SoakProxy start(
      EventBases base, List<ServerProcess> redis, List<ServerProcess> memcached, int timeoutMillis)
      throws IOException {
    String text =
        pool("redis", redis, "  redis: true\n", timeoutMillis)
            + pool("memcached", memcached, "", timeoutMillis);
    var log = new Log((_, _) -> {}, LogLevel.of(0), InstantSource.system());
    var settings = new Context.Settings(16384, 1, Integer.MAX_VALUE);
    try {
      return new SoakProxy(
          Instance.open(Kernels.host(), base, 30_000, ConfFile.parse("soak", text), settings, log));
    } catch (ConfException | Transport.ListenException e) {
      throw new IOException(e);
    }
  }

  private static String pool(
      String name, List<ServerProcess> servers, String lines, int timeoutMillis)
      throws IOException {
    StringBuilder text = new StringBuilder(name + ":\n");
    text.append("  listen: 127.0.0.1:" + ServerProcess.freePort() + "\n").append(lines);
    text.append("  timeout: " + timeoutMillis + "\n  servers:\n");
    for (int i = 0; i < servers.size(); i++) {
      text.append("   - 127.0.0.1:" + servers.get(i).port() + ":1 s" + i + "\n");
    }
    return text.toString();
  }

  /// The port for a protocol. Pools are in the order of the lengths of their names.
  int port(WireProtocol protocol) {
    int pool = protocol == WireProtocol.REDIS ? 0 : 1;
    return ((Address.Inet) instance.context().pools().get(pool).address()).port();
  }

  /// Bytes of mbufs that are mapped.
  long mappedBytes() {
    return ask(() -> instance.mbufs().mappedBytes());
  }

  private <T> T ask(Supplier<T> question) {
    var answer = CompletableFuture.supplyAsync(question, instance.loop()::post);
    try {
      return answer.get(ASK_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("the loop does not answer: " + thread.failure(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// What ended the loop, or null.
  Throwable failure() {
    return thread.failure();
  }

  /// What is in use though no client is connected any more; waits for it to go.
  Leaks leaks() throws InterruptedException {
    Leaks leaks = look();
    for (int waited = 0; leaks.any() && waited < REST_MILLIS; waited += 20) {
      Thread.sleep(20);
      leaks = look();
    }
    return leaks;
  }

  /// What should be zero at rest.
  record Leaks(int messages, int mbufs, long gauges) {
    boolean any() {
      return messages != 0 || mbufs != 0 || gauges != 0;
    }
  }

  private Leaks look() {
    int messages = ask(() -> instance.context().messagesInUse());
    int mbufs = ask(() -> Math.max(0, instance.mbufs().used() - MBUFS_AT_REST));
    return new Leaks(messages, mbufs, gauges(instance.context().stats().snapshot()));
  }

  private static long gauges(StatsSnapshot stats) {
    long sum = 0;
    for (int pool = 0; pool < stats.names().size(); pool++) {
      sum += Math.abs(stats.pool(pool, PoolField.CLIENT_CONNECTIONS));
      for (int i = 0; i < stats.names().get(pool).servers().size(); i++) {
        sum += Math.abs(stats.server(pool, i, ServerField.IN_QUEUE));
        sum += Math.abs(stats.server(pool, i, ServerField.OUT_QUEUE));
      }
    }
    return sum;
  }

  @Override
  public void close() {
    thread.close();
    instance.close();
  }

  /// Sockets and event descriptors of this process, but for those that the JVM opens for itself
  /// with the first socket and keeps.
  static long descriptors() throws IOException {
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"));
        Socket client = new Socket(listener.getInetAddress(), listener.getLocalPort());
        Socket accepted = listener.accept()) {
      client.shutdownOutput();
      int _ = accepted.getInputStream().read();
    }
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      return all.filter(SoakProxy::isOfTheNetwork).count();
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

  /// Resident bytes of this process.
  static long residentBytes() throws IOException {
    String[] pages = Files.readString(Path.of("/proc/self/statm")).split(" ", -1);
    return Long.parseLong(pages[1]) * 4096;
  }
}
