package twemlab.proxy.process;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import twemlab.proxy.testing.RealServer;

/// The jar, on the module path, as the launcher starts it: what unit tests on the class path cannot
/// see is a missing `requires`, `exports` or `opens`, and native access asked of the wrong module.
@Timeout(60)
final class PackagedProxyIT {
  private static final String MODULE = "twemlab.proxy/twemlab.proxy.process.Nutcracker";

  private final Path jar = Path.of(System.getProperty("twemlab.proxy.jar"));
  private final int port = RealServer.freePort();
  private final int statsPort = RealServer.freePort();
  @TempDir private Path directory;
  private Path log;
  private Process proxy;

  @BeforeEach
  void start() throws IOException {
    Path conf = directory.resolve("nutcracker.yml");
    Files.writeString(
        conf,
        """
        alpha:
          listen: 127.0.0.1:%d
          redis: true
          servers:
           - 127.0.0.1:1:1
        """
            .formatted(port));
    log = directory.resolve("log");
    String path = jar + File.pathSeparator + jar.resolveSibling("lib");
    proxy =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx192m",
                "--enable-native-access=twemlab.event",
                "--illegal-native-access=deny",
                "--module-path",
                path,
                "--module",
                MODULE,
                "--conf-file=" + conf,
                "--stats-addr=127.0.0.1",
                "--stats-port=" + statsPort)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
  }

  @AfterEach
  void stop() throws InterruptedException {
    proxy.destroyForcibly();
    proxy.waitFor();
  }

  @Test
  void answersAndEndsWhenAsked() throws IOException, InterruptedException {
    try (Socket client = connect(port)) {
      client.getOutputStream().write("*1\r\n$4\r\nPING\r\n".getBytes(US_ASCII));
      assertThat(client.getInputStream().readNBytes(7)).asString(US_ASCII).isEqualTo("+PONG\r\n");
    }
    try (Socket stats = connect(statsPort)) {
      assertThat(stats.getInputStream().readAllBytes()).asString(US_ASCII).contains("\"alpha\"");
    }
    proxy.destroy();
    assertThat(proxy.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(log).content().doesNotContain("WARNING");
  }

  /// Tries until the proxy listens.
  private Socket connect(int to) throws IOException, InterruptedException {
    while (proxy.isAlive()) {
      try {
        return new Socket(InetAddress.ofLiteral("127.0.0.1"), to);
      } catch (IOException _) {
        Thread.sleep(20);
      }
    }
    throw new AssertionError("the proxy ended: " + Files.readString(log));
  }
}
