package twemlab.event.behaviour;

/// Knows whether upcalls are allowed: only from within a turn, and never one inside another. A test
/// calls downcalls either between turns or inside an upcall, so an upcall that comes out of a
/// downcall breaks one of the two.
final class TurnGuard {
  private boolean inTurn;
  private boolean inUpcall;

  void turn(Runnable action) {
    inTurn = true;
    try {
      action.run();
    } finally {
      inTurn = false;
    }
  }

  void upcall(Runnable action) {
    if (!inTurn || inUpcall) {
      throw new AssertionError("rule 1: an upcall inside a downcall");
    }
    inUpcall = true;
    try {
      action.run();
    } finally {
      inUpcall = false;
    }
  }
}
