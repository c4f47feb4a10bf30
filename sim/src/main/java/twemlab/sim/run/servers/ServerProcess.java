package twemlab.sim.run.servers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/// A server or proxy that is installed on this machine, run as a process of its own on the loopback
/// address, in a temporary directory of its own.
///
/// It is stopped, resumed and ended by its process id, never by its name.
public final class ServerProcess implements AutoCloseable {
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
  private static final int START_MILLIS = 10_000;
  private static final int POLITE_MILLIS = 2_000;
  private static final List<String> DIRECTORIES =
      List.of("/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin", "/opt/homebrew/bin");

  private static final int FIRST_PORT = 16_000;
  private static final int PORTS = 16_000;

  /// Processes begin in different places.
  private static final AtomicInteger NEXT_PORT =
      new AtomicInteger((int) (ProcessHandle.current().pid() * 257 % PORTS));

  /// Those that have not been closed. A process that is stopped outlives the signal that ends a
  /// whole terminal's group, so they are all killed when this one ends, however it does.
  private static final Set<ServerProcess> OPEN = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> OPEN.forEach(ServerProcess::abandon), "servers"));
  }

  private final List<String> command;
  private final Path directory;
  private final int port;
  private volatile Process process;

  private ServerProcess(List<String> command, Path directory, int port) throws IOException {
    this.command = command;
    this.directory = directory;
    this.port = port;
    launch();
    OPEN.add(this);
  }

  private void launch() throws IOException {
    process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve("output").toFile()))
            .start();
  }

  /// An installed program: in the directories of PATH, or where such programs usually are.
  public static Optional<Path> find(String program) {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Stream.concat(Stream.of(path.split(":", -1)), DIRECTORIES.stream())
        .filter(directory -> !directory.isEmpty())
        .map(directory -> Path.of(directory, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /// A redis that keeps everything in memory and nothing on disk.
  ///
  /// @param more further options, such as `--requirepass`, `secret`
  public static ServerProcess redis(Path executable, String... more) throws IOException {
    int port = freePort();
    List<String> options = new ArrayList<>(List.of("--bind", "127.0.0.1", "--port", port + ""));
    options.addAll(List.of("--save", "", "--appendonly", "no"));
    options.addAll(List.of(more));
    return start(executable, Files.createTempDirectory("twemlab"), port, options);
  }

  /// A memcached with items of up to 4 MiB.
  public static ServerProcess memcached(Path executable) throws IOException {
    int port = freePort();
    List<String> options =
        new ArrayList<>(
            List.of("-l", "127.0.0.1", "-p", port + "", "-U", "0", "-I", "4m", "-m", "1024"));
    if ("root".equals(System.getProperty("user.name"))) {
      options.addAll(List.of("-u", "root"));
    }
    return start(executable, Files.createTempDirectory("twemlab"), port, options);
  }

  /// A nutcracker that logs nothing; the caller waits for its pools to listen.
  public static ServerProcess nutcracker(
      Path executable, String configuration, int mbufBytes, int statsPort) throws IOException {
    List<String> command = List.of(executable.toString(), "-m", mbufBytes + "", "-v", "0");
    return proxy(command, configuration, statsPort);
  }

  /// A proxy by its command line, with a configuration, a log (`log`) and a pid file (`pid`) in its
  /// directory, and statistics on the loopback address; the caller waits for its pools to listen.
  public static ServerProcess proxy(List<String> command, String configuration, int statsPort)
      throws IOException {
    Path directory = Files.createTempDirectory("twemlab");
    Path file = Files.writeString(directory.resolve("nutcracker.yml"), configuration);
    List<String> whole = new ArrayList<>(command);
    whole.addAll(List.of("-c", file.toString()));
    whole.addAll(List.of("-o", directory.resolve("log").toString()));
    whole.addAll(List.of("-p", directory.resolve("pid").toString()));
    whole.addAll(List.of("-a", "127.0.0.1", "-s", statsPort + ""));
    return new ServerProcess(whole, directory, statsPort);
  }

  private static ServerProcess start(
      Path executable, Path directory, int port, List<String> options) throws IOException {
    List<String> command = new ArrayList<>(List.of(executable.toString()));
    command.addAll(options);
    ServerProcess server = new ServerProcess(command, directory, port);
    try {
      awaitListening(port);
    } catch (IOException e) {
      server.close();
      throw e;
    }
    return server;
  }

  /// A TCP port of the loopback address that nobody listened on when this was called. It lies below
  /// those that connections take, or one of them could have it before its server does.
  public static int freePort() throws IOException {
    for (int attempt = 0; attempt < PORTS; attempt++) {
      int port = FIRST_PORT + Math.floorMod(NEXT_PORT.getAndIncrement(), PORTS);
      try (ServerSocket _ = new ServerSocket(port, 1, LOOPBACK)) {
        return port;
      } catch (IOException e) {
        // Taken.
      }
    }
    throw new IOException("no free port on the loopback address");
  }

  /// Waits until somebody listens on a port of the loopback address.
  ///
  /// @throws IOException if that takes more than ten seconds
  public static void awaitListening(int port) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(START_MILLIS);
    while (true) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(LOOPBACK, port), START_MILLIS);
        return;
      } catch (IOException e) {
        if (System.nanoTime() > deadline) {
          throw new IOException("nobody listens on port " + port, e);
        }
      }
      try {
        Thread.sleep(5);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException(e);
      }
    }
  }

  /// The TCP port.
  public int port() {
    return port;
  }

  /// The process id; another one after [#restart].
  public long pid() {
    return process.pid();
  }

  /// Where its files are.
  public Path directory() {
    return directory;
  }

  /// Whether it runs, or is stopped.
  public boolean alive() {
    return process.isAlive();
  }

  /// Asks it to end (SIGTERM), and waits.
  ///
  /// @return its exit code, 128 and the signal's number if one ended it; empty if it still runs
  public OptionalInt terminate(long millis) {
    process.destroy();
    return awaitEnd(millis) ? OptionalInt.of(process.exitValue()) : OptionalInt.empty();
  }

  /// The exit code of one that has ended.
  public int exitCode() {
    return process.exitValue();
  }

  /// Stops the process without ending it: it keeps its sockets and answers nothing.
  public void suspend() throws IOException {
    signal("STOP");
  }

  /// Lets a suspended process go on.
  public void resume() throws IOException {
    signal("CONT");
  }

  /// Ends the process at once, as a crash does.
  public void kill() {
    process.destroyForcibly();
    awaitEnd(START_MILLIS);
  }

  /// Runs it again, on the same port, after [#kill].
  public void restart() throws IOException {
    launch();
    awaitListening(port);
  }

  private void signal(String name) throws IOException {
    try {
      // The shell's own: there need not be another.
      new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid()).start().waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private boolean awaitEnd(long millis) {
    try {
      return process.waitFor(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// Ends the process, at first politely, and deletes its directory.
  @Override
  public void close() {
    process.destroy();
    if (!awaitEnd(POLITE_MILLIS)) {
      kill();
    }
    OPEN.remove(this);
    deleteFiles();
  }

  /// What is left to do when this process ends: nobody waits any more.
  private void abandon() {
    process.destroyForcibly();
    deleteFiles();
  }

  private void deleteFiles() {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(directory);
    } catch (IOException e) {
      // What stays behind in the temporary directory does no harm.
    }
  }
}
