package twemlab.sim.model.redis;

import twemlab.sim.model.Bytes;

/// The commands that work on keys of any type (redis' `db.c` and `expire.c`).
final class RedisKeys {
  private RedisKeys() {}

  static void delete(RedisCall call) {
    int removed = 0;
    for (int i = 1; i < call.count(); i++) {
      removed += call.database().remove(call.key(i), call.now()) ? 1 : 0;
    }
    call.reply().integer(removed);
  }

  /// EXISTS and TOUCH: a key counts as often as it is named.
  static void exists(RedisCall call) {
    int found = 0;
    for (int i = 1; i < call.count(); i++) {
      found += call.database().find(call.key(i), call.now()) == null ? 0 : 1;
    }
    call.reply().integer(found);
  }

  static void type(RedisCall call) {
    RedisValue value = call.database().find(call.key(1), call.now());
    call.reply().simple(value == null ? "none" : value.typeName());
  }

  static void expire(RedisCall call) {
    expire(call, 1000, call.now());
  }

  static void pexpire(RedisCall call) {
    expire(call, 1, call.now());
  }

  static void expireat(RedisCall call) {
    expire(call, 1000, 0);
  }

  static void pexpireat(RedisCall call) {
    expire(call, 1, 0);
  }

  private static void expire(RedisCall call, int unitMillis, long base) {
    ExpireOptions options = ExpireOptions.parse(call);
    long given = call.integer(2);
    if (given > Long.MAX_VALUE / unitMillis || given < Long.MIN_VALUE / unitMillis) {
      throw RedisError.expireTime(call.command());
    }
    long when = given * unitMillis;
    if (when > Long.MAX_VALUE - base) {
      throw RedisError.expireTime(call.command());
    }
    when += base;
    Bytes key = call.key(1);
    boolean applies =
        call.database().find(key, call.now()) != null
            && options.allow(call.database().expiry(key, call.now()), when);
    if (applies && when <= call.now()) {
      call.database().remove(key, call.now());
    } else if (applies) {
      call.database().expireAt(key, when);
    }
    call.reply().integer(applies ? 1 : 0);
  }

  static void persist(RedisCall call) {
    Bytes key = call.key(1);
    boolean expires = call.database().expiry(key, call.now()) != RedisDatabase.NEVER;
    if (expires) {
      call.database().expireAt(key, RedisDatabase.NEVER);
    }
    call.reply().integer(expires ? 1 : 0);
  }

  static void ttl(RedisCall call) {
    long left = millisLeft(call);
    call.reply().integer(left < 0 ? left : (left + 500) / 1000);
  }

  static void pttl(RedisCall call) {
    call.reply().integer(millisLeft(call));
  }

  /// -2 for a missing key, -1 for one that never expires.
  private static long millisLeft(RedisCall call) {
    if (call.database().find(call.key(1), call.now()) == null) {
      return -2;
    }
    long expiry = call.database().expiry(call.key(1), call.now());
    return expiry == RedisDatabase.NEVER ? -1 : expiry - call.now();
  }

  /// The options of the EXPIRE family (`parseExtendedExpireArgumentsOrReply`).
  private record ExpireOptions(boolean nx, boolean xx, boolean gt, boolean lt) {
    static ExpireOptions parse(RedisCall call) {
      ExpireOptions options = new ExpireOptions(false, false, false, false);
      for (int i = 3; i < call.count(); i++) {
        options = options.and(call, i);
      }
      if (options.nx && (options.xx || options.gt || options.lt)) {
        throw new RedisError("ERR NX and XX, GT or LT options at the same time are not compatible");
      }
      if (options.gt && options.lt) {
        throw new RedisError("ERR GT and LT options at the same time are not compatible");
      }
      return options;
    }

    private ExpireOptions and(RedisCall call, int index) {
      return switch (call.option(index)) {
        case "nx" -> new ExpireOptions(true, xx, gt, lt);
        case "xx" -> new ExpireOptions(nx, true, gt, lt);
        case "gt" -> new ExpireOptions(nx, xx, true, lt);
        case "lt" -> new ExpireOptions(nx, xx, gt, true);
        default ->
            throw new RedisError("ERR Unsupported option " + new Bytes(call.argument(index)));
      };
    }

    /// Whether a key that expires at `old` may be made to expire at `when`. A key that never
    /// expires counts as expiring later than any other.
    boolean allow(long old, long when) {
      boolean never = old == RedisDatabase.NEVER;
      return !(nx && !never)
          && !(xx && never)
          && !(gt && (never || when <= old))
          && !(lt && !never && when >= old);
    }
  }
}
