package twemlab.proxy;

import java.util.Arrays;

/// Divisions for use and re-use: as many as ever were in use at once, up to a bound.
final class DivisionPool {
  private static final int KEPT = 1024;

  private Division[] free = new Division[16];
  private int freeCount;
  private int used;

  /// The cleared division of a request.
  Division take(Msg owner) {
    used++;
    Division division = freeCount > 0 ? free[--freeCount] : new Division();
    division.owner = owner;
    owner.division = division;
    return division;
  }

  /// Takes a division back, once none of its fragments refers to it any more.
  void release(Division division) {
    division.owner.division = null;
    division.clear();
    used--;
    if (freeCount < KEPT) {
      if (freeCount == free.length) {
        free = Arrays.copyOf(free, freeCount * 2);
      }
      free[freeCount++] = division;
    }
  }

  /// Divisions taken and not released.
  int used() {
    return used;
  }
}
