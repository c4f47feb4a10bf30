package twemlab.sim.model.memcached;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import twemlab.sim.model.memcached.MemcachedUpdate.Kind;

/// The commands of [MemcachedModel], one row each.
final class MemcachedCommands {
  private static final int ANY = Integer.MAX_VALUE;

  private static final List<Row> ROWS =
      List.of(
          new Row("get", 2, ANY, call -> MemcachedReads.get(call, false)),
          new Row("gets", 2, ANY, call -> MemcachedReads.get(call, true)),
          new Row("set", 5, 6, call -> MemcachedWrites.update(call, Kind.SET)),
          new Row("add", 5, 6, call -> MemcachedWrites.update(call, Kind.ADD)),
          new Row("replace", 5, 6, call -> MemcachedWrites.update(call, Kind.REPLACE)),
          new Row("append", 5, 6, call -> MemcachedWrites.update(call, Kind.APPEND)),
          new Row("prepend", 5, 6, call -> MemcachedWrites.update(call, Kind.PREPEND)),
          new Row("cas", 6, 7, call -> MemcachedWrites.update(call, Kind.CAS)),
          new Row("delete", 2, 4, MemcachedWrites::delete),
          new Row("incr", 3, 4, call -> MemcachedWrites.count(call, true)),
          new Row("decr", 3, 4, call -> MemcachedWrites.count(call, false)),
          new Row("touch", 3, 4, MemcachedWrites::touch),
          new Row("flush_all", 1, 3, MemcachedWrites::flush),
          new Row("version", 1, ANY, MemcachedReads::version),
          new Row("verbosity", 2, 3, MemcachedReads::verbosity),
          new Row("stats", 1, ANY, MemcachedReads::stats),
          new Row("quit", 1, ANY, call -> call.session().close()));

  private static final Map<String, Row> BY_NAME = new LinkedHashMap<>();

  static {
    ROWS.forEach(row -> BY_NAME.put(row.name, row));
  }

  private MemcachedCommands() {}

  static List<Row> rows() {
    return ROWS;
  }

  /// The row of a name; null if there is none. Names are in lower case only.
  static Row find(String name) {
    return BY_NAME.get(name);
  }

  /// Runs a command with the right number of words.
  @FunctionalInterface
  interface Handler {
    void run(MemcachedCall call);
  }

  /// One command.
  ///
  /// @param fewest words, name included
  /// @param most words, name and `noreply` included
  record Row(String name, int fewest, int most, Handler handler) {
    boolean accepts(int words) {
      return words >= fewest && words <= most;
    }
  }
}
