package twemlab.sim.model.redis;

import java.util.Deque;

/// The list commands (redis' `t_list.c`).
final class RedisLists {
  private RedisLists() {}

  static void lpush(RedisCall call) {
    Deque<byte[]> list = findOrCreate(call);
    for (int i = 2; i < call.count(); i++) {
      list.addFirst(call.argument(i));
    }
    call.reply().integer(list.size());
  }

  static void rpush(RedisCall call) {
    Deque<byte[]> list = findOrCreate(call);
    for (int i = 2; i < call.count(); i++) {
      list.addLast(call.argument(i));
    }
    call.reply().integer(list.size());
  }

  static void lpop(RedisCall call) {
    pop(call, true);
  }

  static void rpop(RedisCall call) {
    pop(call, false);
  }

  private static void pop(RedisCall call, boolean first) {
    if (call.count() > 3) {
      throw RedisError.arity(call.command());
    }
    boolean counted = call.count() == 3;
    long count = counted ? popCount(call) : 1;
    RedisValue.Sequence list = find(call);
    if (list == null && counted) {
      call.reply().nullArray();
    } else if (list == null) {
      call.reply().bulk(null);
    } else {
      long popped = Math.min(count, list.elements().size());
      if (counted) {
        call.reply().array(popped);
      }
      for (long i = 0; i < popped; i++) {
        call.reply().bulk(first ? list.elements().pollFirst() : list.elements().pollLast());
      }
      call.removeIfEmpty(call.key(1), list);
    }
  }

  private static long popCount(RedisCall call) {
    Long count = RedisNumbers.parse(call.argument(2));
    if (count == null || count < 0) {
      throw new RedisError("ERR value is out of range, must be positive");
    }
    return count;
  }

  static void lrange(RedisCall call) {
    long start = call.integer(2);
    long end = call.integer(3);
    RedisValue.Sequence list = find(call);
    int length = list == null ? 0 : list.elements().size();
    long first = Math.max(start < 0 ? length + start : start, 0);
    long last = Math.min(end < 0 ? length + end : end, length - 1L);
    if (first > last || first >= length) {
      call.reply().array(0);
      return;
    }
    call.reply().array(last - first + 1);
    list.elements().stream().skip(first).limit(last - first + 1).forEachOrdered(call.reply()::bulk);
  }

  static void llen(RedisCall call) {
    RedisValue.Sequence list = find(call);
    call.reply().integer(list == null ? 0 : list.elements().size());
  }

  private static RedisValue.Sequence find(RedisCall call) {
    return call.find(call.key(1), RedisValue.Sequence.class);
  }

  private static Deque<byte[]> findOrCreate(RedisCall call) {
    return call.findOrCreate(call.key(1), RedisValue.Sequence.class, RedisValue.Sequence::new)
        .elements();
  }
}
