package twemlab.protocol;

import java.lang.foreign.MemorySegment;
import java.util.List;

/// Redis replies, RESP2: `+` status, `-` error, `:` integer, `$` bulk string, `*` array, in any
/// nesting.
///
/// Nesting is a stack of counts, one int per open array, so that its depth is a limit and not the
/// depth of a recursion. C counterpart `redis_parse_rsp` (nc_redis.c).
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

  private final Limits limits;
  private final ReplyView view = new ReplyView();
  private final NumberLine header = new NumberLine();

  private int state;

  /// Offset in the message minus offset in the segment of the current range.
  private long shift;

  private long position;

  /// Elements that each open array still waits for; `depth` of them are open.
  private final int[] open;

  private int depth;

  private boolean recording;
  private int elementAt;

  /// The number of a length or integer line: its digits, and whether a minus precedes them.
  private final Decimal number = new Decimal();

  private boolean array;
  private int remaining;

  /// The word of an error at the top level, packed, and its length.
  private long wordLow;

  private long wordHigh;
  private int wordLength;

  /// A parser that keeps to the given limits.
  public RedisReplyParser(Limits limits) {
    this.limits = limits;
    open = new int[limits.nesting()];
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
    recording = wanted;
  }

  @Override
  public void reset() {
    state = MARK;
    depth = 0;
    recording = false;
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
    if (at + shift > limits.messageLength()) {
      state = FAILED;
    }
    view.length = offset(at);
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
    if (length > limits.bulkLength() || length > limits.messageLength() - offset(data)) {
      return -1;
    }
    if (depth == 1) {
      elementAt = offset(at);
    } else if (depth == 0) {
      view.type = ReplyType.BULK;
    }
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
      case LENGTH -> length(b, offset(at) + 2);
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

  private void mark(byte b, int at) {
    if (depth == 1) {
      elementAt = at;
    }
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
          case ERROR -> depth == 0 ? ERROR_WORD : LINE;
          case INTEGER -> INTEGER;
          case BULK, ARRAY -> LENGTH;
          default -> FAILED;
        };
    if (depth == 0) {
      view.type = type;
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
    if (depth == 0) {
      view.integer = number.saturated();
    }
  }

  private void length(byte b, int dataAt) {
    if (b != Memory.CR) {
      become(number.accept(b), LENGTH);
      return;
    }
    long value = number.saturated();
    int limit = array ? Integer.MAX_VALUE : limits.bulkLength();
    boolean fits = value >= -1 && value <= limit && value <= limits.messageLength() - dataAt;
    become(number.isComplete() && fits, LENGTH_LF);
    remaining = (int) value;
  }

  private void lengthEnded(byte b, int end) {
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
    if (depth == open.length) {
      state = FAILED;
    } else {
      open[depth++] = remaining;
      state = MARK;
    }
  }

  private long data(long at, long to) {
    long taken = Math.min(remaining, to - at);
    remaining -= (int) taken;
    if (remaining == 0) {
      state = DATA_CR;
    }
    return at + taken;
  }

  /// A value that is no open array ended at offset `end`: closes every array that it completes.
  private void valueEnded(int end) {
    while (depth > 0) {
      if (depth == 1 && recording) {
        view.addElement(elementAt, end, elementAt, elementAt);
      }
      if (--open[depth - 1] > 0) {
        return;
      }
      depth--;
    }
    state = DONE;
  }

  private int offset(long at) {
    return (int) (at + shift);
  }
}
