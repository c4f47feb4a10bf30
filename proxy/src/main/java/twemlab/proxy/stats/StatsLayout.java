package twemlab.proxy.stats;

import java.util.List;

/// Where each value stands in the flat block of longs.
///
/// ```
///   row 0                   row 1          row 2              row 3              row 4
///   [total, curr, process]  [pool 0: 6]    [server 0.0: 13]   [server 0.1: 13]   [pool 1: 6] ...
/// ```
///
/// A row is what is marked as changed and copied as one.
final class StatsLayout {
  static final int PROCESS_ROW = 0;
  static final int TOTAL_CONNECTIONS = 0;
  static final int CURR_CONNECTIONS = 1;
  static final int FIRST_PROCESS_FIELD = 2;

  private final List<StatsNames> names;
  private final int[] poolRows;
  private final int[] rowStarts;

  StatsLayout(List<StatsNames> names) {
    this.names = List.copyOf(names);
    this.poolRows = new int[names.size()];
    int rows = 1 + names.stream().mapToInt(n -> 1 + n.servers().size()).sum();
    this.rowStarts = new int[rows + 1];
    rowStarts[1] = FIRST_PROCESS_FIELD + ProcessField.COUNT;
    int row = 1;
    for (int pool = 0; pool < poolRows.length; pool++) {
      poolRows[pool] = row;
      rowStarts[row + 1] = rowStarts[row] + PoolField.COUNT;
      row++;
      for (int server = 0; server < names.get(pool).servers().size(); server++) {
        rowStarts[row + 1] = rowStarts[row] + ServerField.COUNT;
        row++;
      }
    }
  }

  List<StatsNames> names() {
    return names;
  }

  int rows() {
    return rowStarts.length - 1;
  }

  /// How many longs the block has.
  int size() {
    return rowStarts[rows()];
  }

  /// The index of the row's first long; of the row after the last, the size.
  int start(int row) {
    return rowStarts[row];
  }

  int poolRow(int pool) {
    return poolRows[pool];
  }

  int serverRow(int pool, int server) {
    return poolRows[pool] + 1 + server;
  }
}
