package twemlab.proxy.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import twemlab.proxy.testing.Programs;
import twemlab.proxy.testing.ProxyUnderTest;
import twemlab.proxy.testing.RawClient;
import twemlab.proxy.testing.RealServer;

/// The command `nutcracker` in a process of its own, as somebody would run it.
final class ChildProxy implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 30;

  private static final Pattern NEEDED =
      Pattern.compile(".*/(event|protocol|hashing|proxy|picocli|snakeyaml-engine)-[0-9.]+[.]jar");

  private final Path directory;
  private final Process process;
  private final int statsPort;

  private ChildProxy(Path directory, Process process, int statsPort) {
    this.directory = directory;
    this.process = process;
    this.statsPort = statsPort;
  }

  /// Runs the command in a directory of its own, with a log, a pid file, and statistics on a free
  /// port of the loopback address.
  ///
  /// @param shell commands before it, such as `ulimit -n 100;`, or empty
  /// @param configuration the text of the file
  /// @param options further ones
  static ChildProxy run(Path directory, String shell, String configuration, String... options)
      throws IOException {
    return run(Nutcracker.class, directory, shell, configuration, options);
  }

  /// The same with another main class around the proxy.
  static ChildProxy run(
      Class<?> main, Path directory, String shell, String configuration, String... options)
      throws IOException {
    Path file = Files.writeString(directory.resolve("nutcracker.yml"), configuration);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-XX:+UseSerialGC", "-Xshare:auto", "-Xmx192m"));
    command.addAll(List.of("-cp", classPath()));
    command.addAll(List.of(main.getName(), "-c", file.toString()));
    command.addAll(List.of("-o", directory.resolve("log").toString()));
    command.addAll(List.of("-p", directory.resolve("pid").toString()));
    int statsPort = RealServer.freePort();
    command.addAll(List.of("-a", "127.0.0.1", "-s", "" + statsPort));
    command.addAll(List.of(options));
    // Who runs the tests in the background has SIGINT ignored, and a JVM then leaves it so.
    String start = shell + " exec env --default-signal=INT \"$@\"";
    List<String> whole = new ArrayList<>(List.of("sh", "-c", start, "sh"));
    whole.addAll(command);
    Process process =
        new ProcessBuilder(whole)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("output").toFile())
            .start();
    return new ChildProxy(directory, process, statsPort);
  }

  /// Without the libraries of the tests: each jar costs a descriptor, and those are counted. A
  /// directory costs none.
  private static String classPath() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .filter(entry -> NEEDED.matcher(entry).matches() || Files.isDirectory(Path.of(entry)))
        .collect(Collectors.joining(File.pathSeparator));
  }

  /// Waits until it answers on a port of the loopback address.
  ChildProxy awaitListening(int port) {
    ProxyUnderTest.await("a start: " + output() + log(), () -> answers(port) || !process.isAlive());
    assertThat(answers(port)).as(output() + log()).isTrue();
    return this;
  }

  private static boolean answers(int port) {
    try (var client = RawClient.connect(port)) {
      return client.ask(RawClient.resp("PING")).equals("+PONG");
    } catch (UncheckedIOException | AssertionError _) {
      return false;
    }
  }

  /// Sends a signal to the process, or to the daemon that it made.
  void signal(String name) throws IOException, InterruptedException {
    String pid = Files.exists(pidFile()) ? Files.readString(pidFile()) : "" + process.pid();
    Programs.signal(name, Long.parseLong(pid.strip()));
  }

  /// The number of the process that was started; its pid file may not be there yet.
  long pid() {
    return process.pid();
  }

  /// The port of its statistics.
  int statsPort() {
    return statsPort;
  }

  /// Waits for its end.
  int exitCode() throws InterruptedException {
    assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).as("an end").isTrue();
    return process.exitValue();
  }

  boolean alive() {
    return process.isAlive();
  }

  /// The daemon, if there is one.
  Optional<ProcessHandle> daemon() throws IOException {
    return Files.exists(pidFile())
        ? ProcessHandle.of(Long.parseLong(Files.readString(pidFile())))
        : Optional.empty();
  }

  Path pidFile() {
    return directory.resolve("pid");
  }

  String log() {
    return read("log");
  }

  /// What it printed.
  String output() {
    return read("output");
  }

  private String read(String name) {
    try {
      Path file = directory.resolve(name);
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    daemon().ifPresent(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
