package twemlab.protocol;

import java.lang.foreign.MemorySegment;
import java.util.List;
import twemlab.protocol.bytes.Decimal;
import twemlab.protocol.bytes.Memory;
import twemlab.protocol.bytes.NumberLine;

/// Redis replies, RESP2: `+` status, `-` error, `:` integer, `$` bulk string, `*` array, in any
/// nesting.
///
/// Framing needs no stack: an array inside another only adds its elements to the values that are
/// still to come, so that two counts frame any nesting. Lengths and counts are longs, and none is
/// too large: a client can have a server answer anything that is well framed, and whoever forwards
/// it must find its end. C counterpart `redis_parse_rsp` (nc_redis.c).
public final class RedisReplyParser implements ReplyParser {
  private static final int MARK = 0;
  private static final int ERROR_WORD = 1;
  private static final int LINE = 2;
  private static final int LINE_LF = 3;
  private static final int INTEGER = 4;
  private static final int LENGTH = 5;
  private static final int LENGTH_LF = 6;
  private static final int DATA = 7;
  private static final int DATA_CR = 8;
  private static final int DONE = 9;
  private static final int FAILED = 10;

  /// For [#stateName].
  private static final List<String> STATES =
      List.of(
          "MARK",
          "ERROR_WORD",
          "LINE",
          "LINE_LF",
          "INTEGER",
          "LENGTH",
          "LENGTH_LF",
          "DATA",
          "DATA_CR",
          "DONE",
          "FAILED");

  private static final int WORD_MAX = 16;

  /// No server means a longer string or array; and sums of what is below stay far from overflow.
  private static final long LENGTH_MAX = 1L << 60;

  private final ReplyView view = new ReplyView();
  private final NumberLine header = new NumberLine();

  private int state;

  /// Offset in the message minus offset in the segment of the current range.
  private long shift;

  private long position;

  /// Elements of the outermost array that are still to come, the one that is being read included; 0
  /// for a reply that is no array, or until its header is read.
  private long elements;

  /// Values still to come inside the element that is being read, if that is an array.
  private long inner;

  private long elementAt;

  /// The number of a length or integer line: its digits, and whether a minus precedes them.
  private final Decimal number = new Decimal();

  private boolean array;
  private long remaining;

  /// The word of an error at the top level, packed, and its length.
  private long wordLow;

  private long wordHigh;
  private int wordLength;

  /// A parser at the beginning of a reply.
  public RedisReplyParser() {
    reset();
  }

  @Override
  public ReplyView view() {
    return view;
  }

  @Override
  public String stateName() {
    return STATES.get(state);
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public void recordElements(boolean wanted) {
    view.record(wanted);
  }

  @Override
  public void reset() {
    state = MARK;
    elements = 0;
    inner = 0;
    wordLow = 0;
    wordHigh = 0;
    wordLength = 0;
    view.clear();
  }

  @Override
  public ParseResult parse(MemorySegment segment, long from, long to) {
    if (state >= DONE) {
      return finishedBefore(from);
    }
    shift = view.length - from;
    long at = from;
    while (at < to && state < DONE) {
      long next = state == MARK ? wholeBulk(segment, at, to) : -1;
      at = next >= 0 ? next : step(segment, at, to);
    }
    position = at;
    view.length = offset(at);
    view.announced = state == DATA ? remaining : 0;
    return state < DONE ? ParseResult.AGAIN : state == DONE ? ParseResult.OK : ParseResult.ERROR;
  }

  private ParseResult finishedBefore(long from) {
    if (state == DONE) {
      throw new IllegalStateException("the reply is complete: reset() begins the next");
    }
    position = from;
    return ParseResult.ERROR;
  }

  /// Takes the bulk string at `at` in one step if it lies whole in the range. The result is where
  /// the next value starts, or -1.
  private long wholeBulk(MemorySegment segment, long at, long to) {
    long data = header.read(segment, at, to);
    if (data < 0 || !NumberLine.isWholeData(segment, data, header.value(), to)) {
      return -1;
    }
    int length = header.value();
    valueBegins(offset(at), ReplyType.BULK);
    long end = data + length + 2;
    valueEnded(offset(end));
    return end;
  }

  /// One transition of the machine; of lines and data, as many bytes as there are. The result is
  /// the place of the next byte to read.
  private long step(MemorySegment segment, long at, long to) {
    if (state == DATA) {
      return data(at, to);
    }
    if (state == LINE) {
      return line(segment, at, to);
    }
    byte b = Memory.byteAt(segment, at);
    switch (state) {
      case MARK -> mark(b, offset(at));
      case ERROR_WORD -> errorWord(b);
      case INTEGER -> integer(b);
      case LENGTH -> length(b);
      case LENGTH_LF -> lengthEnded(b, offset(at) + 1);
      case DATA_CR -> become(b == Memory.CR, LINE_LF);
      case LINE_LF -> {
        become(b == Memory.LF, MARK);
        if (state == MARK) {
          valueEnded(offset(at) + 1);
        }
      }
      default -> throw new IllegalStateException("state " + state);
    }
    return at + 1;
  }

  private void become(boolean expected, int next) {
    state = expected ? next : FAILED;
  }

  private void mark(byte b, long at) {
    number.clear();
    ReplyType type =
        switch (b) {
          case '+' -> ReplyType.STATUS;
          case '-' -> ReplyType.ERROR;
          case ':' -> ReplyType.INTEGER;
          case '$' -> ReplyType.BULK;
          case '*' -> ReplyType.ARRAY;
          default -> ReplyType.NONE;
        };
    array = type == ReplyType.ARRAY;
    state =
        switch (type) {
          case STATUS -> LINE;
          case ERROR -> elements == 0 ? ERROR_WORD : LINE;
          case INTEGER -> INTEGER;
          case BULK, ARRAY -> LENGTH;
          default -> FAILED;
        };
    valueBegins(at, type);
  }

  private void valueBegins(long at, ReplyType type) {
    if (elements == 0) {
      view.type = type;
    } else if (inner == 0) {
      elementAt = at;
    }
  }

  private void errorWord(byte b) {
    if (b != ' ' && b != Memory.CR) {
      long bits = (b & 0xFFL) << ((wordLength & 7) << 3);
      wordLow |= wordLength < 8 ? bits : 0;
      wordHigh |= wordLength >= 8 ? bits : 0;
      wordLength++;
      state = wordLength < WORD_MAX ? ERROR_WORD : LINE;
      view.errorWord = ErrorWord.OTHER;
      return;
    }
    view.errorWord = ErrorWord.of(wordLow, wordHigh);
    state = b == Memory.CR ? LINE_LF : LINE;
  }

  private long line(MemorySegment segment, long at, long to) {
    long end = Memory.findCarriageReturn(segment, at, to);
    if (end == to) {
      return to;
    }
    state = LINE_LF;
    return end + 1;
  }

  private void integer(byte b) {
    if (b != Memory.CR) {
      become(number.accept(b), INTEGER);
      return;
    }
    become(number.isComplete(), LINE_LF);
    if (elements == 0) {
      view.integer = number.saturated();
    }
  }

  private void length(byte b) {
    if (b != Memory.CR) {
      become(number.accept(b), LENGTH);
      return;
    }
    remaining = number.saturated();
    become(number.isComplete() && remaining >= -1 && remaining <= LENGTH_MAX, LENGTH_LF);
  }

  private void lengthEnded(byte b, long end) {
    if (b != Memory.LF) {
      state = FAILED;
    } else if (!array && remaining >= 0) {
      state = remaining == 0 ? DATA_CR : DATA;
    } else if (remaining > 0) {
      openArray();
    } else {
      state = MARK;
      valueEnded(end);
    }
  }

  private void openArray() {
    if (elements == 0) {
      elements = remaining;
    } else if (inner == 0) {
      inner = remaining;
    } else {
      inner += remaining - 1;
    }
    become(inner <= LENGTH_MAX, MARK);
  }

  private long data(long at, long to) {
    long taken = Math.min(remaining, to - at);
    remaining -= taken;
    if (remaining == 0) {
      state = DATA_CR;
    }
    return at + taken;
  }

  /// A value that is no array with elements ended at offset `end`.
  private void valueEnded(long end) {
    if (inner > 0 && --inner > 0) {
      return;
    }
    if (elements > 0) {
      view.addElement(elementAt, end, elementAt, elementAt);
    }
    elements--;
    if (elements <= 0) {
      state = DONE;
    }
  }

  private long offset(long at) {
    return at + shift;
  }
}
