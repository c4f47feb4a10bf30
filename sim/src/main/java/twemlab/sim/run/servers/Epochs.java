package twemlab.sim.run.servers;

import java.util.concurrent.atomic.AtomicIntegerArray;

/// Tells the clients to begin with new keys, and knows when all have.
///
/// A server that was killed has lost its data, and one that was stopped does later what was asked
/// of it before. So while it is away every client changes to keys that it cannot have, and only
/// then it comes back: what an old key holds is not asked any more.
///
/// In an odd epoch a server is away, or was lately: `noreply` requests, whose failure nobody learns
/// of, are not sent then.
public final class Epochs {
  private static final long PATIENCE_NANOS = 60_000_000_000L;

  private final AtomicIntegerArray acknowledged;
  private volatile int current;
  private volatile boolean stopped;

  /// The epoch is 0.
  public Epochs(int clients) {
    acknowledged = new AtomicIntegerArray(clients);
  }

  /// The number of the epoch.
  public int current() {
    return current;
  }

  /// Whether the clients should end.
  public boolean stopped() {
    return stopped;
  }

  /// Ends the clients.
  public void stop() {
    stopped = true;
  }

  /// A client uses the keys of this epoch from now on.
  public void acknowledge(int client, int epoch) {
    acknowledged.set(client, epoch);
  }

  /// Begins the next epoch; returns when all clients are in it.
  public void advance() throws InterruptedException {
    int next = current + 1;
    current = next;
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    for (int i = 0; i < acknowledged.length(); i++) {
      while (acknowledged.get(i) < next && !stopped) {
        if (System.nanoTime() > deadline) {
          throw new IllegalStateException("client " + i + " waits for a reply that does not come");
        }
        Thread.sleep(2);
      }
    }
  }
}
