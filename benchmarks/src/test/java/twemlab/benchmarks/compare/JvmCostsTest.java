package twemlab.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The JVM's own texts: what it prints today is asked of this very JVM.
final class JvmCostsTest {
  @Test
  void pausesAreCounted() {
    JvmCosts costs =
        JvmCosts.inLog(
            List.of(
                "[0.006s][info][gc] Using Serial",
                "[4.012s][info][gc] GC(0) Pause Young (Allocation Failure) 2M->1M(61M) 0.512ms",
                "[4.112s][info][gc] GC(1) Pause Full (Allocation Failure) 60M->9M(61M) 40.500ms"));
    assertThat(costs.collections()).isEqualTo(2);
    assertThat(costs.collectorMillis()).isEqualTo(41.012);
  }

  @Test
  void theLoopThreadsAllocationIsRead() {
    String threads =
        """
        "Reference Handler" #9 [7] daemon prio=10 cpu=0.1ms allocated=9M defined_classes=0
        "main" #1 [5] prio=5 os_prio=0 cpu=99.1ms elapsed=9s allocated=13M defined_classes=77
        """;
    assertThat(JvmCosts.allocatedIn(threads)).isEqualTo(13L << 20);
    assertThat(JvmCosts.allocatedIn("no threads")).isEqualTo(-1);
  }

  @Test
  void aRunningJvmTells(@TempDir Path directory) throws Exception {
    Path log = Files.createFile(directory.resolve("gc"));
    JvmCosts costs = JvmCosts.of(log, ProcessHandle.current().pid());
    assertThat(costs.allocatedBytes()).isPositive();
  }
}
