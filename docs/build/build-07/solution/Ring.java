package twemlab.exercise.build;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Which server a key belongs to, by a circle with many points of each server: when one leaves,
/// only its keys move.
final class Ring {
  private static final int POINTS = 160;

  private final TreeMap<Integer, String> points = new TreeMap<>();

  /// @param names of the servers; without any there is no owner
  Ring(List<String> names) {
    for (String name : names) {
      for (int i = 0; i < POINTS; i++) {
        points.put(hash(Resp.bytes(name + "-" + i)), name);
      }
    }
  }

  /// The server of the first point at the key's hash or behind it; null if there is no server.
  String owner(byte[] key) {
    Map.Entry<Integer, String> next = points.ceilingEntry(hash(key));
    next = next == null ? points.firstEntry() : next;
    return next == null ? null : next.getValue();
  }

  /// FNV-1a (32 bits), and the last step of murmur3, because FNV alone leaves similar texts near
  /// each other.
  static int hash(byte[] bytes) {
    int hash = 0x811c9dc5;
    for (byte each : bytes) {
      hash = (hash ^ (each & 0xff)) * 0x01000193;
    }
    hash = (hash ^ (hash >>> 16)) * 0x85ebca6b;
    hash = (hash ^ (hash >>> 13)) * 0xc2b2ae35;
    return hash ^ (hash >>> 16);
  }
}
