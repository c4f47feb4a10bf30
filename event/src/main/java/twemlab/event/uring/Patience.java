package twemlab.event.uring;

import java.util.function.IntSupplier;

/// How many completions a wait asks for.
///
/// A wake-up costs more than a system call, and while many replies are on their way, a little
/// patience turns several wake-ups into one; but with few of them, each would pay for the patience.
/// So it adapts: half of the last batch is asked for, if that batch was large and twice as many
/// requests are outstanding, and when the time ran out without success, not for a while.
final class Patience {
  /// The time that a wait for several completions may take.
  static final int MICROS = 50;

  private static final int LARGE_BATCH = 8;
  private static final int EAGER_TURNS = 16;

  private IntSupplier outstanding = () -> 0;

  /// Completions of the last wait, and waits that are for one completion only.
  private int lastBatch;

  private int eagerTurns;

  /// Says how to learn the number of requests that wait for a reply.
  void outstanding(IntSupplier requests) {
    outstanding = requests;
  }

  int worthWaitingFor() {
    boolean many = lastBatch >= LARGE_BATCH && outstanding.getAsInt() >= 2 * lastBatch;
    return many && eagerTurns == 0 ? lastBatch / 2 : 1;
  }

  /// A wait that asked for some completions found others.
  void waited(int asked, int found) {
    lastBatch = found;
    if (found < asked) {
      eagerTurns = EAGER_TURNS;
    } else if (eagerTurns > 0) {
      eagerTurns--;
    }
  }
}
