package twemlab.proxy.stats;

/// The loop thread's own values, and the list of rows that changed since the last swap.
final class StatsRows {
  private final StatsLayout layout;
  private final long[] values;
  private final boolean[] marked;
  private final int[] changed;
  private int changedCount;

  StatsRows(StatsLayout layout) {
    this.layout = layout;
    this.values = new long[layout.size()];
    this.marked = new boolean[layout.rows()];
    this.changed = new int[layout.rows()];
  }

  void add(int row, int field, long amount) {
    values[layout.start(row) + field] += amount;
    mark(row);
  }

  void set(int row, int field, long value) {
    values[layout.start(row) + field] = value;
    mark(row);
  }

  long get(int row, int field) {
    return values[layout.start(row) + field];
  }

  long value(int at) {
    return values[at];
  }

  boolean changed() {
    return changedCount > 0;
  }

  int changedCount() {
    return changedCount;
  }

  int changedRow(int i) {
    return changed[i];
  }

  void clearChanged() {
    for (int i = 0; i < changedCount; i++) {
      marked[changed[i]] = false;
    }
    changedCount = 0;
  }

  private void mark(int row) {
    if (!marked[row]) {
      marked[row] = true;
      changed[changedCount++] = row;
    }
  }
}
