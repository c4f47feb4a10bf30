package twemlab.benchmarks.event;

import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
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

/// [PipeChain] with changes of interest at each event: what Gammo and others (OLS 2004) found
/// `epoll_ctl` to cost, and what edge triggering and change lists save of it.
///
/// What it does **not** measure: a server that changes less than at each event, as a good one does;
/// many connections that change in one turn to the same state. For the rest see [PipeChain].
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
public class InterestChurn implements Counted {
  public static final int PAIRS = 100;
  public static final int ACTIVE = 10;

  /// What is done at each event.
  public enum Change {
    /// Nothing: to compare with.
    NONE("none"),
    /// Output interest on, and off again, as twemproxy does for a message.
    OUTPUT("output on, off"),
    /// Taken out and registered again.
    REGISTRATION("out, in");

    private final String title;

    Change(String title) {
      this.title = title;
    }

    public String title() {
      return title;
    }

    IntConsumer on(Pairs.Watched pairs) {
      return switch (this) {
        case NONE -> _ -> {};
        case OUTPUT ->
            pair -> {
              pairs.wantOutput(pair, true);
              pairs.wantOutput(pair, false);
            };
        case REGISTRATION ->
            pair -> {
              pairs.unregister(pair);
              pairs.register(pair);
            };
      };
    }
  }

  /// What waits.
  @Param("EPOLL")
  public Mechanism mechanism;

  /// What is changed.
  @Param public Change change;

  private Chain chain;

  /// Opens the pairs.
  @Setup
  @Override
  public void open() {
    chain = new Chain(mechanism, PAIRS);
    chain.settle();
    chain.whileRunning(change.on(chain.watched()), () -> {});
  }

  /// The first writes.
  @Setup(Level.Invocation)
  public void start() {
    chain.start(ACTIVE, PipeChain.writes(ACTIVE));
  }

  /// A run of [PipeChain#events] events.
  @Benchmark
  public int run() {
    return chain.drain();
  }

  @Override
  public void once() {
    start();
    run();
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
