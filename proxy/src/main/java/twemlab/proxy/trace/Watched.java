package twemlab.proxy.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The interest set that poll(2) and select(2) are handed each time: what changed in it since the
/// call before.
final class Watched {
  private Map<Integer, String> before = new TreeMap<>();

  List<Call.Note> changes(Map<Integer, String> now) {
    List<Call.Note> changes = new ArrayList<>();
    now.forEach(
        (fd, events) -> {
          if (!events.equals(before.get(fd))) {
            changes.add(new Call.Note(fd, events));
          }
        });
    for (int fd : before.keySet()) {
      if (!now.containsKey(fd)) {
        changes.add(new Call.Note(fd, "DEL"));
      }
    }
    before = now;
    return changes;
  }
}
