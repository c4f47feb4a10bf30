package twemlab.event.uring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import twemlab.event.backend.Backends;
import twemlab.event.backend.Kernels;
import twemlab.event.backend.Transports;
import twemlab.event.kernel.Errno;
import twemlab.event.testing.AuditedKernel;

/// A ring whose kernel takes no submissions for a while.
final class UringRingTest {
  private final AuditedKernel kernel = new AuditedKernel(Kernels.host());
  private UringRing ring;

  @BeforeEach
  void open() {
    assumeThat(Backends.working(kernel)).contains(Transports.IO_URING);
    ring = new UringRing(kernel.uring().orElseThrow(), kernel.memory(), 8, 64);
  }

  @AfterEach
  void close() {
    if (ring != null) {
      ring.close();
    }
    kernel.close();
  }

  private List<Long> completions() {
    List<Long> names = new ArrayList<>();
    for (; ring.ready() > 0; ring.consume()) {
      names.add(ring.userData());
    }
    return names;
  }

  /// Cancelling what nobody asked for fails, and is told, so that each submission can be seen.
  private void prepare(int from, int to) {
    for (int i = from; i < to; i++) {
      ring.cancel(1L << 40, i);
    }
  }

  @Test
  void whatIsRefusedGoesLaterInItsOrder() {
    for (int i = 0; i < 30; i++) {
      kernel.faults().script("enter", Errno.EAGAIN, Errno.EBUSY, Errno.ENOMEM);
    }
    prepare(0, 50);
    assertThat(ring.prepared()).isEqualTo(50);
    ring.submit();
    assertThat(ring.prepared()).isEqualTo(50);
    while (kernel.faults().left("enter") > 0) {
      ring.submit();
    }
    ring.submit();
    assertThat(ring.prepared()).isZero();
    ring.await(0);
    assertThat(completions()).isEqualTo(LongStream.range(0, 50).boxed().toList());
    prepare(50, 60);
    ring.await(0);
    ring.await(0);
    assertThat(completions()).isEqualTo(LongStream.range(50, 60).boxed().toList());
  }

  @Test
  void anotherErrorIsAProgrammers() {
    kernel.faults().script("enter", Errno.EBADF);
    prepare(0, 1);
    assertThatThrownBy(ring::submit).hasMessageContaining("Bad file descriptor");
  }
}
