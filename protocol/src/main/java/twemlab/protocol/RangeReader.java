package twemlab.protocol;

import java.lang.foreign.MemorySegment;
import twemlab.protocol.bytes.Memory;
import twemlab.protocol.bytes.NumberLine;

/// Reads a message that a parser has taken already, from its first byte to its last.
///
/// Because the message is well formed, nothing is checked again, and what lies whole in one range
/// is read in one step. A message that ends too early was no parser's: that is a programmer's
/// error.
final class RangeReader {
  private final NumberLine header = new NumberLine();
  private Ranges ranges;
  private int range;

  /// The current range: its memory, the next byte, the byte behind the last.
  private MemorySegment segment;

  private long at;
  private long to;

  /// Offset in the message minus offset in the segment.
  private long shift;

  /// Begins at the message's first byte.
  void start(Ranges message) {
    ranges = message;
    range = -1;
    at = 0;
    to = 0;
    shift = 0;
  }

  /// Forgets the message.
  void stop() {
    ranges = null;
    segment = null;
  }

  /// The offset of the next byte in the message.
  int offset() {
    return (int) (at + shift);
  }

  /// The index of the range that was read last.
  int range() {
    return range;
  }

  /// Its memory.
  MemorySegment segment() {
    return segment;
  }

  /// The place behind what was read, in that memory.
  long position() {
    return at;
  }

  /// Makes the range of the next byte the current one.
  void enterRange() {
    if (at == to) {
      nextRange();
    }
  }

  private void nextRange() {
    long offset = at + shift;
    if (++range == ranges.count()) {
      throw new IndexOutOfBoundsException("a message that was parsed ends in the middle");
    }
    segment = ranges.segment(range);
    at = ranges.from(range);
    to = ranges.to(range);
    shift = offset - at;
  }

  /// The next byte, which stays the next one.
  byte peek() {
    enterRange();
    return Memory.byteAt(segment, at);
  }

  /// Takes the next byte.
  byte next() {
    byte b = peek();
    at++;
    return b;
  }

  /// Passes over so many bytes.
  void skip(long count) {
    long left = count;
    while (left > to - at) {
      left -= to - at;
      at = to;
      nextRange();
    }
    at += left;
  }

  /// Passes over spaces.
  void skipSpaces() {
    while (peek() == ' ') {
      at++;
    }
  }

  /// Takes a mark, a number and the line's end, and answers the number: of `$-1` it is -1.
  int numberLine() {
    enterRange();
    long data = header.read(segment, at, to);
    if (data >= 0) {
      at = data;
      return header.value();
    }
    at++;
    int value = number();
    skip(2);
    return value;
  }

  /// Takes a number.
  int number() {
    boolean negative = peek() == '-';
    if (negative) {
      at++;
    }
    int value = 0;
    while (Memory.isDigit(peek())) {
      value = value * 10 + (Memory.byteAt(segment, at++) - '0');
    }
    return negative ? -value : value;
  }

  /// Passes over the rest of a line, its line feed included.
  void skipLine() {
    do {
      enterRange();
      at = Memory.findCarriageReturn(segment, at, to);
    } while (at == to);
    skip(2);
  }

  /// Passes over a memcached key.
  void skipKey() {
    do {
      enterRange();
      at = Memory.findKeyEnd(segment, at, to);
    } while (at == to);
  }
}
