package twemlab.sim.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import twemlab.event.kernel.Address;
import twemlab.sim.world.Fault;

/// A real program on the simulated kernel, with and without faults.
class EchoScenarioTest {
  private static final Address TCP = Address.loopback(7_777);
  private static final Address UNIX = new Address.Unix("/run/echo.sock");

  @Test
  void echoWithoutFaults() {
    EchoScenario scenario = new EchoScenario(1, false, TCP);
    assertThat(scenario.run()).isEmpty();
    assertNothingLeft(scenario);
    assertThat(scenario.world.scheduler().now()).isLessThan(3_000_000_000L);
  }

  @Test
  void echoOverUnixSockets() {
    for (long seed = 1; seed <= 10; seed++) {
      EchoScenario scenario = new EchoScenario(seed, true, UNIX);
      assertThat(scenario.run()).as("seed %d", seed).isEmpty();
      assertNothingLeft(scenario);
    }
  }

  @Test
  void echoUnderFaultsAndEachFaultFires() {
    Map<Fault, Long> fired = new EnumMap<>(Fault.class);
    for (long seed = 1; seed <= 40; seed++) {
      EchoScenario scenario = new EchoScenario(seed, true, TCP);
      assertThat(scenario.run()).as("seed %d", seed).isEmpty();
      assertNothingLeft(scenario);
      for (Fault fault : Fault.values()) {
        fired.merge(fault, scenario.world.faults().count(fault), Long::sum);
      }
    }
    // No event port and no ring here: SimulationTest has them.
    fired.remove(Fault.GETN_ETIME);
    fired.remove(Fault.COMPLETIONS_OVERFLOW);
    fired.remove(Fault.LATE_COMPLETION);
    fired.remove(Fault.CANCEL_BUSY);
    fired.remove(Fault.NO_BUFFERS);
    assertThat(fired).allSatisfy((fault, count) -> assertThat(count).as(fault.name()).isPositive());
  }

  @Test
  void aSeedDecidesEverything() {
    TreeSet<Long> hashes = new TreeSet<>();
    for (long seed = 1; seed <= 5; seed++) {
      long once = hashOf(seed);
      assertThat(hashOf(seed)).as("seed %d", seed).isEqualTo(once);
      hashes.add(once);
    }
    assertThat(hashes).hasSize(5);
  }

  /// Another JVM, without a compiler and with another collector: the same hash; and no native
  /// access anywhere.
  @Test
  void anotherMachineComesToTheSameHash() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--illegal-native-access=deny",
                "-Xint",
                "-XX:+UseSerialGC",
                "-XX:+UnlockExperimentalVMOptions",
                "-XX:hashCode=2",
                "-cp",
                System.getProperty("java.class.path"),
                EchoScenario.class.getName(),
                "3")
            .redirectErrorStream(true)
            .start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output).isEqualTo(Long.toHexString(hashOf(3)));
  }

  private static long hashOf(long seed) {
    EchoScenario scenario = new EchoScenario(seed, true, TCP);
    assertThat(scenario.run()).isEmpty();
    return scenario.world.trace().hash();
  }

  private static void assertNothingLeft(EchoScenario scenario) {
    assertThat(scenario.kernel.openDescriptors()).isZero();
    scenario.kernel.close();
    assertThat(scenario.kernel.mappedBytes()).isZero();
  }
}
