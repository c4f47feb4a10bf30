package twemlab.protocol;

import java.lang.foreign.MemorySegment;
import java.util.List;

/// memcached's text protocol, as clients speak it: `set k 0 0 5 CR LF hello CR LF`.
///
/// A line is a row of fields, and the command's row in [MemcacheCommand] says which ones; the
/// machine knows gaps, words, keys, numbers and data. Several spaces may stand between fields, and
/// before the first. C counterpart `memcache_parse_req` (nc_memcache.c).
///
/// Where twemproxy reads a line otherwise than memcached does, a request could smuggle another one
/// past the proxy. So no control byte may stand in a key, no number may be larger than the server
/// can hold, and no line longer than the server reads.
public final class MemcacheRequestParser implements RequestParser {
  /// memcached closes a connection with a longer line, unless it is a retrieval
  /// (`try_read_command_ascii`, proto_text.c), and any with more leading spaces.
  static final int LINE_MAX = 2048;

  static final int LEADING_SPACES_MAX = 100;

  private static final int START = 0;
  private static final int VERB = 1;
  private static final int GAP = 2;
  private static final int KEY = 3;
  private static final int NUMBER = 4;
  private static final int TAIL = 5;
  private static final int NOREPLY = 6;
  private static final int NOREPLY_END = 7;
  private static final int LINE_LF = 8;
  private static final int DATA = 9;
  private static final int DATA_CR = 10;
  private static final int DATA_LF = 11;
  private static final int DONE = 12;
  private static final int FAILED = 13;

  /// For [#stateName].
  private static final List<String> STATES =
      List.of(
          "START",
          "VERB",
          "GAP",
          "KEY",
          "NUMBER",
          "TAIL",
          "NOREPLY",
          "NOREPLY_END",
          "LINE_LF",
          "DATA",
          "DATA_CR",
          "DATA_LF",
          "DONE",
          "FAILED");

  private static final long NOREPLY_WORD = PackedWord.low("noreply");
  private static final int NOREPLY_LENGTH = 7;
  private static final int VERB_MAX = 8;

  /// So many digits and one byte after them: a number of nine digits fits an int.
  private static final int DIGITS_OF_AN_INT = 10;

  /// Below this, a further digit fits 64 bits.
  private static final long NEVER_OVERFLOWS = Long.MAX_VALUE / 10;

  private final Limits limits;
  private final RequestView view = new RequestView();

  private int state;

  /// Offset in the message minus offset in the segment of the current range.
  private long shift;

  private long position;

  private MemcacheCommand row;

  /// The word that is being read, packed, and how much of it was read.
  private long word;

  private int wordLength;

  /// Where the current gap and the current key start.
  private int gapAt;

  private int keyAt;

  /// Which of the row's numbers comes next, its digits so far, and its value as an unsigned long.
  private int numberIndex;

  private int digits;
  private long value;

  private int remaining;

  /// A parser that keeps to the given limits.
  public MemcacheRequestParser(Limits limits) {
    this.limits = limits;
    reset();
  }

  @Override
  public RequestView view() {
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
  public void recordKeys(boolean wanted) {
    view.record(wanted);
  }

  @Override
  public void reset() {
    state = START;
    row = null;
    word = 0;
    wordLength = 0;
    gapAt = 0;
    numberIndex = 0;
    digits = 0;
    value = 0;
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
      long next = state == GAP ? wholeNumber(segment, at, to) : -1;
      at = next >= 0 ? next : step(segment, at, to);
    }
    position = at;
    if (lineTooLong(at + shift)) {
      state = FAILED;
    }
    view.length = offset(at);
    if (state < DONE) {
      return ParseResult.AGAIN;
    }
    if (state == FAILED) {
      return ParseResult.ERROR;
    }
    return view.refusal == RefusalReason.NONE ? ParseResult.OK : ParseResult.UNSUPPORTED;
  }

  private ParseResult finishedBefore(long from) {
    if (state == DONE) {
      throw new IllegalStateException("the request is complete: reset() begins the next");
    }
    position = from;
    return ParseResult.ERROR;
  }

  /// Consumes what belongs to the current state: a run of bytes, or one. The result is the place of
  /// the next byte to read.
  private long step(MemorySegment segment, long at, long to) {
    return switch (state) {
      case START, GAP, TAIL, NOREPLY_END -> spaces(segment, at, to);
      case VERB -> verb(segment, at, to);
      case KEY -> key(segment, at, to);
      case NUMBER -> number(segment, at, to);
      case NOREPLY -> noreply(segment, at, to);
      case DATA -> data(segment, at, to);
      default -> lineEnd(Memory.byteAt(segment, at), at);
    };
  }

  /// Takes one space and a number in one step if they and the byte after them lie in the range and
  /// nothing about them is unusual. The result is the place of the byte after them, or -1: then the
  /// machine takes them.
  private long wholeNumber(MemorySegment segment, long from, long to) {
    boolean isNumber = row.keyShape() != KeyShape.EVERY && view.keyCount() > 0;
    if (!isNumber || Memory.byteAt(segment, from) != ' ') {
      return -1;
    }
    long first = from + 1;
    long end = Math.min(first + DIGITS_OF_AN_INT, to);
    int number = 0;
    for (long at = first; at < end; at++) {
      byte b = Memory.byteAt(segment, at);
      if (!Memory.isDigit(b)) {
        boolean last = numberIndex == row.numberCount() - 1;
        boolean usual = at > first && (b == ' ' || (last && b == Memory.CR));
        NumberField field = row.number(numberIndex);
        if (!usual || Long.compareUnsigned(number, maximum(field)) > 0) {
          return -1;
        }
        digits = 1;
        value = number;
        numberEnded(b, field, offset(at));
        return at;
      }
      number = number * 10 + (b - '0');
    }
    return -1;
  }

  /// Skips spaces; then the next byte decides. It is not consumed when a field begins with it.
  private long spaces(MemorySegment segment, long from, long to) {
    long at = from;
    while (at < to && Memory.byteAt(segment, at) == ' ') {
      at++;
    }
    boolean tooManySpaces = state == START && at + shift > LEADING_SPACES_MAX;
    if (tooManySpaces || lineTooLong(at + shift)) {
      state = FAILED;
      return at;
    }
    checkLength(at + shift);
    if (at == to) {
      return at;
    }
    byte b = Memory.byteAt(segment, at);
    if (b == Memory.CR) {
      become(mayEnd(), LINE_LF);
      return at + 1;
    }
    fieldBegins(b, offset(at));
    return at;
  }

  /// Whether the line may end in the current gap.
  private boolean mayEnd() {
    return switch (state) {
      case START -> false;
      case GAP -> row.keyShape() == KeyShape.EVERY && view.keyCount() > 0;
      default -> true;
    };
  }

  private void fieldBegins(byte b, int at) {
    switch (state) {
      case START -> become(b >= 'a' && b <= 'z', VERB);
      case TAIL -> become(b == 'n' && row.allowsNoreply(), NOREPLY);
      case GAP -> {
        boolean isKey = view.keyCount() == 0 || row.keyShape() == KeyShape.EVERY;
        keyAt = at;
        state = isKey ? KEY : NUMBER;
      }
      default -> state = FAILED;
    }
  }

  private void become(boolean expected, int next) {
    state = expected ? next : FAILED;
  }

  private long verb(MemorySegment segment, long from, long to) {
    long verb = word;
    int length = wordLength;
    for (long at = from; at < to; at++) {
      byte b = Memory.byteAt(segment, at);
      if (b == ' ' || b == Memory.CR) {
        verbEnded(MemcacheCommand.find(verb), b, offset(at));
        return b == ' ' ? at : at + 1;
      }
      if (b < 'a' || b > 'z' || length == VERB_MAX) {
        state = FAILED;
        return at + 1;
      }
      verb |= (long) b << (length++ << 3);
    }
    word = verb;
    wordLength = length;
    return to;
  }

  private void verbEnded(MemcacheCommand command, byte b, int at) {
    row = command;
    if (row == null) {
      state = FAILED;
      return;
    }
    view.command = row;
    view.quit = row == MemcacheCommand.QUIT;
    wordLength = 0;
    gapAt = at;
    boolean keyless = row.keyShape() == KeyShape.NONE;
    if (b == Memory.CR) {
      become(keyless, LINE_LF);
    } else {
      state = keyless ? TAIL : GAP;
    }
  }

  private long key(MemorySegment segment, long from, long to) {
    long end = Memory.findKeyEnd(segment, from, to);
    int length = offset(end) - keyAt;
    if (length > Limits.MEMCACHE_KEY_LENGTH) {
      state = FAILED;
      return end;
    }
    if (end == to) {
      return to;
    }
    byte b = Memory.byteAt(segment, end);
    boolean ends = b == ' ' || b == Memory.CR;
    if (!ends || length == 0 || view.keyCount() == limits.arguments()) {
      state = FAILED;
      return end + 1;
    }
    view.addKey(keyAt, keyAt, offset(end), offset(end));
    checkLength(end + shift);
    gapAt = offset(end);
    boolean more = row.keyShape() == KeyShape.EVERY || row.numberCount() > 0;
    state = more ? GAP : TAIL;
    return end;
  }

  private long number(MemorySegment segment, long from, long to) {
    NumberField field = row.number(numberIndex);
    long maximum = maximum(field);
    long at = from;
    if (digits == 0 && field.signed() && Memory.byteAt(segment, at) == '-') {
      digits = 1;
      at++;
    }
    for (; at < to; at++) {
      byte b = Memory.byteAt(segment, at);
      if (!Memory.isDigit(b)) {
        numberEnded(b, field, offset(at));
        return at;
      }
      digits = 1;
      if (!digit(b - '0', maximum)) {
        state = FAILED;
        return at + 1;
      }
    }
    return to;
  }

  private long maximum(NumberField field) {
    return field == NumberField.BYTES ? limits.bulkLength() : field.maximum();
  }

  /// False when the number passes the maximum, an unsigned long.
  private boolean digit(int digit, long maximum) {
    long longer = value * 10 + digit;
    boolean exact = Long.compareUnsigned(value, NEVER_OVERFLOWS) < 0 || isExact(digit);
    value = longer;
    return exact && Long.compareUnsigned(longer, maximum) <= 0;
  }

  /// Whether ten times the value and a digit more still fit 64 bits; the division is for the
  /// twentieth digit alone.
  private boolean isExact(int digit) {
    return Long.compareUnsigned(value, Long.divideUnsigned(-1L - digit, 10)) <= 0;
  }

  private void numberEnded(byte b, NumberField field, int at) {
    boolean last = numberIndex == row.numberCount() - 1;
    boolean ends = b == ' ' || (last && b == Memory.CR);
    if (!ends || digits == 0) {
      state = FAILED;
      return;
    }
    if (field == NumberField.BYTES) {
      remaining = (int) value;
    }
    numberIndex++;
    digits = 0;
    value = 0;
    gapAt = at;
    state = last ? TAIL : GAP;
  }

  private long noreply(MemorySegment segment, long from, long to) {
    for (long at = from; at < to; at++) {
      byte b = Memory.byteAt(segment, at);
      if (b != (byte) (NOREPLY_WORD >>> (wordLength << 3))) {
        state = FAILED;
        return at + 1;
      }
      if (++wordLength == NOREPLY_LENGTH) {
        view.noreply = true;
        view.noreplyStart = gapAt;
        view.noreplyEnd = offset(at) + 1;
        state = NOREPLY_END;
        return at + 1;
      }
    }
    return to;
  }

  private long data(MemorySegment segment, long at, long to) {
    long end = at + remaining;
    if (end + 2 <= to
        && Memory.byteAt(segment, end) == Memory.CR
        && Memory.byteAt(segment, end + 1) == Memory.LF) {
      state = DONE;
      return end + 2;
    }
    long taken = Math.min(remaining, to - at);
    remaining -= (int) taken;
    if (remaining == 0) {
      state = DATA_CR;
    }
    return at + taken;
  }

  private long lineEnd(byte b, long at) {
    switch (state) {
      case LINE_LF -> {
        boolean data = row.hasData();
        become(b == Memory.LF, data ? (remaining == 0 ? DATA_CR : DATA) : DONE);
        if (data && remaining > limits.messageLength() - offset(at) - 3) {
          state = FAILED;
        } else if (data) {
          checkLength(at + shift + 3 + remaining);
        }
      }
      case DATA_CR -> become(b == Memory.CR, DATA_LF);
      case DATA_LF -> become(b == Memory.LF, DONE);
      default -> throw new IllegalStateException("state " + state);
    }
    return at + 1;
  }

  /// Says when the request is too long to be taken.
  private void checkLength(long length) {
    if (length > limits.keptLength()) {
      view.refusal = RefusalReason.TOO_LARGE;
    }
  }

  private boolean lineTooLong(long length) {
    boolean retrieval = row != null && row.keyShape() == KeyShape.EVERY;
    return state < LINE_LF && length > (retrieval ? limits.messageLength() : LINE_MAX);
  }

  private int offset(long at) {
    return (int) (at + shift);
  }
}
