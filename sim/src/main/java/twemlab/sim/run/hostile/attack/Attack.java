package twemlab.sim.run.hostile.attack;

import java.io.IOException;

/// One way to hurt the proxy or those who use it. Immutable; its clients run [#round] again and
/// again, each on a thread of its own.
public interface Attack {
  /// For `--attack`.
  String name();

  /// What it does, in one line.
  String what();

  /// How many clients do it at once.
  default int clients() {
    return 2;
  }

  /// The rest of a client between two rounds.
  default int pauseMillis() {
    return 200;
  }

  /// Whether it may take all places for new connections: an innocent client that connects meanwhile
  /// may be refused.
  default boolean takesPlaces() {
    return false;
  }

  /// Once. The runner closes its connections when it takes long or the time is over, and whatever
  /// is read or written then fails.
  void round(AttackClient client) throws IOException, InterruptedException;
}
