package twemlab.proxy.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static twemlab.proxy.testing.RawClient.resp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import twemlab.proxy.testing.ProxyUnderTest;
import twemlab.proxy.testing.RawClient;
import twemlab.proxy.testing.RealServer;

/// The command: what it says when it cannot start, and one whole life in a process of its own.
class NutcrackerTest {
  @TempDir private Path directory;

  /// The command's exit code and what it said on stderr.
  private record Outcome(int exitCode, String text) {}

  /// Runs the command in this process: for runs that end before anything is served.
  private static Outcome run(String... arguments) {
    PrintStream stderr = System.err;
    var text = new ByteArrayOutputStream();
    try (var captured = new PrintStream(text, true, UTF_8)) {
      System.setErr(captured);
      return new Outcome(Nutcracker.run(List.of(arguments)), text.toString(UTF_8));
    } finally {
      System.setErr(stderr);
    }
  }

  private String conf(String text) throws IOException {
    return Files.writeString(directory.resolve("nutcracker.yml"), text).toString();
  }

  private static String pool(int port) {
    return "alpha:\n  listen: 127.0.0.1:%d\n  redis: true\n  servers:\n   - 127.0.0.1:1:1\n"
        .formatted(port);
  }

  @Test
  void aBadConfigurationNamesFileLineColumnAndWhatIsAccepted() throws IOException {
    String file = conf(pool(1).replace("redis: true", "hash: sha1"));
    for (String[] arguments : new String[][] {{"-c", file}, {"-t", "-c", file}}) {
      Outcome outcome = run(arguments);
      assertThat(outcome.exitCode()).isEqualTo(1);
      assertThat(outcome.text())
          .contains("conf: directive \"hash\" is not a valid hash")
          .contains(file + ":3:9: 'sha1' is refused; accepted: one_at_a_time, md5, crc16")
          .contains("nutcracker: configuration file '" + file + "' syntax is invalid");
    }
  }

  @Test
  void aMissingFile() {
    String file = directory.resolve("none.yml").toString();
    Outcome outcome = run("-c", file);
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.text())
        .contains("conf: failed to open configuration '" + file + "': No such file or directory");
  }

  @Test
  void anUnknownOption() {
    Outcome outcome = run("--nosuch");
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.text()).contains("nosuch").contains("Usage: nutcracker");
  }

  @Test
  void aPortInUse() throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      Outcome listen = run("-c", conf(pool(port)), "-a", "127.0.0.1");
      assertThat(listen.exitCode()).isEqualTo(1);
      assertThat(listen.text()).contains("127.0.0.1:" + port + ": Address already in use");
      Outcome stats =
          run("-c", conf(pool(RealServer.freePort())), "-a", "127.0.0.1", "-s", "" + port);
      assertThat(stats.exitCode()).isEqualTo(1);
      assertThat(stats.text()).contains("127.0.0.1:" + port + ": Address already in use");
    }
  }

  @Test
  void aDirectoryThatIsNotThereForTheLog() throws IOException {
    Outcome outcome = run("-c", conf(pool(1)), "-o", directory + "/none/log");
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.text()).contains(directory + "/none/log").contains("No such file");
  }

  /// With native access denied, all is done by java.nio.
  @ParameterizedTest
  @CsvSource({
    "--enable-native-access=ALL-UNNAMED, epoll",
    "--enable-native-access=ALL-UNNAMED, nio",
    "--illegal-native-access=deny, nio"
  })
  void oneLifeInAProcessOfItsOwn(String access, String backend) throws Exception {
    int port = RealServer.freePort();
    int statsPort = RealServer.freePort();
    Path log = directory.resolve("log");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(access, "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(Nutcracker.class.getName(), "-c", conf(pool(port))));
    command.addAll(List.of("--backend", backend));
    command.addAll(List.of("-a", "127.0.0.1", "-s", "" + statsPort, "-o", log.toString()));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("output").toFile())
            .start();
    try {
      ProxyUnderTest.await(
          "the start: " + Files.readString(directory.resolve("output")), () -> answers(port));
      try (var stats = RawClient.connect(statsPort)) {
        assertThat(stats.readToEnd())
            .startsWith("{\"service\":\"nutcracker\"")
            .contains("}}, \"memory_used\":")
            .endsWith("}\n");
      }
      process.destroy();
      assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as(Files.readString(log)).isZero();
      assertThat(Files.readString(log)).contains("rabbit run").contains("done, rabbit done");
      assertThat(Files.readString(directory.resolve("output"))).isEmpty();
    } finally {
      process.destroyForcibly();
    }
  }

  private static boolean answers(int port) {
    try (var client = RawClient.connect(port)) {
      return client.ask(resp("PING")).equals("+PONG");
    } catch (java.io.UncheckedIOException _) {
      return false;
    }
  }
}
