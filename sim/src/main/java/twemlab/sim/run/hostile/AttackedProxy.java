package twemlab.sim.run.hostile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import twemlab.sim.run.hostile.attack.Arena;
import twemlab.sim.run.hostile.attack.Setup;
import twemlab.sim.run.servers.ServerProcess;

/// The proxy in a process of its own, as a user starts it, with few descriptors.
final class AttackedProxy implements AutoCloseable {
  /// So few that a flood of connections reaches the limit.
  static final int DESCRIPTORS = 1024;

  private static final int START_ATTEMPTS = 12;
  private static final int STATS_MILLIS = 2000;
  private static final int LOG_LINES_SHOWN = 6;

  /// A line of a stack trace.
  private static final Pattern TRACE = Pattern.compile("^\\s+at \\S+\\(.*\\)$");

  private final ServerProcess process;
  private final int statsPort;

  private AttackedProxy(ServerProcess process, int statsPort) {
    this.process = process;
    this.statsPort = statsPort;
  }

  /// Starts it and waits until all its pools listen.
  ///
  /// @param command how it is called, but for the options of its files and its statistics
  static AttackedProxy start(List<String> command, Setup setup) throws IOException {
    List<String> whole = new ArrayList<>();
    whole.addAll(List.of("sh", "-c", "ulimit -n " + DESCRIPTORS + "; exec \"$@\"", "sh"));
    whole.addAll(command);
    ServerProcess process = ServerProcess.proxy(whole, setup.configuration(), setup.statsPort());
    var proxy = new AttackedProxy(process, setup.statsPort());
    try {
      for (Arena arena : Arena.values()) {
        proxy.awaitListening(setup.port(arena));
      }
    } catch (IOException e) {
      String said = proxy.read("output") + proxy.read("log");
      proxy.close();
      throw new IOException("the proxy does not start: " + said.strip(), e);
    }
    return proxy;
  }

  /// The launcher may have something to build first.
  private void awaitListening(int port) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        ServerProcess.awaitListening(port);
        return;
      } catch (IOException e) {
        if (attempt == START_ATTEMPTS || !process.alive()) {
          throw e;
        }
      }
    }
  }

  boolean alive() {
    return process.alive();
  }

  /// The exit code of a proxy that is not alive, and the end of what it wrote.
  String lastWords() {
    return "exit code " + process.exitCode() + "; the end of its log and output: " + tail();
  }

  private String tail() {
    List<String> lines = (read("log") + read("output")).lines().toList();
    int from = Math.max(0, lines.size() - LOG_LINES_SHOWN);
    return String.join(" | ", lines.subList(from, lines.size()));
  }

  private String read(String name) {
    try {
      Path file = process.directory().resolve(name);
      return Files.exists(file) ? Files.readString(file, ISO_8859_1) : "";
    } catch (IOException e) {
      return e.toString();
    }
  }

  /// Bytes of its log and of what it printed.
  long logBytes() throws IOException {
    long bytes = 0;
    for (String name : List.of("log", "output")) {
      Path file = process.directory().resolve(name);
      bytes += Files.exists(file) ? Files.size(file) : 0;
    }
    return bytes;
  }

  /// The first stack trace in its log, or nothing: an exception that a stranger caused.
  Optional<String> firstTrace() {
    List<String> lines = (read("log") + read("output")).lines().toList();
    for (int i = 1; i < lines.size(); i++) {
      if (TRACE.matcher(lines.get(i)).matches()) {
        return Optional.of(lines.get(i - 1) + lines.get(i));
      }
    }
    return Optional.empty();
  }

  /// Resident bytes (`VmRSS`, proc(5)); 0 if the process has ended.
  long residentBytes() {
    return status("VmRSS:");
  }

  /// The most that was resident at any time (`VmHWM`); 0 if the process has ended.
  long peakBytes() {
    return status("VmHWM:");
  }

  private long status(String field) {
    try {
      Path file = Path.of("/proc", Long.toString(process.pid()), "status");
      for (String line : Files.readAllLines(file)) {
        if (line.startsWith(field)) {
          return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
        }
      }
    } catch (IOException e) {
      // It has ended, which others notice.
    }
    return 0;
  }

  /// The sum of a field over all pools and servers.
  ///
  /// @return empty if the statistics are not told, as under a flood
  Optional<Long> statistic(String field) {
    String text;
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), statsPort), STATS_MILLIS);
      socket.setSoTimeout(STATS_MILLIS);
      text = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    } catch (IOException e) {
      return Optional.empty();
    }
    Matcher matcher = Pattern.compile('"' + field + "\": *(-?[0-9]+)").matcher(text);
    long sum = 0;
    boolean found = false;
    while (matcher.find()) {
      found = true;
      sum += Long.parseLong(matcher.group(1));
    }
    return found ? Optional.of(sum) : Optional.empty();
  }

  /// Asks it to end, and waits.
  ///
  /// @return the exit code; empty if it does not end
  OptionalInt terminate(long millis) {
    return process.terminate(millis);
  }

  @Override
  public void close() {
    process.close();
  }
}
