package twemlab.proxy.stats;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/// The values between the loop thread and the stats thread.
final class StatsTest {
  private static final List<StatsNames> NAMES =
      List.of(
          new StatsNames("a", List.of("a0", "a1")),
          new StatsNames("b", List.of("b0")),
          new StatsNames("c", List.of("c0", "c1", "c2")));

  /// One change: where, and by how much. A negative server stands for the pool itself.
  record Change(int pool, int server, int field, long amount, boolean set) {}

  @Test
  void valuesShowAfterSwapOnly() {
    Stats stats = new Stats(NAMES);
    stats.pool(1).add(PoolField.CLIENT_EOF, 2);
    stats.server(2, 1).set(ServerField.SERVER_EJECTED_AT, 1_700_000_000_000_000L);
    stats.connectionOpened();
    stats.connectionOpened();
    stats.connectionClosed();
    assertThat(stats.pool(1).get(PoolField.CLIENT_EOF)).isEqualTo(2);
    assertThat(stats.snapshot().pool(1, PoolField.CLIENT_EOF)).isZero();
    stats.swap();
    StatsSnapshot after = stats.snapshot();
    assertThat(after.pool(1, PoolField.CLIENT_EOF)).isEqualTo(2);
    assertThat(after.server(2, 1, ServerField.SERVER_EJECTED_AT)).isEqualTo(1_700_000_000_000_000L);
    assertThat(after.totalConnections()).isEqualTo(2);
    assertThat(after.currConnections()).isEqualTo(1);
  }

  /// The dirty list against a plain copy of everything.
  @Property(tries = 200, seed = "42")
  void anyTurnsPublishAllValues(@ForAll("turns") List<List<Change>> turns) {
    Stats stats = new Stats(NAMES);
    long[][] pools = new long[NAMES.size()][PoolField.COUNT];
    long[][][] servers = new long[NAMES.size()][3][ServerField.COUNT];
    for (List<Change> turn : turns) {
      for (Change c : turn) {
        apply(stats, c);
        long[] row = c.server() < 0 ? pools[c.pool()] : servers[c.pool()][c.server()];
        row[c.field()] = c.set() ? c.amount() : row[c.field()] + c.amount();
      }
      stats.swap();
      assertSame(stats.snapshot(), pools, servers);
    }
  }

  private static void apply(Stats stats, Change c) {
    if (c.server() < 0) {
      PoolField field = PoolField.values()[c.field()];
      if (c.set()) {
        stats.pool(c.pool()).set(field, c.amount());
      } else {
        stats.pool(c.pool()).add(field, c.amount());
      }
    } else {
      ServerField field = ServerField.values()[c.field()];
      if (c.set()) {
        stats.server(c.pool(), c.server()).set(field, c.amount());
      } else {
        stats.server(c.pool(), c.server()).add(field, c.amount());
      }
    }
  }

  private static void assertSame(StatsSnapshot snapshot, long[][] pools, long[][][] servers) {
    for (int p = 0; p < NAMES.size(); p++) {
      for (PoolField field : PoolField.values()) {
        assertThat(snapshot.pool(p, field)).isEqualTo(pools[p][field.ordinal()]);
      }
      for (int s = 0; s < NAMES.get(p).servers().size(); s++) {
        for (ServerField field : ServerField.values()) {
          assertThat(snapshot.server(p, s, field)).isEqualTo(servers[p][s][field.ordinal()]);
        }
      }
    }
  }

  @Provide
  Arbitrary<List<List<Change>>> turns() {
    Arbitrary<Change> change =
        Arbitraries.integers()
            .between(0, NAMES.size() - 1)
            .flatMap(
                p ->
                    Arbitraries.integers()
                        .between(-1, NAMES.get(p).servers().size() - 1)
                        .flatMap(s -> change(p, s)));
    return change.list().ofMaxSize(6).list().ofMaxSize(8);
  }

  private static Arbitrary<Change> change(int pool, int server) {
    int fields = server < 0 ? PoolField.COUNT : ServerField.COUNT;
    return Combinators.combine(
            Arbitraries.integers().between(0, fields - 1),
            Arbitraries.longs().between(-5, 1L << 40),
            Arbitraries.of(true, false))
        .as((field, amount, set) -> new Change(pool, server, field, amount, set));
  }

  /// Every turn writes the same number into fields of far rows; a reader that ever sees two numbers
  /// saw half a turn. Ends when each reader has seen enough turns.
  @Test
  void aReaderNeverSeesHalfATurn() throws Exception {
    Stats stats = new Stats(NAMES);
    CountDownLatch reading = new CountDownLatch(2);
    try (ExecutorService readers = Executors.newFixedThreadPool(2)) {
      List<Future<?>> seen = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        seen.add(readers.submit(() -> readTurns(stats, 1_000, reading)));
      }
      for (long turn = 1; reading.getCount() > 0; turn++) {
        stats.connectionOpened();
        stats.pool(0).set(PoolField.CLIENT_EOF, turn);
        stats.pool(2).set(PoolField.FRAGMENTS, turn);
        stats.server(1, 0).set(ServerField.REQUESTS, turn);
        stats.server(2, 2).add(ServerField.OUT_QUEUE_BYTES, 1);
        stats.swap();
        if (turn % 64 == 0) {
          // A turn of the loop does more than this writer: without a pause the readers would
          // starve.
          LockSupport.parkNanos(1_000);
        }
      }
      for (Future<?> reader : seen) {
        reader.get();
      }
    }
  }

  private static void readTurns(Stats stats, int wanted, CountDownLatch done) {
    try {
      long last = 0;
      for (int distinct = 0; distinct < wanted; ) {
        StatsSnapshot s = stats.snapshot();
        long turn = s.totalConnections();
        boolean whole =
            s.pool(0, PoolField.CLIENT_EOF) == turn
                && s.pool(2, PoolField.FRAGMENTS) == turn
                && s.server(1, 0, ServerField.REQUESTS) == turn
                && s.server(2, 2, ServerField.OUT_QUEUE_BYTES) == turn;
        assertThat(whole).as("turn %d after turn %d", turn, last).isTrue();
        assertThat(turn).isGreaterThanOrEqualTo(last);
        distinct += turn == last ? 0 : 1;
        last = turn;
      }
    } finally {
      done.countDown();
    }
  }

  @Test
  void theLoopThreadAllocatesNothing() {
    ThreadMXBean bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Stats stats = new Stats(NAMES);
    turns(stats, 20_000);
    long before = bean.getCurrentThreadAllocatedBytes();
    turns(stats, 20_000);
    long allocated = bean.getCurrentThreadAllocatedBytes() - before;
    assertThat(stats.pool(0).get(PoolField.CLIENT_EOF)).isEqualTo(40_000);
    assertThat(allocated).isLessThan(10_000);
  }

  private static void turns(Stats stats, int count) {
    for (int i = 0; i < count; i++) {
      stats.pool(0).add(PoolField.CLIENT_EOF, 1);
      stats.server(2, 1).add(ServerField.REQUESTS, 1);
      stats.swap();
      stats.swap();
    }
  }
}
