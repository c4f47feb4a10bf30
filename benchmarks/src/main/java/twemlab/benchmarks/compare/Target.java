package twemlab.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import twemlab.sim.run.servers.ServerProcess;
import twemlab.sim.run.soak.Checkout;

/// A proxy that is measured: one process, which listens for redis and for memcached.
///
/// @param ours whether it is a Twemlab
/// @param process null for a peer that was started elsewhere
/// @param directory of its files, or null
record Target(
    String name,
    boolean ours,
    int redisPort,
    int memcachedPort,
    long pid,
    Process process,
    Path directory)
    implements AutoCloseable {

  private static final Pattern PEER = Pattern.compile("([^=]+)=([0-9]{1,5}),([0-9]{1,9})");

  /// Where the servers are.
  record Servers(List<Integer> redis, List<Integer> memcached) {}

  /// The installed nutcracker at its best: it logs nothing.
  static Target nutcracker(String name, Servers servers) throws IOException {
    Path executable =
        ServerProcess.find("nutcracker")
            .orElseThrow(() -> new IOException("nutcracker is not installed"));
    return start(name, false, List.of(executable.toString(), "-v", "0"), servers);
  }

  /// Our proxy as a user starts it.
  static Target twemlab(String backend, Servers servers) throws IOException {
    String launcher = Checkout.root().resolve("twemlab").toString();
    List<String> command = List.of(launcher, "proxy", "-v", "0", "--backend", backend);
    return start(backend, true, command, servers);
  }

  /// The floor of a case: it answers at once, and has no servers.
  static Target echo(Case load) throws IOException {
    int port = ServerProcess.freePort();
    List<String> command =
        ChildJvm.command(EchoServer.class.getName(), Integer.toString(port), load.name());
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    Target target = new Target(CompareSuite.FLOOR, true, port, port, process.pid(), process, null);
    try {
      ServerProcess.awaitListening(port);
    } catch (IOException e) {
      target.close();
      throw e;
    }
    return target;
  }

  /// A proxy for redis that the caller started, `NAME=PORT,PID`.
  ///
  /// @throws IllegalArgumentException if the text has another form
  static Target peer(String text) {
    var matcher = PEER.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("accepted is NAME=PORT,PID");
    }
    int port = Integer.parseInt(matcher.group(2));
    return new Target(
        matcher.group(1), false, port, 0, Long.parseLong(matcher.group(3)), null, null);
  }

  static Target start(String name, boolean ours, List<String> command, Servers servers)
      throws IOException {
    Path directory = Files.createTempDirectory("twemlab");
    int redis = ServerProcess.freePort();
    int memcached = ServerProcess.freePort();
    int stats = ServerProcess.freePort();
    Path conf = directory.resolve("conf.yml");
    Files.writeString(
        conf,
        pool("redis", redis, "  redis: true\n", servers.redis())
            + pool("memcached", memcached, "", servers.memcached()));
    List<String> all = new ArrayList<>(command);
    all.addAll(List.of("-c", conf.toString(), "-o", directory.resolve("log").toString()));
    all.addAll(List.of("-p", directory.resolve("pid").toString()));
    all.addAll(List.of("-a", "127.0.0.1", "-s", Integer.toString(stats)));
    ProcessBuilder builder = new ProcessBuilder(all).redirectErrorStream(true);
    builder.redirectOutput(directory.resolve("output").toFile());
    if (ours) {
      builder.environment().put("TWEMLAB_JAVA_OPTIONS", "-Xlog:gc:file=" + directory.resolve("gc"));
    }
    Process process = builder.start();
    Target target = new Target(name, ours, redis, memcached, process.pid(), process, directory);
    try {
      ServerProcess.awaitListening(redis);
      ServerProcess.awaitListening(memcached);
    } catch (IOException e) {
      target.close();
      throw e;
    }
    return target;
  }

  private static String pool(String name, int port, String more, List<Integer> servers) {
    StringBuilder text = new StringBuilder(name + ":\n  listen: 127.0.0.1:" + port + "\n");
    text.append("  hash: fnv1a_64\n  distribution: ketama\n  timeout: 10000\n").append(more);
    text.append("  servers:\n");
    for (int server : servers) {
      text.append("   - 127.0.0.1:").append(server).append(":1\n");
    }
    return text.toString();
  }

  int port(boolean redis) {
    return redis ? redisPort : memcachedPort;
  }

  /// Processor time of all its threads so far, in nanoseconds (`schedstat`, which is exact where
  /// `stat` counts ticks; proc(5)).
  long cpuNanos() throws IOException {
    long total = 0;
    try (var tasks = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
      for (Path task : tasks.toList()) {
        String schedstat = Files.readString(task.resolve("schedstat"));
        total += Long.parseLong(schedstat.substring(0, schedstat.indexOf(' ')));
      }
    }
    return total;
  }

  /// What the JVM of our proxy has spent on memory so far; empty for others.
  Optional<JvmCosts> jvmCosts() throws IOException {
    return ours && directory != null
        ? Optional.of(JvmCosts.of(directory.resolve("gc"), pid))
        : Optional.empty();
  }

  /// Resident memory in bytes.
  long residentBytes() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
      }
    }
    return 0;
  }

  @Override
  public void close() {
    if (process == null) {
      return;
    }
    process.destroy();
    try {
      if (!process.waitFor(3, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
      if (directory == null) {
        return;
      }
      try (var files = Files.list(directory)) {
        for (Path file : files.toList()) {
          Files.deleteIfExists(file);
        }
      }
      Files.deleteIfExists(directory);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      // What stays behind in the temporary directory does no harm.
    }
  }
}
