package twemlab.proxy.message;

import java.util.ArrayDeque;
import twemlab.event.mbuf.MbufWriter;
import twemlab.proxy.ServerPool;

/// Divisions for use and re-use.
final class DivisionPool {
  private static final int KEPT = 1024;

  private final MbufWriter writer;
  private final ArrayDeque<Division> free = new ArrayDeque<>();
  private int used;

  DivisionPool(MbufWriter writer) {
    this.writer = writer;
  }

  /// The division of a request that is to be divided.
  Division take(ServerPool pool, Msg owner, int keyCount) {
    used++;
    Division kept = free.poll();
    Division division = kept == null ? new Division(writer) : kept;
    division.pool = pool;
    division.owner = owner;
    division.keyCount = keyCount;
    owner.division = division;
    return division;
  }

  /// Takes a division back, once nobody works on it and none of its fragments refers to it any
  /// more.
  void release(Division division) {
    division.owner.division = null;
    division.clear();
    used--;
    if (free.size() < KEPT) {
      free.push(division);
    }
  }

  /// Divisions taken and not released.
  int used() {
    return used;
  }
}
