package twemlab.sim.model.redis;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import twemlab.sim.model.Bytes;

/// One numbered database: keys, values and expiry times. A key expires when it is looked at after
/// its time (`expireIfNeeded` in redis' `db.c`).
public final class RedisDatabase {
  /// The expiry of a key that never expires.
  static final long NEVER = -1;

  private final Map<Bytes, Entry> entries = new LinkedHashMap<>();

  public int size() {
    return entries.size();
  }

  /// All keys, those included that expired and have not been looked at since.
  public List<String> keys() {
    return entries.keySet().stream().map(Bytes::toString).toList();
  }

  RedisValue find(Bytes key, long now) {
    Entry entry = live(key, now);
    return entry == null ? null : entry.value;
  }

  /// When the key expires, in milliseconds since the epoch, or [#NEVER]; also for a missing key.
  long expiry(Bytes key, long now) {
    Entry entry = live(key, now);
    return entry == null ? NEVER : entry.expiresAt;
  }

  /// Stores a value under a new or existing key; an existing key's expiry stays.
  void put(Bytes key, RedisValue value, long now) {
    Entry entry = live(key, now);
    if (entry == null) {
      entries.put(key, new Entry(value));
    } else {
      entry.value = value;
    }
  }

  /// Sets the expiry of a key that exists.
  void expireAt(Bytes key, long millis) {
    entries.get(key).expiresAt = millis;
  }

  boolean remove(Bytes key, long now) {
    return live(key, now) != null && entries.remove(key) != null;
  }

  private Entry live(Bytes key, long now) {
    Entry entry = entries.get(key);
    if (entry != null && entry.expiresAt != NEVER && now > entry.expiresAt) {
      entries.remove(key);
      return null;
    }
    return entry;
  }

  private static final class Entry {
    private RedisValue value;
    private long expiresAt = NEVER;

    Entry(RedisValue value) {
      this.value = value;
    }
  }
}
