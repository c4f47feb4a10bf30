package twemlab.sim.model.redis;

/// The set commands (redis' `t_set.c`).
final class RedisSets {
  private RedisSets() {}

  static void sadd(RedisCall call) {
    RedisValue.Members set =
        call.findOrCreate(call.key(1), RedisValue.Members.class, RedisValue.Members::new);
    int added = 0;
    for (int i = 2; i < call.count(); i++) {
      added += set.members().add(call.key(i)) ? 1 : 0;
    }
    call.reply().integer(added);
  }

  static void srem(RedisCall call) {
    RedisValue.Members set = find(call);
    int removed = 0;
    if (set != null) {
      for (int i = 2; i < call.count(); i++) {
        removed += set.members().remove(call.key(i)) ? 1 : 0;
      }
      call.removeIfEmpty(call.key(1), set);
    }
    call.reply().integer(removed);
  }

  static void smembers(RedisCall call) {
    RedisValue.Members set = find(call);
    call.reply().array(set == null ? 0 : set.members().size());
    if (set != null) {
      set.inOrder().forEach(member -> call.reply().bulk(member.array()));
    }
  }

  static void scard(RedisCall call) {
    RedisValue.Members set = find(call);
    call.reply().integer(set == null ? 0 : set.members().size());
  }

  static void sismember(RedisCall call) {
    RedisValue.Members set = find(call);
    call.reply().integer(set != null && set.members().contains(call.key(2)) ? 1 : 0);
  }

  private static RedisValue.Members find(RedisCall call) {
    return call.find(call.key(1), RedisValue.Members.class);
  }
}
