package twemlab.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import twemlab.event.backend.Backend;
import twemlab.event.backend.Kernels;
import twemlab.event.kernel.Kernel;
import twemlab.event.mbuf.MbufPool;

/// Waking a loop from other threads, which only a real kernel can show.
final class WakeTest {
  private static final int THREADS = 3;
  private static final int POSTS = 2_000;

  /// A wake-up that is lost costs this long.
  private static final int WAIT_MILLIS = 20_000;

  @ParameterizedTest
  @MethodSource("twemlab.event.kernel.ffm.TransportOnLinuxTest#backends")
  void everyPostedTaskRunsAlthoughTheLoopWaitsForLong(Backend backend) throws Exception {
    Kernel kernel = Kernels.host(backend);
    try (var pool = new MbufPool(kernel.memory(), 16 << 10)) {
      var timers = new TimerWheel(kernel.clock().monotonicNanos());
      var transport = backend.open(kernel, 64, pool, timers);
      try (var loop = new EventLoop(kernel.clock(), transport, timers, WAIT_MILLIS)) {
        var ran = new AtomicInteger();
        Thread[] threads = new Thread[THREADS];
        for (int i = 0; i < THREADS; i++) {
          threads[i] = Thread.ofPlatform().start(() -> post(loop, ran));
        }
        long start = System.nanoTime();
        while (ran.get() < THREADS * POSTS) {
          loop.runOnce();
        }
        assertThat((System.nanoTime() - start) / 1_000_000).isLessThan(WAIT_MILLIS);
        for (Thread thread : threads) {
          thread.join();
        }
        assertThat(ran.get()).isEqualTo(THREADS * POSTS);
      }
    }
    kernel.close();
  }

  private static void post(EventLoop loop, AtomicInteger ran) {
    for (int i = 0; i < POSTS; i++) {
      loop.post(ran::incrementAndGet);
      if (i % 50 == 0) {
        // Lets the loop fall asleep in between.
        LockSupport.parkNanos(50_000);
      }
    }
  }
}
