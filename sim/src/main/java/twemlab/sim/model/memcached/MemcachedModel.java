package twemlab.sim.model.memcached;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import twemlab.sim.model.Bytes;
import twemlab.sim.model.ServerModel;

/// A model of memcached 1.6.18 that speaks the ASCII protocol: the commands of [MemcachedCommands],
/// with memcached's own error texts.
///
/// It shares no code with the proxy's parsers, since an oracle that shares a parser shares its
/// bugs. Checked against the real server, command by command, in `MemcachedDifferentialTest`.
///
/// Where it differs, knowingly: nothing is evicted; `stats` answers three lines; `flush_all` drops
/// all items at once or, delayed, at its time (memcached drops each when it next looks at it, so
/// that a delayed `flush_all` can bring back what an earlier one hid); a number that gets shorter
/// is always padded in place (memcached does not pad while an earlier reply still holds the item);
/// a line of more than 2,048 bytes that is no `get` or `gets` closes the connection (memcached's
/// verdict depends on how much of it one read returned); an over-long key in a multi-get drops the
/// values before it, but no reply of an earlier request (memcached may drop these too).
public final class MemcachedModel implements ServerModel {
  /// The answer of `version`, without the word and the line end.
  static final String VERSION = "1.6.18";

  /// How memcached numbers the changes of its items.
  public enum CasNumbers {
    /// One counter per server, as memcached has it.
    PER_SERVER,
    /// One counter per key, which survives deletion. No memcached does so; but it makes the replies
    /// of `gets` independent of what happens to other keys, and so predictable through a proxy.
    PER_KEY
  }

  /// `-I`: the largest item, its header and key included, in bytes.
  private final int itemSizeMax;

  private final CasNumbers casNumbers;
  private final Map<Bytes, MemcachedItem> items = new LinkedHashMap<>();
  private final Map<Bytes, Long> keyCas = new LinkedHashMap<>();
  private long changes;
  private long flushAtSecond = Long.MAX_VALUE;

  /// A server with memcached's defaults: items up to 1 MiB, one cas counter.
  public MemcachedModel() {
    this(1024 * 1024, CasNumbers.PER_SERVER);
  }

  /// A server with items up to `itemSizeMax` bytes, header and key included.
  public MemcachedModel(int itemSizeMax, CasNumbers casNumbers) {
    this.itemSizeMax = itemSizeMax;
    this.casNumbers = casNumbers;
  }

  @Override
  public Session connect() {
    return new MemcachedSession(this);
  }

  /// Items held, those included that expired and have not been looked at since.
  public int size() {
    return items.size();
  }

  /// Forgets all items, as a restart does. With [CasNumbers#PER_KEY] the counters go on.
  public void clear() {
    items.clear();
    changes = 0;
    flushAtSecond = Long.MAX_VALUE;
  }

  /// All keys, those included that expired and have not been looked at since.
  public List<String> keys() {
    return items.keySet().stream().map(Bytes::toString).toList();
  }

  /// The item; null if there is none, or none any more.
  MemcachedItem find(Bytes key, long second) {
    if (second >= flushAtSecond) {
      items.clear();
      flushAtSecond = Long.MAX_VALUE;
    }
    MemcachedItem item = items.get(key);
    if (item != null && item.expired(second)) {
      items.remove(key);
      return null;
    }
    return item;
  }

  /// Stores the item under the key.
  void store(Bytes key, MemcachedItem item) {
    changed(key, item);
    items.put(key, item);
  }

  /// Gives an item whose value changed a new cas number.
  void changed(Bytes key, MemcachedItem item) {
    changes++;
    item.cas(casNumbers == CasNumbers.PER_KEY ? keyCas.merge(key, 1L, Long::sum) : changes);
  }

  boolean remove(Bytes key) {
    return items.remove(key) != null;
  }

  /// Drops everything, now or at a later second.
  void flush(long atSecond, long second) {
    if (atSecond <= second) {
      items.clear();
      changes++;
    } else {
      flushAtSecond = atSecond;
    }
  }

  /// Whether an item fits (`item_size_ok` and `item_make_header` of memcached's `items.c`).
  boolean fits(Bytes key, int flags, long valueLength) {
    int header = 48 + 8 + (flags == 0 ? 0 : 4);
    return header + key.array().length + 1L + valueLength + 2 <= itemSizeMax;
  }

  long bytes() {
    return items.values().stream().mapToLong(item -> item.value().length).sum();
  }
}
