package twemlab.sim.run.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import twemlab.proxy.testing.RealServer.Program;
import twemlab.sim.run.soak.Checkout;

/// Some seconds of what `twemlab soak --hostile` does for long, with attacks that take little.
final class HostileSoakTest {
  private static final List<String> ATTACKS =
      List.of("leave-early", "slowloris", "half-open", "near-valid");

  private static HostileSettings settings(
      List<String> proxy, List<String> attacks, double seconds) {
    Path redis = Program.REDIS.need();
    Path memcached = Program.MEMCACHED.need();
    return new HostileSettings(redis, memcached, proxy, attacks, seconds, 7, 400);
  }

  /// The proxy of the classes under test, as the launcher starts it.
  private static List<String> launcher() {
    return List.of(
        "env",
        "TWEMLAB_CLASSPATH=" + System.getProperty("java.class.path"),
        "TWEMLAB_JAVA_OPTIONS=-Xmx192m",
        "JAVA_HOME=" + System.getProperty("java.home"),
        Checkout.root().resolve("twemlab").toString(),
        "proxy");
  }

  @Test
  void thePromisesHoldUnderSomeAttacks() throws Exception {
    var soak = new HostileSoak(settings(launcher(), ATTACKS, 6));
    assertThat(soak.run((_, _) -> {})).isEmpty();
    assertThat(soak.books().wrongReplies()).isZero();
    assertThat(soak.books().rightReplies()).isGreaterThan(100);
    Map<String, Long> rounds =
        soak.tallies().entrySet().stream()
            .collect(
                Collectors.toMap(
                    entry -> entry.getKey().name(), entry -> entry.getValue().rounds()));
    assertThat(rounds)
        .containsOnlyKeys(ATTACKS)
        .allSatisfy((_, count) -> assertThat(count).isPositive());
    assertThat(HostileChart.svg(soak))
        .startsWith("<svg")
        .contains("near-valid", "a server is away");
  }

  @Test
  void aProxyThatEndsIsFound(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("pid");
    List<String> proxy =
        new ArrayList<>(List.of("sh", "-c", "echo $$ > " + file + "; exec \"$@\""));
    proxy.add("sh");
    proxy.addAll(launcher());
    var soak = new HostileSoak(settings(proxy, List.of("slowloris"), 60));
    List<String> problems = soak.run((_, _) -> kill(file));
    assertThat(problems)
        .first()
        .asString()
        .contains("seed 7, during slowloris: the proxy ended: exit code 137");
  }

  private static void kill(Path file) {
    try {
      long pid = Long.parseLong(Files.readString(file).strip());
      ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
