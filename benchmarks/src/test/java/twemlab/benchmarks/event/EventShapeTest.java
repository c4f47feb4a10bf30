package twemlab.benchmarks.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static twemlab.benchmarks.event.InterestChurn.Change.NONE;
import static twemlab.benchmarks.event.InterestChurn.Change.OUTPUT;
import static twemlab.benchmarks.event.InterestChurn.Change.REGISTRATION;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import twemlab.event.backend.Backend;
import twemlab.event.backend.Backends;
import twemlab.event.backend.Kernels;

/// The shapes of the charts, by counts: what a wait looks at does not depend on the number of
/// descriptors (epoll, kqueue, event ports, io_uring), or grows with it (poll, select).
final class EventShapeTest {
  private static final String[] LINEAR = {"POLL", "SELECT"};

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"POLL", "SELECT"})
  void flat(Base base) {
    ChainCounts few = ChainCounts.simulated(base, 10, 1, NONE);
    ChainCounts many = ChainCounts.simulated(base, 3000, 1, NONE);
    assertThat(few.scanned()).isBetween(1.0, 2.1);
    assertThat(many.scanned()).isEqualTo(few.scanned(), within(0.05));
    assertThat(many.calls()).isEqualTo(few.calls(), within(0.05));
  }

  @Test
  void pollLooksAtEveryDescriptor() {
    for (int pairs : new int[] {1, 10, 3000}) {
      ChainCounts counts = ChainCounts.simulated(Base.POLL, pairs, 1, NONE);
      assertThat(counts.scanned()).isEqualTo(pairs * counts.waits(), within(1e-6));
      assertThat(counts.waits()).isEqualTo(1.0, within(0.05));
      assertThat(counts.calls()).isEqualTo(3.0, within(0.05));
    }
  }

  /// Senders have every second number, but the last one lies below the highest receiver.
  @Test
  void selectLooksAtEveryNumber() {
    ChainCounts few = ChainCounts.simulated(Base.SELECT, 40, 1, NONE);
    ChainCounts many = ChainCounts.simulated(Base.SELECT, 400, 1, NONE);
    assertThat(few.scanned()).isBetween(80.0, 90.0);
    assertThat(many.scanned() / few.scanned()).isBetween(9.0, 10.5);
    assertThat(many.calls()).isEqualTo(few.calls(), within(0.05));
  }

  /// Why poll is no worse when everybody is busy: the scan is shared.
  @ParameterizedTest
  @EnumSource(names = {"POLL", "SELECT"})
  void manyReadyOnesShareAScan(Base base) {
    ChainCounts one = ChainCounts.simulated(base, 200, 1, NONE);
    ChainCounts hundred = ChainCounts.simulated(base, 200, 100, NONE);
    assertThat(hundred.scanned()).isLessThan(one.scanned() / 90);
    assertThat(hundred.calls()).isLessThan(2.1);
  }

  /// On the machine's own kernel it is the same, where the mechanism is.
  @ParameterizedTest
  @EnumSource(names = {"EPOLL", "EPOLL_LEVEL", "POLL", "SELECT", "IO_URING_POLL"})
  void theRealKernelIsAskedTheSame(Base base) {
    assumeTrue(
        Backends.working(Kernels.host()).stream()
            .map(Backend::backend)
            .anyMatch(base.backend()::equals));
    boolean linear = base.name().equals(LINEAR[0]) || base.name().equals(LINEAR[1]);
    ChainCounts few = ChainCounts.of(Kernels.host(), base, 30, 1, NONE);
    ChainCounts many = ChainCounts.of(Kernels.host(), base, 300, 1, NONE);
    assertThat(many.calls()).isEqualTo(few.calls(), within(0.05)).isEqualTo(3.0, within(0.05));
    if (linear) {
      assertThat(many.scanned() - few.scanned()).isGreaterThanOrEqualTo(270.0);
    } else {
      assertThat(many.scanned()).isEqualTo(few.scanned(), within(0.05)).isLessThan(2.1);
    }
  }

  @Test
  void changesOfInterest() {
    assertThat(control(Base.EPOLL_LEVEL, OUTPUT)).isEqualTo(2.0);
    assertThat(control(Base.EPOLL_LEVEL, REGISTRATION)).isEqualTo(2.0);
    assertThat(control(Base.EPOLL, OUTPUT)).isZero();
    assertThat(control(Base.EPOLL, REGISTRATION)).isEqualTo(2.0);
    assertThat(control(Base.POLL, OUTPUT)).isZero();
    assertThat(control(Base.SELECT, REGISTRATION)).isZero();
  }

  /// Changes travel with the wait: a registration anew costs no call of its own.
  @ParameterizedTest
  @EnumSource(names = {"KQUEUE", "IO_URING_POLL"})
  void changeListsCostNoCall(Base base) {
    assertThat(control(base, OUTPUT)).isZero();
    assertThat(control(base, REGISTRATION)).isZero();
  }

  private static double control(Base base, InterestChurn.Change change) {
    return ChainCounts.simulated(base, 100, 10, change).control();
  }
}
