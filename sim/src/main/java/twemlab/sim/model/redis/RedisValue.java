package twemlab.sim.model.redis;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import twemlab.sim.model.Bytes;

/// What a redis key can hold.
sealed interface RedisValue {
  /// The answer of TYPE.
  String typeName();

  /// True for a collection whose last element is gone: redis then deletes the key.
  boolean isEmpty();

  /// A string; a command that changes it stores another one.
  record Text(Bytes content) implements RedisValue {
    @Override
    public String typeName() {
      return "string";
    }

    @Override
    public boolean isEmpty() {
      return false;
    }
  }

  /// A hash; fields in insertion order.
  record Hash(Map<Bytes, byte[]> fields) implements RedisValue {
    Hash() {
      this(new LinkedHashMap<>());
    }

    @Override
    public String typeName() {
      return "hash";
    }

    @Override
    public boolean isEmpty() {
      return fields.isEmpty();
    }
  }

  /// A list.
  record Sequence(Deque<byte[]> elements) implements RedisValue {
    Sequence() {
      this(new ArrayDeque<>());
    }

    @Override
    public String typeName() {
      return "list";
    }

    @Override
    public boolean isEmpty() {
      return elements.isEmpty();
    }
  }

  /// A set.
  record Members(Set<Bytes> members) implements RedisValue {
    Members() {
      this(new LinkedHashSet<>());
    }

    @Override
    public String typeName() {
      return "set";
    }

    @Override
    public boolean isEmpty() {
      return members.isEmpty();
    }

    /// In numeric order if all are integers, else in byte order: a function of the contents alone.
    List<Bytes> inOrder() {
      TreeMap<Long, Bytes> numeric = new TreeMap<>();
      for (Bytes member : members) {
        Long number = RedisNumbers.parse(member.array());
        if (number == null) {
          return new ArrayList<>(new TreeSet<>(members));
        }
        numeric.put(number, member);
      }
      return new ArrayList<>(numeric.values());
    }
  }
}
