package twemlab.benchmarks;

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

/// The price of one readiness event: write a byte into a socket, wait until its peer is reported
/// readable, read the byte.
///
/// What it does **not** measure: many descriptors (the receiver is the only one registered, so
/// poll's cost per descriptor does not show); a sleeping thread that is woken (the event is there
/// before the wait begins); TCP (a pair of unix sockets has no network stack below it); changes of
/// interest; the work that a server does for an event.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
public class SocketPairPing {
  /// The mechanism that waits.
  @Param public Mechanism mechanism;

  private OneByte pair;

  /// Opens the sockets.
  @Setup
  public void open() {
    pair = mechanism.open();
  }

  /// One event.
  @Benchmark
  public int ping() {
    return pair.ping();
  }

  /// Closes the sockets.
  @TearDown
  public void close() {
    pair.close();
  }
}
