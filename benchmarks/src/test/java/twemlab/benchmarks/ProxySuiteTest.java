package twemlab.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import twemlab.event.backend.Backends;
import twemlab.event.backend.Kernels;

final class ProxySuiteTest {
  @Test
  void everyBackendForwards(@TempDir Path folder) throws Exception {
    var rows = ProxySuite.run(Tiny.EFFORT, Tiny.silent(), folder.resolve("proxy.json"));
    assertThat(rows).hasSize(2 * Backends.working(Kernels.host()).size());
    assertThat(rows).allSatisfy(row -> assertThat(row.nanos()).isPositive());
  }

  /// Client read, server write, server read, client write and the waits between them; with a
  /// pipeline, once for all.
  @Test
  void aPipelineSharesItsSystemCalls() throws Exception {
    assertThat(ProxySuite.systemCalls("epoll", 1)).isBetween(4.0, 12.0);
    assertThat(ProxySuite.systemCalls("epoll", 16)).isLessThan(1.0);
  }
}
