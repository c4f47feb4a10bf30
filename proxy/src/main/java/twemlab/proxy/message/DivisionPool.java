package twemlab.proxy.message;

import java.util.ArrayDeque;
import twemlab.event.mbuf.MbufWriter;

/// Divisions for use and re-use.
public final class DivisionPool {
  private static final int KEPT = 1024;

  private final MbufWriter writer;
  private final ArrayDeque<Division> free = new ArrayDeque<>();
  private int used;

  public DivisionPool(MbufWriter writer) {
    this.writer = writer;
  }

  /// The division of a request that is to be divided.
  public Division take(KeyWorker pool, Msg owner, int keyCount) {
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
  public void release(Division division) {
    division.owner.division = null;
    division.clear();
    used--;
    if (free.size() < KEPT) {
      free.push(division);
    }
  }

  /// Divisions taken and not released.
  public int used() {
    return used;
  }
}
