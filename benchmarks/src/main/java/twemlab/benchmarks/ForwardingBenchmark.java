package twemlab.benchmarks;

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

/// A batch of redis GETs through the whole proxy over loopback: client, proxy, server and back, all
/// on one thread, which steps the proxy's loop and the peers' in turn.
///
/// What it does **not** measure: a thread that sleeps and is woken (nobody ever waits); several
/// connections in one turn; a server's work (it answers by counting bytes). The peers' own system
/// calls are in the time.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
public class ForwardingBenchmark {
  /// As `--backend` takes it; those that do not work here are left out.
  @Param("epoll")
  public String backend;

  /// Requests of a batch.
  @Param({"1", "16"})
  public int pipeline;

  private ForwardingRig rig;

  /// Opens proxy and peers.
  @Setup
  public void open() throws IOException {
    rig = new ForwardingRig(backend, pipeline);
  }

  /// One batch.
  @Benchmark
  public void forward() {
    rig.roundTrip();
  }

  /// Closes everything.
  @TearDown
  public void close() {
    rig.close();
  }
}
