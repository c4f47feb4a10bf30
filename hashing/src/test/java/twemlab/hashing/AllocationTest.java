package twemlab.hashing;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/// Neither a hash nor a choice allocates, over either kind of memory.
final class AllocationTest {
  private static final int CALLS = 20_000;
  private static final HashTag TAG = new HashTag((byte) 'a', (byte) 'z');

  @Test
  void nothingPerKey() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(512).fill((byte) 'k');
      byte[] bytes = new byte[512];
      for (DistributionKind kind : DistributionKind.values()) {
        Distribution distribution = kind.build(Stream64.servers(1, 2, 3));
        for (KeyHash hash : KeyHash.values()) {
          KeyRouter router = new KeyRouter(hash, TAG, distribution, 3);
          long sum = route(router, memory, bytes);
          long before = threads.getCurrentThreadAllocatedBytes();
          sum += route(router, memory, bytes);
          long allocated = threads.getCurrentThreadAllocatedBytes() - before;
          assertThat(sum).isNotNegative();
          assertThat(allocated / (double) CALLS).as("%s %s", hash, kind).isLessThan(0.1);
        }
      }
    }
  }

  private static long route(KeyRouter router, MemorySegment memory, byte[] bytes) {
    long sum = 0;
    for (int i = 0; i < CALLS; i += 2) {
      int length = i % 300;
      sum += router.route(memory, i % 7, length, Loads.NONE, i);
      sum += router.route(bytes, i % 7, length, Loads.NONE, i);
    }
    return sum;
  }
}
