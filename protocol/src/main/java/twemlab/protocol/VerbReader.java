package twemlab.protocol;

import java.lang.foreign.MemorySegment;
import twemlab.protocol.bytes.Memory;
import twemlab.protocol.command.MemcacheCommand;

/// Reads the first word of a memcached line, and finds its row: up to eight letters, and the ninth
/// of the two commands that have one.
final class VerbReader {
  private static final int VERB_MAX = 8;

  private long word;
  private int length;
  private byte ninth;
  private boolean ended;
  private MemcacheCommand row;

  /// Begins with a line.
  void clear() {
    word = 0;
    length = 0;
    ninth = 0;
    ended = false;
    row = null;
  }

  /// Takes letters up to the end of the word, or up to a byte that makes it no command's name.
  ///
  /// @return the place of the first byte that was not taken
  long read(MemorySegment segment, long from, long to) {
    long verb = word;
    int count = length;
    for (long at = from; at < to; at++) {
      byte b = Memory.byteAt(segment, at);
      boolean letter = (b >= 'a' && b <= 'z') || b == '_';
      if (letter && count < VERB_MAX) {
        verb |= (long) b << (count++ << 3);
        continue;
      }
      word = verb;
      if (letter && count == VERB_MAX && MemcacheCommand.find(verb, b) != null) {
        ninth = b;
        length = ++count;
        continue;
      }
      length = count;
      ended = true;
      row = b == ' ' || b == Memory.CR ? MemcacheCommand.find(verb, ninth) : null;
      return at;
    }
    word = verb;
    length = count;
    return to;
  }

  /// Whether the word has ended, or is no command's name.
  boolean isEnded() {
    return ended;
  }

  /// The row of the word that has ended, or null.
  MemcacheCommand row() {
    return row;
  }

  /// The first eight bytes of what was taken, packed.
  long word() {
    return word;
  }

  /// How many bytes were taken.
  int length() {
    return length;
  }
}
