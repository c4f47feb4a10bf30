package twemlab.benchmarks.event;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// libevent's benchmark (`test/bench.c`): the time of an event among n descriptors, of which few or
/// many are active. One call is a run of [#events] events, each a wait's share, a read of a byte
/// and, until the writes are used up, a write of one into the next pair; registration and the first
/// writes are outside.
///
/// What it does **not** measure: a thread that sleeps and is woken (somebody is always ready); TCP
/// (a pair of unix sockets has no network stack below it); registration and timers
/// ([PipeChainTotal]), changes of interest ([InterestChurn]); more than a byte at a time; the work
/// that a server does for an event.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
public class PipeChain implements Counted {
  /// What waits.
  @Param("EPOLL")
  public Mechanism mechanism;

  /// Pairs of sockets; their receiving ends are registered.
  @Param("100")
  public int pairs;

  /// Bytes that are under way at a time.
  @Param("1")
  public int active;

  private Chain chain;

  /// Bytes that the measuring thread itself allocates, exactly: JMH's profiler counts its own
  /// threads, too, which shows where nothing is allocated.
  @AuxCounters(AuxCounters.Type.EVENTS)
  @State(Scope.Thread)
  public static class Own {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /// Allocated in an iteration.
    public long ownBytes;

    /// Calls in an iteration.
    public long ownCalls;

    private long before;

    /// An iteration begins.
    @Setup(Level.Iteration)
    public void begin() {
      ownCalls = 0;
      before = THREADS.getCurrentThreadAllocatedBytes();
    }

    /// It ends.
    @TearDown(Level.Iteration)
    public void end() {
      ownBytes = THREADS.getCurrentThreadAllocatedBytes() - before;
    }
  }

  /// Opens the pairs.
  @Setup
  @Override
  public void open() {
    chain = new Chain(mechanism, pairs);
    chain.settle();
  }

  /// The first writes. (For a call that takes 100 us and more, JMH's own two readings of the clock
  /// are nothing.)
  @Setup(Level.Invocation)
  public void start() {
    chain.start(active, writes(active));
  }

  /// A run.
  @Benchmark
  public int run(Own own) {
    own.ownCalls++;
    return chain.drain();
  }

  @Override
  public void once() {
    start();
    chain.drain();
  }

  @Override
  public long systemCalls() {
    return chain.systemCalls();
  }

  /// Closes the pairs.
  @TearDown
  @Override
  public void close() {
    chain.close();
  }

  /// Ten rounds, or a hundred events.
  static int writes(int active) {
    return Math.max(100, 10 * active);
  }

  /// Events of a call.
  static int events(int active) {
    return active + writes(active);
  }
}
