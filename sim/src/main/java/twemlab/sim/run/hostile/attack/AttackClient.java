package twemlab.sim.run.hostile.attack;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import twemlab.sim.choice.Choices;

/// A client of an attack: the loop around its rounds, and its connections, which another thread
/// closes when it is time.
public final class AttackClient implements Runnable {
  private static final long ROUND_NANOS = 15_000_000_000L;
  private static final int IDLE_MILLIS = 20;

  private final Attack attack;
  private final Setup setup;
  private final Choices choices;
  private final AttackTally tally;
  private final BooleanSupplier active;
  private final BooleanSupplier stopped;
  private final List<Wire> wires = new ArrayList<>();
  private volatile long roundBegan;
  private volatile boolean working;
  private boolean aborted;

  public AttackClient(
      Attack attack,
      Setup setup,
      Choices choices,
      AttackTally tally,
      BooleanSupplier active,
      BooleanSupplier stopped) {
    this.attack = attack;
    this.setup = setup;
    this.choices = choices;
    this.tally = tally;
    this.active = active;
    this.stopped = stopped;
  }

  @Override
  public void run() {
    try {
      while (!stopped.getAsBoolean()) {
        if (active.getAsBoolean()) {
          round();
          Thread.sleep(attack.pauseMillis());
        } else {
          Thread.sleep(IDLE_MILLIS);
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void round() throws InterruptedException {
    begin();
    tally.round();
    try {
      attack.round(this);
    } catch (ConnectException | SocketTimeoutException e) {
      tally.heard("no connection");
    } catch (IOException e) {
      tally.heard(isAborted() ? "reads no more" : "closed while sending");
    } finally {
      working = false;
      closeAll();
    }
  }

  private synchronized void begin() {
    aborted = false;
    roundBegan = System.nanoTime();
    working = true;
  }

  private synchronized boolean isAborted() {
    return aborted;
  }

  /// Called by the runner now and then: ends a round that is late, or not wanted any more.
  public void watch() {
    if (working
        && (!active.getAsBoolean()
            || stopped.getAsBoolean()
            || System.nanoTime() - roundBegan > ROUND_NANOS)) {
      synchronized (this) {
        aborted = true;
      }
      closeAll();
    }
  }

  private synchronized void closeAll() {
    for (Wire wire : wires) {
      try {
        wire.close();
      } catch (IOException e) {
        // Closed is closed.
      }
    }
    wires.clear();
  }

  /// A connection to a pool; closed at the end of the round at the latest.
  public Wire connect(Arena arena) throws IOException {
    return connect(setup.port(arena), 0);
  }

  /// The same with a small receive buffer.
  public Wire connectSlow(Arena arena) throws IOException {
    return connect(setup.port(arena), 2048);
  }

  /// A connection to the statistics.
  public Wire connectStats() throws IOException {
    return connect(setup.statsPort(), 0);
  }

  private Wire connect(int port, int receiveBuffer) throws IOException {
    Wire wire = new Wire(port, receiveBuffer);
    synchronized (this) {
      if (aborted) {
        wire.close();
      } else {
        wires.add(wire);
      }
    }
    return wire;
  }

  /// Of this client alone.
  public Choices choices() {
    return choices;
  }

  /// A key that one of these servers of an arena owns.
  public String key(Arena arena, String prefix, String... servers) {
    return setup.keys(arena).owned("x" + prefix, List.of(servers));
  }

  /// A key that any server of an arena owns: another with each number.
  public static String key(int number) {
    return "x" + number;
  }

  /// Notes what the proxy answered.
  public void heard(String answer) {
    tally.heard(answer);
  }

  /// Waits, but not beyond the attack's time.
  public void hold(int millis) throws InterruptedException {
    long end = System.nanoTime() + millis * 1_000_000L;
    while (System.nanoTime() < end && active.getAsBoolean() && !stopped.getAsBoolean()) {
      Thread.sleep(Math.min(millis, IDLE_MILLIS));
    }
  }
}
