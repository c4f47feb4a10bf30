package twemlab.proxy.stats;

import twemlab.event.Transport;
import twemlab.proxy.log.Log;
import twemlab.proxy.log.StackLines;

/// The thread that serves the statistics. When it fails, that is logged, and it starts again with a
/// new server: a failure of the statistics must not end a request.
public final class StatsThread implements AutoCloseable {
  private static final long FIRST_PAUSE_MILLIS = 1_000;
  private static final long LONGEST_PAUSE_MILLIS = 60_000;

  /// Opens a server.
  public interface Opening {
    StatsServer open() throws Transport.ListenException;
  }

  private final Opening opening;
  private final Log log;
  private final Thread thread = new Thread(this::run, "stats");
  private StatsServer server;
  private boolean stopped;
  private long pauseMillis = FIRST_PAUSE_MILLIS;

  private StatsThread(Opening opening, Log log, StatsServer server) {
    this.opening = opening;
    this.log = log;
    this.server = server;
  }

  /// Opens the first server and starts a daemon thread for it.
  ///
  /// @throws Transport.ListenException if its address cannot be had: that ends the start
  public static StatsThread start(Opening opening, Log log) throws Transport.ListenException {
    StatsThread started = new StatsThread(opening, log, opening.open());
    started.thread.setDaemon(true);
    started.thread.start();
    return started;
  }

  private void run() {
    while (!stopped()) {
      try {
        serve();
      } catch (Transport.ListenException | RuntimeException | Error e) {
        StackLines.print(log, "the statistics failed", e);
        pause();
      }
    }
  }

  // tag::serve[]
  private void serve() throws Transport.ListenException {
    try (StatsServer current = current()) {
      while (!stopped()) {
        current.loop().runOnce();
      }
    } finally {
      forget();
    }
  }

  // end::serve[]

  private synchronized StatsServer current() throws Transport.ListenException {
    if (server == null) {
      server = opening.open();
    }
    return server;
  }

  private synchronized void forget() {
    server = null;
  }

  private synchronized boolean stopped() {
    return stopped;
  }

  private synchronized void pause() {
    long end = System.nanoTime() + pauseMillis * 1_000_000L;
    pauseMillis = Math.min(2 * pauseMillis, LONGEST_PAUSE_MILLIS);
    try {
      for (long left = pauseMillis; !stopped && left > 0; left = millisTo(end)) {
        wait(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stopped = true;
    }
  }

  private static long millisTo(long end) {
    return (end - System.nanoTime()) / 1_000_000L;
  }

  /// Ends the thread and waits for that.
  @Override
  public void close() {
    synchronized (this) {
      stopped = true;
      notifyAll();
      if (server != null) {
        server.loop().transport().wake();
      }
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
