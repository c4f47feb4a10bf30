package twemlab.sim.model.redis;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import twemlab.sim.model.Bytes;
import twemlab.sim.model.RespWriter;

/// One command in execution: its arguments, the database and the time it runs at, and where its
/// reply goes.
///
/// @param arguments the command's name, then its arguments
record RedisCall(
    RedisSession session,
    String command,
    List<byte[]> arguments,
    RedisDatabase database,
    long now,
    RespWriter reply) {

  int count() {
    return arguments.size();
  }

  byte[] argument(int index) {
    return arguments.get(index);
  }

  Bytes key(int index) {
    return new Bytes(arguments.get(index));
  }

  /// The argument in lower case, for options.
  String option(int index) {
    return new String(arguments.get(index), StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
  }

  long integer(int index) {
    Long number = RedisNumbers.parse(arguments.get(index));
    if (number == null) {
      throw new RedisError(RedisError.NOT_AN_INTEGER);
    }
    return number;
  }

  /// The value under `key` if it is of `type`; null if there is none.
  ///
  /// @throws RedisError if it is of another type
  <T extends RedisValue> T find(Bytes key, Class<T> type) {
    RedisValue value = database.find(key, now);
    if (value != null && !type.isInstance(value)) {
      throw new RedisError(RedisError.WRONG_TYPE);
    }
    return type.cast(value);
  }

  <T extends RedisValue> T findOrCreate(Bytes key, Class<T> type, Supplier<T> create) {
    T value = find(key, type);
    if (value == null) {
      value = create.get();
      database.put(key, value, now);
    }
    return value;
  }

  /// The string under `key`; null if there is none.
  byte[] text(Bytes key) {
    RedisValue.Text text = find(key, RedisValue.Text.class);
    return text == null ? null : text.content().array();
  }

  /// Replaces the string and leaves the expiry as it is.
  void putText(Bytes key, byte[] bytes) {
    database.put(key, new RedisValue.Text(new Bytes(bytes)), now);
  }

  /// Replaces whatever the key holds, and its expiry.
  void overwrite(Bytes key, byte[] bytes, long expiresAt) {
    putText(key, bytes);
    database.expireAt(key, expiresAt);
  }

  /// Deletes a collection whose last element is gone.
  void removeIfEmpty(Bytes key, RedisValue value) {
    if (value.isEmpty()) {
      database.remove(key, now);
    }
  }
}
