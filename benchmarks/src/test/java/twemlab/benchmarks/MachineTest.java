package twemlab.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class MachineTest {
  @Test
  void aNameThatSaysOnlyTheMakerIsCompletedByTheFamily() {
    List<String> cpuinfo =
        List.of(
            "processor\t: 0",
            "cpu family\t: 25",
            "model\t\t: 1",
            "model name\t: AMD EPYC",
            "stepping\t: 1",
            "model name\t: another");
    assertThat(Machine.processor(cpuinfo)).isEqualTo("AMD EPYC (family 25, model 1, stepping 1)");
  }

  @Test
  void otherArchitecturesHaveNoFamily() {
    assertThat(Machine.processor(List.of("CPU part\t: 0xd0c"))).isEqualTo("unknown");
  }
}
