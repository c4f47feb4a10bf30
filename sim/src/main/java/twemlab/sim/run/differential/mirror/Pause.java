package twemlab.sim.run.differential.mirror;

import java.util.function.BooleanSupplier;

/// Sleeping, without the checked exception.
public final class Pause {
  private static final long LIMIT_MILLIS = 5000;

  private Pause() {}

  /// Waits for something to become true, for a few seconds at most.
  ///
  /// @return whether it did
  public static boolean until(BooleanSupplier condition) {
    return until(condition, LIMIT_MILLIS);
  }

  public static boolean until(BooleanSupplier condition, long limitMillis) {
    long deadline = System.nanoTime() + limitMillis * 1_000_000;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      millis(1);
    }
    return true;
  }

  public static void millis(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
