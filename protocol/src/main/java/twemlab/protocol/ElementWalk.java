package twemlab.protocol;

/// Goes through the elements of a reply that is whole: those of a redis array, or the `VALUE`
/// blocks of a memcached reply.
///
/// As with [KeyWalk], the places need no table. The caller knows how many there are
/// ([ReplyView#elementCount]). Pooled and mutable; one thread at a time.
public final class ElementWalk {
  private static final int VALUE_LENGTH = "VALUE".length();

  private final RangeReader reader = new RangeReader();
  private boolean redis;
  private int start;
  private int keyStart;
  private int keyEnd;

  /// Begins before the first element.
  ///
  /// @param reply the bytes of a reply that a [ReplyParser] has taken
  public void start(Ranges reply, boolean isRedis) {
    redis = isRedis;
    reader.start(reply);
    if (redis) {
      reader.skipLine();
    }
  }

  /// Forgets the reply.
  public void stop() {
    reader.stop();
  }

  /// Goes to the next element.
  ///
  /// Throws [IndexOutOfBoundsException] when there is none.
  public void next() {
    start = reader.offset();
    if (redis) {
      passValue();
    } else {
      passBlock();
    }
  }

  /// An array is passed over with all that is in it, without a stack: it adds its elements to the
  /// values that are still to come.
  private void passValue() {
    long values = 1;
    while (values > 0) {
      values--;
      byte mark = reader.peek();
      if (mark == '$') {
        int length = reader.numberLine();
        if (length >= 0) {
          reader.skip(length + 2L);
        }
      } else if (mark == '*') {
        values += Math.max(0, reader.numberLine());
      } else {
        reader.skipLine();
      }
    }
  }

  private void passBlock() {
    reader.skip(VALUE_LENGTH);
    reader.skipSpaces();
    keyStart = reader.offset();
    reader.skipKey();
    keyEnd = reader.offset();
    reader.skipSpaces();
    reader.skipKey(); // the flags
    reader.skipSpaces();
    int length = reader.number();
    reader.skipLine();
    reader.skip(length + 2L);
  }

  /// Where the element starts: at its mark, or at the word `VALUE`. An offset from the reply's
  /// first byte, as all these are.
  public int start() {
    return start;
  }

  /// Where it ends: after its last line feed.
  public int end() {
    return reader.offset();
  }

  /// memcached: where the block's key starts.
  public int keyStart() {
    return keyStart;
  }

  /// memcached: where the block's key ends.
  public int keyEnd() {
    return keyEnd;
  }
}
