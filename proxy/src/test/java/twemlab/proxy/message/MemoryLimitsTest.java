package twemlab.proxy.message;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// What follows from `--memory` and the heap.
class MemoryLimitsTest {
  private static final long MIB = 1 << 20;

  @Test
  void theLaunchersHeapIsEnough() {
    for (long bytes = 4 * MIB; bytes <= 1L << 40; bytes *= 4) {
      for (int mbufBytes = 1024; mbufBytes <= 64 * 1024; mbufBytes *= 4) {
        var limits = MemoryLimits.of(bytes, mbufBytes, MemoryLimits.heapFor(bytes));
        long wanted = Math.clamp(bytes / mbufBytes, 64, Integer.MAX_VALUE);
        assertThat(limits.mbufs()).isEqualTo((int) wanted);
        assertThat(limits.messages()).isGreaterThan(100_000);
        assertThat(limits.mbufs() * 64L + limits.messages() * 192L)
            .isLessThanOrEqualTo(MemoryLimits.heapFor(bytes) - 32 * MIB);
      }
    }
  }

  @Test
  void aSmallHeapLowersTheLimits() {
    var limits = MemoryLimits.of(1 << 30, 16384, 64 * MIB);
    assertThat(limits.mbufs()).isEqualTo(65_536);
    assertThat(limits.messages()).isEqualTo((int) ((32 * MIB - 65_536 * 64) / 192));
    limits = MemoryLimits.of(1 << 30, 512, 64 * MIB);
    assertThat(limits.mbufs()).isEqualTo((int) (16 * MIB / 64));
    assertThat(limits.messages()).isEqualTo((int) (16 * MIB / 192));
  }

  @Test
  void someAreAlwaysThere() {
    assertThat(MemoryLimits.of(4 * MIB, 16 << 20, 8 * MIB))
        .isEqualTo(new MemoryLimits(64, 4096, 512 << 20));
  }

  @Test
  void oneReplyTakesHalfOfTheMemoryAtMost() {
    assertThat(MemoryLimits.of(100 * MIB, 16384, 512 * MIB).replyBytes()).isEqualTo(50 << 20);
  }

  @Test
  void withoutOptions() {
    assertThat(MemoryLimits.standard(16384).mbufs()).isEqualTo(65_536);
    assertThat(MemoryLimits.standard(16384).replyBytes()).isEqualTo(512 << 20);
  }
}
