package twemlab.protocol;

import java.lang.foreign.MemorySegment;
import twemlab.protocol.command.Command;
import twemlab.protocol.command.MemcacheCommand;
import twemlab.protocol.command.RedisCommand;

/// Goes through the keys of a request that is whole, from the first to the last.
///
/// A table of the keys' places would cost many times the memory of the keys. But the places need
/// not be kept: the request is kept anyway, and going through it again costs a few nanoseconds for
/// a key.
///
/// ```text
/// *5 $4 mset $1 a $2 12 $1 b $1 7          get  a b
///            |____|                             |
///            unit: what travels with key a      unit of a: the key alone
///               |                               |
///               key                             key
/// ```
///
/// For commands of several keys ([twemlab.protocol.command.FanOut]): keys that follow each other,
/// or pairs of a key and a value. Pooled and mutable; one thread at a time.
public final class KeyWalk {
  private final RangeReader reader = new RangeReader();
  private boolean redis;
  private boolean pairs;
  private int unitStart;
  private int keyStart;
  private int keyEnd;

  /// The range in which the key begins, and where.
  private int range;

  private MemorySegment segment;
  private long position;

  /// Begins before the first key.
  ///
  /// @param request the bytes of a request that a [RequestParser] has taken
  /// @param command its row, which is divided
  public void start(Ranges request, Command command) {
    redis = command instanceof RedisCommand;
    pairs = command.keyShape().step() == 2;
    reader.start(request);
    if (redis) {
      reader.skipLine();
      for (int element = 0; element < command.keyShape().first(); element++) {
        reader.skip(reader.numberLine() + 2L);
      }
    } else {
      int before = 1 + (command instanceof MemcacheCommand row ? row.numbersBefore() : 0);
      for (int field = 0; field < before; field++) {
        reader.skipSpaces();
        reader.skipKey();
      }
    }
  }

  /// Forgets the request.
  public void stop() {
    reader.stop();
    segment = null;
  }

  /// Goes to the next key.
  ///
  /// Throws [IndexOutOfBoundsException] when there is none.
  public void next() {
    if (redis) {
      nextBulk();
    } else {
      reader.skipSpaces();
      begin();
      unitStart = keyStart;
      reader.skipKey();
      end();
    }
  }

  private void nextBulk() {
    unitStart = reader.offset();
    int length = reader.numberLine();
    begin();
    reader.skip(length);
    end();
    reader.skip(2);
    if (pairs) {
      int value = reader.numberLine();
      reader.skip(value + 2L);
    }
  }

  private void begin() {
    keyStart = reader.offset();
    reader.enterRange();
    range = reader.range();
    segment = reader.segment();
    position = reader.position();
  }

  private void end() {
    keyEnd = reader.offset();
    if (reader.range() != range) {
      segment = null;
    }
  }

  /// Where that starts which travels with the key when the request is divided: in redis the key's
  /// bulk string, `$` and line ends included, and for pairs the value's too; in memcached the key
  /// alone. An offset from the request's first byte, as all these are.
  public int unitStart() {
    return unitStart;
  }

  /// Where that ends.
  public int unitEnd() {
    return redis ? reader.offset() : keyEnd;
  }

  /// Where the key starts.
  public int keyStart() {
    return keyStart;
  }

  /// Where the key ends.
  public int keyEnd() {
    return keyEnd;
  }

  /// The memory that holds the whole key, or null if it lies in several ranges.
  public MemorySegment segment() {
    return segment;
  }

  /// The place of the key's first byte in that memory.
  public long position() {
    return position;
  }
}
