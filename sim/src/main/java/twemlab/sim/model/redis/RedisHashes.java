package twemlab.sim.model.redis;

import java.util.Map;
import twemlab.sim.model.Bytes;

/// The hash commands (redis' `t_hash.c`).
final class RedisHashes {
  private RedisHashes() {}

  static void hset(RedisCall call) {
    if (call.count() % 2 == 1) {
      throw RedisError.arity("hset");
    }
    RedisValue.Hash hash =
        call.findOrCreate(call.key(1), RedisValue.Hash.class, RedisValue.Hash::new);
    int created = 0;
    for (int i = 2; i < call.count(); i += 2) {
      created += hash.fields().put(call.key(i), call.argument(i + 1)) == null ? 1 : 0;
    }
    call.reply().integer(created);
  }

  static void hget(RedisCall call) {
    RedisValue.Hash hash = find(call);
    call.reply().bulk(hash == null ? null : hash.fields().get(call.key(2)));
  }

  static void hdel(RedisCall call) {
    RedisValue.Hash hash = find(call);
    int removed = 0;
    if (hash != null) {
      for (int i = 2; i < call.count(); i++) {
        removed += hash.fields().remove(call.key(i)) == null ? 0 : 1;
      }
      call.removeIfEmpty(call.key(1), hash);
    }
    call.reply().integer(removed);
  }

  static void hgetall(RedisCall call) {
    RedisValue.Hash hash = find(call);
    call.reply().array(hash == null ? 0 : 2L * hash.fields().size());
    if (hash != null) {
      for (Map.Entry<Bytes, byte[]> field : hash.fields().entrySet()) {
        call.reply().bulk(field.getKey().array());
        call.reply().bulk(field.getValue());
      }
    }
  }

  static void hlen(RedisCall call) {
    RedisValue.Hash hash = find(call);
    call.reply().integer(hash == null ? 0 : hash.fields().size());
  }

  private static RedisValue.Hash find(RedisCall call) {
    return call.find(call.key(1), RedisValue.Hash.class);
  }
}
