package twemlab.benchmarks.event;

import java.io.IOException;
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

/// A request through the whole proxy on the simulated kernel, over each backend, kqueue and event
/// ports included: what is left of the cost when no call leaves Java, and how many calls a backend
/// needs.
///
/// What it does **not** measure: system calls, whose price is most of a real request's; the time is
/// the simulator's as much as the proxy's, and the simulator's structures are made for certainty,
/// not for speed. Compare backends by their calls.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
public class SimForwarding implements Counted {
  static final int CLIENTS = 50;

  /// As `--backend` takes it.
  @Param("epoll")
  public String backend;

  private SimRig rig;

  /// Opens the world.
  @Setup
  @Override
  public void open() throws IOException {
    rig = new SimRig(backend, CLIENTS);
  }

  /// A request of each client.
  @Benchmark
  @Override
  public void once() {
    rig.roundTrip();
  }

  @Override
  public long systemCalls() {
    return rig.systemCalls();
  }

  /// Ends the world.
  @TearDown
  @Override
  public void close() {
    rig.close();
  }
}
