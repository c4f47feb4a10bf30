package twemlab.proxy.message;

import twemlab.event.EventLoop;
import twemlab.event.LongWork;

/// Shares the turns of the loop among the requests of many keys: in one turn only so many keys are
/// divided or gathered, of all requests together, and the rest in the next turns.
///
/// ```text
/// a request of 100 keys       done at once, unless the turn has had its keys
/// one of 1,000,000 keys       a slice at once, then a slice in its turn; all others between
/// ```
///
/// Those that wait stand in a list and are served in rotation. One slice is served in each turn in
/// any case, so that newcomers do not starve them.
public final class KeyWork implements LongWork {
  /// A turn serves this many slices.
  private static final int SLICES = 4;

  private final EventLoop loop;
  private final int keysPerTurn;
  private final int keysPerSlice;
  private long turn = -1;

  /// Keys that this turn may still work on.
  private int left;

  private long keysDone;
  private Division first;
  private Division last;

  /// @param keysPerTurn of all requests together
  public KeyWork(EventLoop loop, int keysPerTurn) {
    this.loop = loop;
    this.keysPerTurn = keysPerTurn;
    this.keysPerSlice = Math.max(1, keysPerTurn / SLICES);
    loop.onEachTurn(this);
  }

  /// A division has begun a phase: works on it now, or later if this turn has had its keys.
  public void start(Division division) {
    if (left() > 0) {
      slice(division);
    } else {
      add(division);
    }
  }

  private int left() {
    if (turn != loop.turns()) {
      turn = loop.turns();
      left = keysPerTurn;
    }
    return left;
  }

  // tag::serve[]
  @Override
  public boolean isWaiting() {
    return first != null;
  }

  @Override
  public void serve() {
    if (first == null) {
      return;
    }
    do {
      Division division = first;
      remove(division);
      Requester client = division.owner.client;
      try {
        slice(division);
      } catch (RuntimeException e) {
        client.onBroken(e);
      }
    } while (first != null && left() > 0);
  }

  private void slice(Division division) {
    int keys = Math.min(keysPerSlice, division.keyCount - division.keysDone);
    left = left() - keys;
    keysDone += keys;
    boolean phaseDone =
        division.phase == Division.Phase.DIVIDING
            ? division.pool.divide(division, keys)
            : division.pool.gather(division, keys);
    if (!phaseDone) {
      add(division);
    }
  }

  // end::serve[]

  private void add(Division division) {
    division.listed = true;
    division.before = last;
    if (last == null) {
      first = division;
    } else {
      last.after = division;
    }
    last = division;
  }

  /// Nobody waits for that division any more.
  public void remove(Division division) {
    if (!division.listed) {
      return;
    }
    if (division.before == null) {
      first = division.after;
    } else {
      division.before.after = division.after;
    }
    if (division.after == null) {
      last = division.before;
    } else {
      division.after.before = division.before;
    }
    division.before = null;
    division.after = null;
    division.listed = false;
  }

  /// Keys worked on so far, once for each phase.
  public long keysDone() {
    return keysDone;
  }
}
