package twemlab.benchmarks.event;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// libev's variant of [PipeChain] (libev.schmorp.de/bench.html): the whole iteration, in which
/// every receiving end is taken out and registered anew, with or without a deadline each, which
/// every event puts off.
///
/// What it does **not** measure: deadlines that come; registrations one at a time, as connections
/// come and go. For the rest see [PipeChain].
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
public class PipeChainTotal implements Counted {
  private static final int ACTIVE = 100;

  /// What waits.
  @Param("EPOLL")
  public Mechanism mechanism;

  /// Pairs of sockets.
  @Param("100")
  public int pairs;

  /// Whether each pair has a deadline.
  @Param({"false", "true"})
  public boolean timeouts;

  private Chain chain;
  private Pairs.Timeouts deadlines;

  /// Opens the pairs.
  @Setup
  @Override
  public void open() {
    chain = new Chain(mechanism, pairs);
    if (timeouts) {
      deadlines = chain.watched().timeouts(pairs);
      chain.whileRunning(deadlines::restart, deadlines::turn);
    }
  }

  /// One iteration.
  @Benchmark
  public int iteration() {
    chain.registerAll();
    if (deadlines != null) {
      deadlines.turn();
      for (int i = 0; i < pairs; i++) {
        deadlines.restart(i);
      }
    }
    chain.start(ACTIVE, PipeChain.writes(ACTIVE));
    return chain.drain();
  }

  @Override
  public void once() {
    iteration();
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
}
