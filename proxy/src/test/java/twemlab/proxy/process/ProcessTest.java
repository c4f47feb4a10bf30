package twemlab.proxy.process;

import static org.assertj.core.api.Assertions.assertThat;
import static twemlab.proxy.testing.ProxyUnderTest.redisPool;
import static twemlab.proxy.testing.RawClient.resp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import twemlab.proxy.testing.Programs;
import twemlab.proxy.testing.ProxyUnderTest;
import twemlab.proxy.testing.RawClient;
import twemlab.proxy.testing.RealServer;
import twemlab.proxy.testing.ScriptedServer;

/// The proxy as a process: signals, daemon mode, pid file, limits. Its end: [ProcessEndTest].
class ProcessTest {
  @TempDir private Path directory;

  private final int port = RealServer.freePort();

  private String pool(int server, String... lines) {
    List<String> all = new ArrayList<>(List.of("listen: 127.0.0.1:" + port));
    all.addAll(List.of(lines));
    return redisPool(List.of(server), all.toArray(String[]::new));
  }

  private String unixPool(int server) {
    return redisPool(List.of(server), "listen: " + directory.resolve("socket") + " 0600")
        .replace("redis:\n", "unix:\n");
  }

  /// The caller's exit code comes when the daemon listens. Then: the log's level and a new log file
  /// by signals, and the end.
  @Test
  void aDaemonFromItsStartToItsEnd() throws Exception {
    try (var child = ChildProxy.run(directory, "", pool(1), "-d")) {
      assertThat(child.exitCode()).as(child.output() + child.log()).isZero();
      ProcessHandle daemon = child.daemon().orElseThrow();
      assertThat(daemon.isAlive()).isTrue();
      try (var client = RawClient.connect(port)) {
        assertThat(client.ask(resp("PING"))).isEqualTo("+PONG");
      }
      child.signal("TTIN");
      ProxyUnderTest.await("a higher level", () -> child.log().contains("up log level to 6"));
      child.signal("TTOU");
      ProxyUnderTest.await("a lower level", () -> child.log().contains("down log level to 5"));
      child.signal("USR1");
      ProxyUnderTest.await("a mention", () -> child.log().contains("(SIGUSR1) received"));
      Files.move(directory.resolve("log"), directory.resolve("log.1"));
      child.signal("HUP");
      ProxyUnderTest.await("a new log", () -> Files.exists(directory.resolve("log")));
      child.signal("TTIN");
      ProxyUnderTest.await("lines in it", () -> child.log().contains("up log level to 6"));
      assertThat(daemon.isAlive()).isTrue();
      child.signal("TERM");
      ProxyUnderTest.await("its end", () -> !daemon.isAlive());
      assertThat(child.pidFile()).doesNotExist();
      assertThat(child.output()).isEmpty();
    }
  }

  @Test
  void aDaemonThatCannotStartSaysWhyToItsCaller() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      String text = pool(1).replace(":" + port, ":" + taken.getLocalPort());
      try (var child = ChildProxy.run(directory, "", text, "-d")) {
        assertThat(child.exitCode()).isEqualTo(1);
        assertThat(child.output()).contains("Address already in use");
        assertThat(child.log()).contains("Address already in use");
        assertThat(child.pidFile()).doesNotExist();
      }
    }
  }

  /// The reason of a failed start is in the log too.
  @Test
  void aBadFileIsLogged() throws Exception {
    try (var child = ChildProxy.run(directory, "", pool(1, "hash: sha1"))) {
      assertThat(child.exitCode()).isEqualTo(1);
      assertThat(child.log()).contains("conf: directive \"hash\" is not a valid hash");
      assertThat(child.output()).contains("nutcracker.yml' syntax is invalid");
      assertThat(child.pidFile()).doesNotExist();
    }
  }

  /// 120 descriptors, less one server, one pool and 32 others, are 86 clients; one more is closed
  /// without a byte, and when one leaves there is room again.
  @Test
  void descriptorsLimitTheClients() throws Exception {
    List<RawClient> clients = new ArrayList<>();
    try (var child = ChildProxy.run(directory, "ulimit -n 120;", pool(1)).awaitListening(port)) {
      for (int i = 0; i < 86; i++) {
        RawClient client = RawClient.connect(port);
        clients.add(client);
        assertThat(client.ask(resp("PING"))).as("client " + i).isEqualTo("+PONG");
      }
      try (var over = RawClient.connect(port)) {
        assertThat(over.readToEnd()).isEmpty();
      }
      clients.removeLast().close();
      ProxyUnderTest.await("room again", () -> pings(port));
      assertThat(child.alive()).isTrue();
    } finally {
      clients.forEach(RawClient::close);
    }
  }

  /// Crowds at both ports, before the connection to the server is made: of 256 descriptors, 32 are
  /// the process' and 2 the server's and the listener's, whatever the others do.
  @Test
  void crowdsAtBothPortsTakeNoDescriptorOfOthers() throws Exception {
    List<RawClient> all = new ArrayList<>();
    try (var server =
            ScriptedServer.start(peer -> ProcessEndTest.answerAll(peer, new AtomicInteger()));
        var child =
            ChildProxy.run(directory, "ulimit -n 256;", pool(server.port())).awaitListening(port)) {
      for (int i = 0; i < 100; i++) {
        all.add(RawClient.connect(child.statsPort()));
      }
      List<RawClient> clients = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        RawClient client = RawClient.connect(port);
        all.add(client);
        if (pings(client)) {
          clients.add(client);
        }
      }
      // That of the first who asked may not be free yet.
      assertThat(clients).hasSizeBetween(221, 222);
      for (RawClient client : clients) {
        assertThat(client.ask(resp("GET", "k"))).isEqualTo("+yes");
      }
      try (var stats = RawClient.connect(child.statsPort())) {
        assertThat(stats.readToEnd()).contains("\"client_connections\":" + clients.size());
      }
    } finally {
      all.forEach(RawClient::close);
    }
  }

  /// The new proxy starts before the old one ends: its socket and its pid file stay.
  @Test
  void anOverlappingRestartLeavesTheNewOneWhole() throws Exception {
    Path socket = directory.resolve("socket");
    try (var old = ChildProxy.run(directory, "", unixPool(1))) {
      ProxyUnderTest.await("the old one", () -> pings(socket));
      String oldPid = Files.readString(old.pidFile());
      try (var young = ChildProxy.run(directory, "", unixPool(1))) {
        ProxyUnderTest.await("the new one", () -> !read(young.pidFile()).equals(oldPid));
        Programs.signal("TERM", Long.parseLong(oldPid.strip()));
        assertThat(old.exitCode()).isZero();
        assertThat(pings(socket)).isTrue();
        assertThat(young.pidFile()).exists();
        young.signal("TERM");
        assertThat(young.exitCode()).isZero();
        assertThat(young.pidFile()).doesNotExist();
        assertThat(socket).doesNotExist();
      }
    }
  }

  /// A start by mistake: the port of the statistics is taken, so nothing else is.
  @Test
  void aFailedStartLeavesTheRunningOneWhole() throws Exception {
    Path socket = directory.resolve("socket");
    try (var first = ChildProxy.run(directory, "", unixPool(1))) {
      ProxyUnderTest.await("the first one", () -> pings(socket));
      String pid = Files.readString(first.pidFile());
      Path other = Files.createDirectory(directory.resolve("other"));
      String[] same = {"-s", "" + first.statsPort(), "-p", first.pidFile().toString()};
      try (var second = ChildProxy.run(other, "", unixPool(1), same)) {
        assertThat(second.exitCode()).isEqualTo(1);
      }
      assertThat(read(first.pidFile())).isEqualTo(pid);
      assertThat(pings(socket)).isTrue();
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean pings(Path socket) {
    try (var client = RawClient.connect(socket)) {
      return pings(client);
    } catch (UncheckedIOException _) {
      return false;
    }
  }

  /// Whatever has the name of a unix socket and is none is kept.
  @ParameterizedTest
  @ValueSource(strings = {"file", "directory", "link"})
  void whatIsNoSocketIsNotRemoved(String kind) throws Exception {
    Path path = directory.resolve("socket");
    Path precious = Files.writeString(directory.resolve("precious"), "data");
    switch (kind) {
      case "file" -> Files.move(precious, path);
      case "directory" -> Files.createDirectory(path);
      default -> Files.createSymbolicLink(path, precious);
    }
    try (var child = ChildProxy.run(directory, "", unixPool(1))) {
      assertThat(child.exitCode()).isEqualTo(1);
      assertThat(child.output())
          .contains("cannot bind " + path + ": Socket operation on non-socket");
      assertThat(Files.exists(path)).isTrue();
      assertThat(kind.equals("directory") || read(path).equals("data")).isTrue();
    }
  }

  /// Names in a locale that cannot write them: a socket has bytes for a name, a file of an option
  /// is refused in one line.
  @Test
  void namesInAnotherLocale() throws Exception {
    Path socket = directory.resolve("söcket");
    String text = redisPool(List.of(1), "listen: " + socket);
    String locale = "unset LANG LC_CTYPE; export LC_ALL=C;";
    try (var child = ChildProxy.run(directory, locale, text, "-o", "")) {
      ProxyUnderTest.await("a start" + child.output(), () -> pings(socket));
      child.signal("TERM");
      assertThat(child.exitCode()).isZero();
      assertThat(socket).doesNotExist();
    }
    try (var child = ChildProxy.run(directory, locale, text, "-o", "ö")) {
      assertThat(child.exitCode()).isEqualTo(1);
      assertThat(child.output()).contains("characters of the locale").doesNotContain("Exception");
    }
  }

  /// Whoever set the variable of the daemon's JVM: without `-d` there is no daemon.
  @Test
  void theDaemonsVariableAloneMakesNoDaemon() throws Exception {
    try (var child =
        ChildProxy.run(directory, "export TWEMLAB_DAEMON=1;", pool(1)).awaitListening(port)) {
      assertThat(child.output()).isEmpty();
      child.signal("TERM");
      assertThat(child.exitCode()).isZero();
    }
  }

  /// No line can be written, and nobody's request ends for it.
  @Test
  void aFullDiskUnderTheLogStopsNobody() throws Exception {
    String text = pool(1, "client_connections: 1");
    try (var child = ChildProxy.run(directory, "", text, "-o", "/dev/full", "-v", "11")) {
      ProxyUnderTest.await("a start", () -> pings(port));
      ProxyUnderTest.await("room again", () -> pings(port));
      try (var one = RawClient.connect(port)) {
        assertThat(one.ask(resp("PING"))).isEqualTo("+PONG");
        for (int i = 0; i < 50; i++) {
          try (var refused = RawClient.connect(port)) {
            assertThat(refused.readToEnd()).isEmpty();
          }
        }
        assertThat(one.ask(resp("GET", "k"))).isEqualTo("-ERR Connection refused");
      }
      child.signal("TERM");
      assertThat(child.exitCode()).isZero();
    }
  }

  /// A signal that comes as soon as there is something to leave behind: nothing is left behind.
  @Test
  void aSignalDuringTheStartLeavesNothingBehind() throws Exception {
    Path socket = directory.resolve("socket");
    try (var child = ChildProxy.run(directory, "", unixPool(1))) {
      ProxyUnderTest.await("a socket", () -> Files.exists(socket));
      Programs.signal("TERM", child.pid());
      assertThat(child.exitCode()).isZero();
      assertThat(socket).doesNotExist();
      assertThat(child.pidFile()).doesNotExist();
    }
  }

  /// nutcracker's answer too: the port is not shared.
  @Test
  void aSecondProxyDoesNotShareTheStatisticsPort() throws Exception {
    try (var first = ChildProxy.run(directory, "", pool(1)).awaitListening(port)) {
      Path other = Files.createDirectory(directory.resolve("other"));
      String text = pool(1).replace(":" + port, ":" + RealServer.freePort());
      try (var second = ChildProxy.run(other, "", text, "-s", "" + first.statsPort())) {
        assertThat(second.exitCode()).isEqualTo(1);
        assertThat(second.log()).contains(first.statsPort() + ": Address already in use");
      }
      assertThat(pings(port)).isTrue();
    }
  }

  /// 100 servers' connections, a listener and 32 others are 133.
  @Test
  void aStartWithoutADescriptorForClientsIsRefused() throws Exception {
    String text = pool(1, "server_connections: 100");
    try (var child = ChildProxy.run(directory, "ulimit -n 133;", text)) {
      assertThat(child.exitCode()).isEqualTo(1);
      assertThat(child.output())
          .contains("nutcracker: 100 server connections, 1 listeners and 32 others leave no")
          .contains("of 133 to clients");
      assertThat(child.log()).contains("100 server connections, 1 listeners and 32 others");
      assertThat(child.pidFile()).doesNotExist();
    }
  }

  /// More connections than any memory holds, if each were made before it is needed.
  @Test
  void fourBillionServerConnectionsAreCounted() throws Exception {
    List<String> servers = IntStream.range(0, 4096).mapToObj(i -> "127.0.0.1:1:1 s" + i).toList();
    String[] lines = {"listen: 127.0.0.1:" + port, "server_connections: 65535"};
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 4; i++) {
      lines[0] = "listen: " + directory.resolve("s" + i);
      text.append(redisPool(servers, lines).replace("redis:\n", "p" + i + ":\n"));
    }
    try (var child = ChildProxy.run(directory, "", text.toString())) {
      assertThat(child.exitCode()).isEqualTo(1);
      assertThat(child.output())
          .contains("1073725440 server connections, 4 listeners and 32 others leave no descriptor")
          .doesNotContain("OutOfMemory");
    }
  }

  private static boolean pings(RawClient client) {
    try {
      return client.ask(resp("PING")).equals("+PONG");
    } catch (UncheckedIOException | AssertionError _) {
      return false;
    }
  }

  private static boolean pings(int port) {
    try (var client = RawClient.connect(port)) {
      return client.ask(resp("PING")).equals("+PONG");
    } catch (UncheckedIOException | AssertionError _) {
      return false;
    }
  }

  /// Each is counted, in a few lines.
  @Test
  void refusedClientsDoNotFillTheLog() {
    try (var proxy = ProxyUnderTest.start(redisPool(List.of(1), "client_connections: 1"));
        var one = proxy.connect()) {
      assertThat(one.ask(resp("PING"))).isEqualTo("+PONG");
      for (int i = 0; i < 300; i++) {
        try (var refused = proxy.connect()) {
          assertThat(refused.readToEnd()).isEmpty();
        }
      }
      ProxyUnderTest.await("all told", () -> proxy.ask(() -> true) && told(proxy.log()) == 300);
      assertThat(proxy.log()).hasSizeLessThan(100);
    }
  }

  private static int told(List<String> log) {
    Pattern others = Pattern.compile(" and (\\d+) more within a second: refused clients\n");
    int sum = 0;
    for (String line : log) {
      Matcher matcher = others.matcher(line);
      sum += matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
      sum += line.contains("exceed limit, closing c") ? 1 : 0;
    }
    return sum;
  }

  @Test
  void clientConnectionsLimitsAPool() {
    try (var proxy = ProxyUnderTest.start(redisPool(List.of(1), "client_connections: 2"))) {
      try (var one = proxy.connect();
          var two = proxy.connect()) {
        assertThat(one.ask(resp("PING"))).isEqualTo("+PONG");
        assertThat(two.ask(resp("PING"))).isEqualTo("+PONG");
        try (var three = proxy.connect()) {
          assertThat(three.readToEnd()).isEmpty();
        }
        assertThat(one.ask(resp("PING"))).isEqualTo("+PONG");
      }
      ProxyUnderTest.await("room again", () -> pings(proxy.port()));
    }
  }
}
