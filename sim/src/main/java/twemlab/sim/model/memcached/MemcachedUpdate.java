package twemlab.sim.model.memcached;

import java.util.Arrays;
import twemlab.sim.model.Bytes;

/// A storage command whose line has been read and whose data block follows.
///
/// @param key where to store
/// @param flags the client's flags
/// @param expiry the expiry argument
/// @param length bytes of the data block, without its line end
/// @param cas the number that the item must have; used by [Kind#CAS]
record MemcachedUpdate(
    Kind kind, Bytes key, int flags, int expiry, int length, long cas, boolean noreply) {

  /// The storage commands.
  enum Kind {
    SET,
    ADD,
    REPLACE,
    APPEND,
    PREPEND,
    CAS
  }

  /// Does it (`do_store_item` in memcached's `memcached.c`) and gives the reply line.
  String store(MemcachedModel model, byte[] value, long second) {
    MemcachedItem old = model.find(key, second);
    return switch (kind) {
      case SET -> put(model, value, second);
      case ADD -> old == null ? put(model, value, second) : "NOT_STORED";
      case REPLACE -> old == null ? "NOT_STORED" : put(model, value, second);
      case APPEND -> old == null ? "NOT_STORED" : join(model, old, old.value(), value);
      case PREPEND -> old == null ? "NOT_STORED" : join(model, old, value, old.value());
      case CAS -> {
        if (old == null) {
          yield "NOT_FOUND";
        }
        yield old.cas() == cas ? put(model, value, second) : "EXISTS";
      }
    };
  }

  private String put(MemcachedModel model, byte[] value, long second) {
    model.store(key, new MemcachedItem(flags, value, MemcachedItem.expiry(expiry, second)));
    return "STORED";
  }

  private String join(MemcachedModel model, MemcachedItem old, byte[] head, byte[] tail) {
    if (!model.fits(key, old.flags(), (long) head.length + tail.length)) {
      return "NOT_STORED";
    }
    byte[] joined = Arrays.copyOf(head, head.length + tail.length);
    System.arraycopy(tail, 0, joined, head.length, tail.length);
    model.store(key, new MemcachedItem(old.flags(), joined, old.expiresAtSecond()));
    return "STORED";
  }
}
