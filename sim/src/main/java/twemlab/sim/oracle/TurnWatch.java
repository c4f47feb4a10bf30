package twemlab.sim.oracle;

import java.util.function.IntSupplier;
import twemlab.event.EventLoop;
import twemlab.event.TransportCounts;
import twemlab.event.kernel.CallCounts;
import twemlab.sim.kernel.SimKernel;
import twemlab.sim.world.Scheduler;

/// Looks at each turn of the proxy's loop: turns that come to nothing, one after the other, are a
/// spin, and a run that has too many of them, or takes too long, has no end.
public final class TurnWatch {
  /// A run that takes longer, in virtual time, has come to a standstill.
  private static final long LIMIT_NANOS = 36_000_000_000_000L;

  private static final long TURNS_MAX = 3_000_000;

  /// A level-triggered base that is not told that nobody cares repeats itself for ever. (One that
  /// is edge-triggered may report room in a buffer some hundred times.)
  private static final int IDLE_TURNS_MAX = 1_000;

  /// A wait that finds nothing lasts until the next timer. A few may be interrupted at once.
  private static final int EMPTY_TURNS_MAX = 200;

  /// A turn whose wait did not wait takes no longer.
  private static final long MOMENT_NANOS = 20_000;

  private final EventLoop loop;
  private final SimKernel kernel;
  private final Scheduler scheduler;

  /// Turns in a row in which the wait reported something and nothing was done about it.
  private int idleTurns;

  /// Turns in a row in which the wait reported nothing, at once, and nothing was done.
  private int emptyTurns;

  public TurnWatch(EventLoop loop, SimKernel kernel, Scheduler scheduler) {
    this.loop = loop;
    this.kernel = kernel;
    this.scheduler = scheduler;
  }

  /// Takes one turn.
  ///
  /// @param one answers how many events it handled
  /// @throws Violation if the loop spins, or the run does not end
  public void turn(IntSupplier one) {
    long calls = callsBesideWaits();
    long bytes = moved();
    long start = scheduler.now();
    boolean busy = loop.isBusy();
    // tag::turn[]
    int events = one.getAsInt();
    boolean nothingDone = callsBesideWaits() == calls && moved() == bytes;
    idleTurns = events > 0 && nothingDone ? idleTurns + 1 : 0;
    boolean atOnce = scheduler.now() - start < MOMENT_NANOS;
    emptyTurns = events == 0 && nothingDone && atOnce && !busy ? emptyTurns + 1 : 0;
    if (idleTurns > IDLE_TURNS_MAX || emptyTurns > EMPTY_TURNS_MAX) {
      throw new Violation("spin: %d turns in a row did nothing".formatted(idleTurns + emptyTurns));
    }
    // end::turn[]
    if (scheduler.now() > LIMIT_NANOS || loop.turns() > TURNS_MAX) {
      throw new Violation("liveness: no end after %d turns".formatted(loop.turns()));
    }
  }

  private long callsBesideWaits() {
    return kernel.counts().total() - kernel.counts().of(CallCounts.Call.WAIT);
  }

  /// What a transport of completions moves without a call.
  private long moved() {
    TransportCounts counts = loop.transport().counts();
    return counts.bytesRead + counts.bytesWritten;
  }
}
