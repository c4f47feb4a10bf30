package twemlab.proxy.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/// A redis-server, memcached or nutcracker that a test started and will end: on the loopback
/// address alone, without persistence, on a port that was free a moment ago. Where a program is not
/// installed, a substitute is started or the test is skipped: see [Program].
///
/// A server that does not come up (another process may have taken the port) is tried again on
/// another port. [#close] ends the process by its id and deletes its directory.
public final class RealServer implements AutoCloseable {
  private static final int FIRST_PORT = 4_000;
  private static final int PORTS = 12_000;

  /// Processes begin in different places.
  private static final AtomicInteger NEXT_PORT =
      new AtomicInteger((int) (ProcessHandle.current().pid() * 257 % PORTS));

  private static final int ATTEMPTS = 5;
  private static final long START_MILLIS = 20_000;
  // memcached takes a second to end; it has nothing to save.
  private static final long POLITE_MILLIS = 200;

  private final Process process;
  private final int port;
  private final Path directory;
  private final Path socket;

  private RealServer(Process process, int port, Path directory, Path socket) {
    this.process = process;
    this.port = port;
    this.directory = directory;
    this.socket = socket;
  }

  /// The programs that this class can start.
  public enum Program {
    /// `redis-server`
    REDIS("redis-server", "PING\r\n"),
    /// `memcached`
    MEMCACHED("memcached", "version\r\n"),
    /// `nutcracker`: answers nothing by itself, so it counts as up once it accepts
    NUTCRACKER("nutcracker", "");

    private final String executable;
    private final String probe;

    Program(String executable, String probe) {
      this.executable = executable;
      this.probe = probe;
    }

    /// The installed program, or what stands in for it ([Substitutes]); empty if there is neither.
    ///
    /// @throws IllegalStateException if it is not installed although the environment variable
    ///   `TWEMLAB_REQUIRE_SERVERS` is 1
    public Optional<Path> find() {
      return Programs.find(executable).or(() -> Substitutes.find(executable));
    }

    /// The program, installed or a substitute; without either, the test that calls this is skipped.
    public Path need() {
      return find().orElseGet(() -> Programs.need(executable));
    }

    /// Like [#need], and of this major version or a later one: replies differ.
    public Path need(int major) {
      Path there = need();
      int version = Programs.majorVersion(there);
      assumeTrue(
          version >= major,
          () -> executable + " " + major + " is not installed (but version " + version + ")");
      return there;
    }

    /// Why a test is skipped.
    String notInstalled() {
      return Programs.notInstalled(executable);
    }

    /// The installed program; without it, the test that calls this is skipped. For tests that hold
    /// something against the real server.
    public void needInstalled() {
      Path _ = Programs.need(executable);
    }
  }

  /// redis-server on a TCP port.
  ///
  /// @param options further options, such as `--requirepass secret`
  public static RealServer redis(String... options) {
    return start(Program.REDIS, false, (port, socket) -> redisOptions(port, null, options));
  }

  /// redis-server on a unix socket, [#socket].
  public static RealServer redisOnUnixSocket(String... options) {
    return start(Program.REDIS, true, (port, socket) -> redisOptions(0, socket, options));
  }

  /// memcached on a TCP port.
  ///
  /// @param options further options, such as `-I 2m`
  public static RealServer memcached(String... options) {
    return start(Program.MEMCACHED, false, (port, socket) -> memcachedOptions(port, null, options));
  }

  /// memcached on a unix socket, [#socket].
  public static RealServer memcachedOnUnixSocket(String... options) {
    return start(Program.MEMCACHED, true, (port, socket) -> memcachedOptions(0, socket, options));
  }

  /// nutcracker before other servers.
  ///
  /// @param configuration the YAML file's text; `%PORT%` in it becomes the port that it listens on
  /// @param options further options, such as `-m 512`; statistics are on a free port of their own
  public static RealServer nutcracker(String configuration, String... options) {
    return start(
        Program.NUTCRACKER,
        false,
        (port, socket) -> {
          Path directory = socket.getParent();
          Path file = directory.resolve("nutcracker.yml");
          Files.writeString(file, configuration.replace("%PORT%", Integer.toString(port)));
          List<String> arguments = new ArrayList<>();
          arguments.addAll(List.of("-c", file.toString()));
          arguments.addAll(List.of("-o", directory.resolve("log").toString()));
          arguments.addAll(List.of("-p", directory.resolve("pid").toString()));
          arguments.addAll(List.of("-a", "127.0.0.1", "-s", Integer.toString(freePort())));
          arguments.addAll(List.of(options));
          return arguments;
        });
  }

  private static List<String> redisOptions(int port, Path socket, String... options) {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("--bind", "127.0.0.1", "--port", Integer.toString(port)));
    arguments.addAll(List.of("--save", "", "--appendonly", "no", "--daemonize", "no"));
    if (socket != null) {
      arguments.addAll(List.of("--unixsocket", socket.toString()));
    }
    arguments.addAll(List.of(options));
    return arguments;
  }

  private static List<String> memcachedOptions(int port, Path socket, String... options) {
    List<String> arguments = new ArrayList<>();
    if (socket != null) {
      arguments.addAll(List.of("-s", socket.toString()));
    } else {
      arguments.addAll(List.of("-l", "127.0.0.1", "-p", Integer.toString(port), "-U", "0"));
    }
    if ("root".equals(System.getProperty("user.name"))) {
      arguments.addAll(List.of("-u", "root"));
    }
    arguments.addAll(List.of(options));
    return arguments;
  }

  /// Builds the arguments once port and socket are known.
  @FunctionalInterface
  private interface Arguments {
    List<String> build(int port, Path socket) throws IOException;
  }

  private static RealServer start(Program program, boolean unix, Arguments arguments) {
    Path executable = program.need();
    for (int attempt = 1; ; attempt++) {
      try {
        RealServer server = launch(executable, unix, arguments);
        if (server.comesUp(program)) {
          return server;
        }
        String log = server.log();
        server.close();
        if (attempt == ATTEMPTS) {
          throw new IllegalStateException(executable + " did not start: " + log);
        }
      } catch (IOException e) {
        throw new IllegalStateException("cannot start " + executable, e);
      }
    }
  }

  private static RealServer launch(Path executable, boolean unix, Arguments arguments)
      throws IOException {
    int port = unix ? 0 : freePort();
    Path directory = Files.createTempDirectory("twemlab");
    Path socket = directory.resolve("socket");
    List<String> command = new ArrayList<>(List.of(executable.toString()));
    command.addAll(arguments.build(port, socket));
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("output").toFile())
            .start();
    return new RealServer(process, port, directory, unix ? socket : null);
  }

  /// A TCP port of the loopback address that nobody listened on when this was called. It lies below
  /// those that connections take, or one of them could have it before its server does.
  public static int freePort() {
    for (int attempt = 0; attempt < PORTS; attempt++) {
      int port = FIRST_PORT + Math.floorMod(NEXT_PORT.getAndIncrement(), PORTS);
      try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.ofLiteral("127.0.0.1"))) {
        return port;
      } catch (IOException e) {
        // Taken.
      }
    }
    throw new IllegalStateException("no free port on the loopback address");
  }

  private boolean comesUp(Program program) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(START_MILLIS);
    while (process.isAlive() && System.nanoTime() < deadline) {
      try (SocketChannel channel = connect()) {
        channel.write(ByteBuffer.wrap(program.probe.getBytes(StandardCharsets.US_ASCII)));
        if (program.probe.isEmpty() || channel.read(ByteBuffer.allocate(64)) > 0) {
          return process.isAlive();
        }
      } catch (IOException _) {
        // Not listening yet.
      }
      pause();
    }
    return false;
  }

  private void pause() {
    try {
      boolean _ = process.waitFor(10, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a server started", e);
    }
  }

  /// A new blocking connection to the server.
  public SocketChannel connect() throws IOException {
    if (socket != null) {
      SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
      channel.connect(UnixDomainSocketAddress.of(socket));
      return channel;
    }
    return SocketChannel.open(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
  }

  /// The TCP port; 0 for a server on a unix socket.
  public int port() {
    return port;
  }

  /// The unix socket; null for a server on a TCP port.
  public Path socket() {
    return socket;
  }

  /// The directory of the server's files, deleted by [#close].
  public Path directory() {
    return directory;
  }

  /// The process id.
  public long pid() {
    return process.pid();
  }

  /// False once the process has ended.
  public boolean alive() {
    return process.isAlive();
  }

  /// What the server printed.
  public String log() {
    try (InputStream in = Files.newInputStream(directory.resolve("output"))) {
      return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "(no output: " + e.getMessage() + ")";
    }
  }

  /// Stops the process without ending it: it keeps its sockets and answers nothing.
  ///
  /// kill(2) returns before the threads of the process have stopped, and memcached answers on
  /// several: where the system shows their states, this waits for the last.
  public void suspend() {
    signal("STOP");
    Path threads = Path.of("/proc", Long.toString(process.pid()), "task");
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(START_MILLIS);
    while (Files.isDirectory(threads) && !allStopped(threads)) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("SIGSTOP has not stopped process " + process.pid());
      }
      Thread.onSpinWait();
    }
  }

  /// The state follows the name, which is in parentheses and may hold any character (proc(5)).
  private static boolean allStopped(Path threads) {
    try (Stream<Path> each = Files.list(threads)) {
      for (Path thread : each.toList()) {
        String stat = Files.readString(thread.resolve("stat"));
        if (stat.charAt(stat.lastIndexOf(')') + 2) != 'T') {
          return false;
        }
      }
      return true;
    } catch (IOException e) {
      return false; // a thread that has ended in between
    }
  }

  /// Lets a suspended process go on.
  public void resume() {
    signal("CONT");
  }

  /// Ends the process at once, as a crash does: peers of its connections see FIN or RST.
  public void kill() {
    process.destroyForcibly();
    awaitEnd(START_MILLIS);
  }

  /// Sends a signal, `HUP` or `TTIN` say, to the process.
  public void signal(String name) {
    Programs.signal(name, process.pid());
  }

  private boolean awaitEnd(long millis) {
    try {
      return process.waitFor(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// Ends the process by its id, at first politely, and deletes its directory.
  @Override
  public void close() {
    process.destroy();
    if (!awaitEnd(POLITE_MILLIS)) {
      process.destroyForcibly();
      awaitEnd(START_MILLIS);
    }
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(directory);
    } catch (IOException _) {
      // A file that stays behind in the temporary directory fails no test.
    }
  }
}
