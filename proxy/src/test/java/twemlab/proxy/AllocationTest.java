package twemlab.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static twemlab.proxy.testing.ProxyUnderTest.memcachedPool;
import static twemlab.proxy.testing.ProxyUnderTest.redisPool;
import static twemlab.proxy.testing.RawClient.resp;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import twemlab.proxy.testing.ProxyUnderTest;
import twemlab.proxy.testing.RawClient;
import twemlab.proxy.testing.SharedServers;

/// In the steady state the loop's thread allocates nothing for a request.
@ExtendWith(SharedServers.Extension.class)
class AllocationTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /// Less than this, in bytes a request: nothing.
  private static final double NOTHING = 0.01;

  private static final int MEASURED = 200_000;
  private static final int MEASURED_TURNS = 20_000;

  /// Batches that are sent at once.
  private static final int PIPELINED = 16;

  /// Turns before the first stretch, of few requests each: what must have been compiled before it
  /// allocates nothing are the system calls above all, and a long pipeline makes few.
  private static final int WARM_UP_TURNS = 10_000;

  /// The runtime itself allocates while it still compiles, and on a busy machine it does for a
  /// while: so long do we look for a quiet stretch.
  private static final long PATIENCE_NANOS = 60_000_000_000L;

  @Test
  void redis(SharedServers servers) {
    String key = servers.key();
    try (var proxy = ProxyUnderTest.start(redisPool(servers.redis(), "timeout: 5000"))) {
      String batch =
          resp("SET", key + "a", "value")
              + resp("GET", key + "a")
              + resp("SET", key + "b", "value")
              + resp("GET", key + "c")
              + resp("PING")
              + resp("MGET", key + "a", key + "b", key + "c", key + "d", key + "e")
              + resp("DEL", key + "x", key + "y", key + "z")
              + resp("EXISTS", key + "a");
      String replies =
          """
          +OK
          $5
          value
          +OK
          $-1
          +PONG
          *5
          $5
          value
          $5
          value
          $-1
          $-1
          $-1
          :0
          :1
          """
              .replace("\n", "\r\n");
      assertThat(leastAllocation(proxy, batch, 8, PIPELINED, replies)).isLessThan(NOTHING);
    }
  }

  @Test
  void memcached(SharedServers servers) {
    String key = servers.key();
    try (var proxy = ProxyUnderTest.start(memcachedPool(servers.memcached(), "timeout: 5000"))) {
      String batch =
          """
          set Ka 0 0 5
          value
          get Ka
          set Kb 0 0 5 noreply
          value
          get Ka Kb Kc Kd Ke Kf
          delete Kx noreply
          get Kb
          """
              .replace("\n", "\r\n");
      String replies =
          """
          STORED
          VALUE Ka 0 5
          value
          END
          VALUE Ka 0 5
          value
          VALUE Kb 0 5
          value
          END
          VALUE Kb 0 5
          value
          END
          """
              .replace("\n", "\r\n");
      assertThat(
              leastAllocation(
                  proxy, batch.replace("K", key), 6, PIPELINED, replies.replace("K", key)))
          .isLessThan(NOTHING);
    }
  }

  /// With a pipeline, what a turn costs is shared by many requests; here it is not.
  @Test
  void oneRequestATurn(SharedServers servers) {
    try (var proxy = ProxyUnderTest.start(redisPool(servers.redis(), "timeout: 5000"))) {
      String request = resp("GET", servers.key());
      assertThat(leastAllocation(proxy, request, 1, 1, "$-1\r\n")).isLessThan(NOTHING);
    }
  }

  /// Bytes allocated by the loop's thread for each request, in the quietest of some stretches.
  ///
  /// @param requests in a batch
  /// @param batches sent at once
  private static double leastAllocation(
      ProxyUnderTest proxy, String batch, int requests, int batches, String replies) {
    double least = Double.MAX_VALUE;
    try (RawClient client = proxy.connect()) {
      assertThat(client.send(batch).read(replies.length())).isEqualTo(replies);
      exchange(client, batch, 1, replies, WARM_UP_TURNS);
      int turns = Math.min(MEASURED_TURNS, Math.ceilDiv(MEASURED, batches * requests));
      long end = System.nanoTime() + PATIENCE_NANOS;
      while (least >= NOTHING && System.nanoTime() < end) {
        long before = THREADS.getThreadAllocatedBytes(proxy.threadId());
        exchange(client, batch, batches, replies, turns);
        long bytes = THREADS.getThreadAllocatedBytes(proxy.threadId()) - before;
        least = Math.min(least, (double) bytes / ((long) turns * batches * requests));
      }
      assertThat(client.send(batch).read(replies.length())).isEqualTo(replies);
    }
    return least;
  }

  private static void exchange(
      RawClient client, String batch, int batches, String replies, int turns) {
    byte[] pipeline = batch.repeat(batches).getBytes(US_ASCII);
    for (int turn = 0; turn < turns; turn++) {
      client.send(pipeline);
      client.skip(batches * replies.length());
    }
  }
}
