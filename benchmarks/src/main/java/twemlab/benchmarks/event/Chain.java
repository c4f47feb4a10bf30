package twemlab.benchmarks.event;

import java.util.function.Function;
import java.util.function.IntConsumer;

/// The program of libevent's `test/bench.c`: some of n pairs get a byte; whoever receives one
/// writes one into the next pair, until a number of writes is used up.
///
/// ```text
/// pair    0      1      2      3      4      5        6 pairs, 2 active, 4 writes: 6 events
/// start   *                    *
///         └───── * ─────  *    └───── * ─────  *
/// ```
final class Chain implements Pairs.Receiver, AutoCloseable {
  /// Turns without an event after which a mechanism has lost one.
  private static final int PATIENCE = 1_000_000;

  private final Pairs pairs;
  private final int count;
  private IntConsumer onEvent = _ -> {};
  private Runnable onTurn = () -> {};
  private int writesLeft;
  private int expected;
  private int events;
  private long turns;
  private long reported;

  /// Opens n pairs.
  Chain(Mechanism mechanism, int count) {
    this(count, receiver -> mechanism.open(count, receiver));
  }

  /// The same over something else.
  Chain(int count, Function<Pairs.Receiver, Pairs> pairs) {
    this.count = count;
    this.pairs = pairs.apply(this);
  }

  /// Does something at each event, with the pair's number, and in each turn.
  void whileRunning(IntConsumer atEvent, Runnable atTurn) {
    onEvent = atEvent;
    onTurn = atTurn;
  }

  /// Lets everything be told that is ready already: what an edge-triggered mechanism says of a new
  /// registration.
  void settle() {
    int quiet = 0;
    for (int i = 0; i < PATIENCE && quiet < 3; i++) {
      quiet = pairs.turn() == 0 ? quiet + 1 : 0;
    }
  }

  /// Writes a byte into each of the `active` pairs, which lie evenly among all.
  void start(int active, int writes) {
    events = 0;
    expected = active + writes;
    writesLeft = writes;
    for (int i = 0; i < active; i++) {
      pairs.send((int) ((long) i * count / active));
    }
  }

  /// Turns until every byte has been received.
  ///
  /// @return the number of events
  /// @throws IllegalStateException if one does not come
  int drain() {
    int idle = 0;
    while (events < expected) {
      int before = events;
      onTurn.run();
      reported += pairs.turn();
      turns++;
      idle = events == before ? idle + 1 : 0;
      if (idle == PATIENCE) {
        throw new IllegalStateException(events + " of " + expected + " events came");
      }
    }
    return events;
  }

  @Override
  public void received(int pair) {
    events++;
    onEvent.accept(pair);
    if (writesLeft > 0) {
      writesLeft--;
      pairs.send(pair + 1 == count ? 0 : pair + 1);
    }
  }

  /// The pairs, where their registration can be changed.
  ///
  /// @throws UnsupportedOperationException where it cannot
  Pairs.Watched watched() {
    if (pairs instanceof Pairs.Watched watched) {
      return watched;
    }
    throw new UnsupportedOperationException("a transport registers its channels itself");
  }

  /// Takes every receiving end out and registers it anew.
  void registerAll() {
    Pairs.Watched watched = watched();
    for (int i = 0; i < count; i++) {
      watched.unregister(i);
    }
    watched.unregistered();
    for (int i = 0; i < count; i++) {
      watched.register(i);
    }
  }

  /// Turns so far.
  long turns() {
    return turns;
  }

  /// What the turns of [#drain] answered so far, in all.
  long reported() {
    return reported;
  }

  /// See [Pairs#systemCalls].
  long systemCalls() {
    return pairs.systemCalls();
  }

  @Override
  public void close() {
    pairs.close();
  }
}
