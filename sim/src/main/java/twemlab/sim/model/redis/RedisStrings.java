package twemlab.sim.model.redis;

import java.util.Arrays;
import twemlab.sim.model.Bytes;

/// The string commands (redis' `t_string.c`).
final class RedisStrings {
  private static final int LENGTH_MAX = 512 * 1024 * 1024;
  private static final byte[] EMPTY = {};

  private RedisStrings() {}

  static void get(RedisCall call) {
    call.reply().bulk(call.text(call.key(1)));
  }

  static void set(RedisCall call) {
    SetOptions options = SetOptions.parse(call);
    long expiry = options.expiryAt() == 0 ? RedisDatabase.NEVER : expiry(call, options);
    Bytes key = call.key(1);
    byte[] old = options.get() ? call.text(key) : null;
    boolean exists = call.database().find(key, call.now()) != null;
    boolean stores = exists ? !options.onlyIfMissing() : !options.onlyIfPresent();
    if (stores) {
      long kept = call.database().expiry(key, call.now());
      call.overwrite(key, call.argument(2), options.keepExpiry() ? kept : expiry);
    }
    if (options.get() || !stores) {
      call.reply().bulk(old);
    } else {
      call.reply().ok();
    }
  }

  private static long expiry(RedisCall call, SetOptions options) {
    return expiry(call, options.expiryAt(), options.unitMillis(), options.absolute());
  }

  /// The time that an expiry argument means (`getExpireMillisecondsOrReply`).
  private static long expiry(RedisCall call, int index, int unitMillis, boolean absolute) {
    long given = call.integer(index);
    if (given <= 0 || given > Long.MAX_VALUE / unitMillis) {
      throw RedisError.expireTime(call.command());
    }
    long millis = given * unitMillis + (absolute ? 0 : call.now());
    if (millis <= 0) {
      throw RedisError.expireTime(call.command());
    }
    return millis;
  }

  static void setex(RedisCall call) {
    call.overwrite(call.key(1), call.argument(3), expiry(call, 2, 1000, false));
    call.reply().ok();
  }

  static void psetex(RedisCall call) {
    call.overwrite(call.key(1), call.argument(3), expiry(call, 2, 1, false));
    call.reply().ok();
  }

  static void setnx(RedisCall call) {
    boolean missing = call.database().find(call.key(1), call.now()) == null;
    if (missing) {
      call.overwrite(call.key(1), call.argument(2), RedisDatabase.NEVER);
    }
    call.reply().integer(missing ? 1 : 0);
  }

  static void getset(RedisCall call) {
    byte[] old = call.text(call.key(1));
    call.overwrite(call.key(1), call.argument(2), RedisDatabase.NEVER);
    call.reply().bulk(old);
  }

  static void getdel(RedisCall call) {
    byte[] old = call.text(call.key(1));
    call.database().remove(call.key(1), call.now());
    call.reply().bulk(old);
  }

  static void mget(RedisCall call) {
    call.reply().array(call.count() - 1L);
    for (int i = 1; i < call.count(); i++) {
      RedisValue value = call.database().find(call.key(i), call.now());
      call.reply().bulk(value instanceof RedisValue.Text(Bytes content) ? content.array() : null);
    }
  }

  static void mset(RedisCall call) {
    if (call.count() % 2 == 0) {
      throw RedisError.arity("mset");
    }
    for (int i = 1; i < call.count(); i += 2) {
      call.overwrite(call.key(i), call.argument(i + 1), RedisDatabase.NEVER);
    }
    call.reply().ok();
  }

  static void append(RedisCall call) {
    byte[] old = call.text(call.key(1));
    byte[] tail = call.argument(2);
    int length = old == null ? 0 : old.length;
    checkLength((long) length + tail.length);
    byte[] joined = old == null ? tail : Arrays.copyOf(old, length + tail.length);
    System.arraycopy(tail, 0, joined, length, tail.length);
    call.putText(call.key(1), joined);
    call.reply().integer(joined.length);
  }

  static void strlen(RedisCall call) {
    byte[] text = call.text(call.key(1));
    call.reply().integer(text == null ? 0 : text.length);
  }

  static void getrange(RedisCall call) {
    long start = call.integer(2);
    long end = call.integer(3);
    byte[] found = call.text(call.key(1));
    byte[] text = found == null ? EMPTY : found;
    boolean reversed = start < 0 && end < 0 && start > end;
    start = Math.max(start < 0 ? text.length + start : start, 0);
    end = Math.min(Math.max(end < 0 ? text.length + end : end, 0), text.length - 1L);
    if (reversed || start > end || text.length == 0) {
      call.reply().bulk(EMPTY);
    } else {
      call.reply().bulk(Arrays.copyOfRange(text, (int) start, (int) end + 1));
    }
  }

  static void setrange(RedisCall call) {
    long offset = call.integer(2);
    if (offset < 0) {
      throw new RedisError("ERR offset is out of range");
    }
    byte[] old = call.text(call.key(1));
    byte[] part = call.argument(3);
    int length = old == null ? 0 : old.length;
    if (part.length > 0) {
      checkLength(Math.addExact(Math.min(offset, Long.MAX_VALUE / 2), part.length));
      byte[] text =
          Arrays.copyOf(old == null ? EMPTY : old, Math.max(length, (int) offset + part.length));
      System.arraycopy(part, 0, text, (int) offset, part.length);
      call.putText(call.key(1), text);
      length = text.length;
    }
    call.reply().integer(length);
  }

  private static void checkLength(long length) {
    if (length > LENGTH_MAX) {
      throw new RedisError(RedisError.TOO_LONG);
    }
  }

  static void incr(RedisCall call) {
    add(call, 1);
  }

  static void decr(RedisCall call) {
    add(call, -1);
  }

  static void incrby(RedisCall call) {
    add(call, call.integer(2));
  }

  static void decrby(RedisCall call) {
    long decrement = call.integer(2);
    if (decrement == Long.MIN_VALUE) {
      throw new RedisError("ERR decrement would overflow");
    }
    add(call, -decrement);
  }

  private static void add(RedisCall call, long increment) {
    byte[] text = call.text(call.key(1));
    Long old = text == null ? Long.valueOf(0) : RedisNumbers.parse(text);
    if (old == null) {
      throw new RedisError(RedisError.NOT_AN_INTEGER);
    }
    long sum = old + increment;
    if (((old ^ sum) & (increment ^ sum)) < 0) {
      throw new RedisError("ERR increment or decrement would overflow");
    }
    call.putText(call.key(1), RedisNumbers.format(sum));
    call.reply().integer(sum);
  }
}
