package twemlab.protocol;

import java.lang.foreign.MemorySegment;
import java.util.List;
import twemlab.protocol.bytes.Memory;
import twemlab.protocol.bytes.NumberLine;
import twemlab.protocol.bytes.PackedWord;
import twemlab.protocol.command.Complaint;
import twemlab.protocol.command.FanOut;
import twemlab.protocol.command.Handling;
import twemlab.protocol.command.KeyShape;
import twemlab.protocol.command.RedisCommand;
import twemlab.protocol.command.RedisCommandTable;

/// Redis requests: arrays of bulk strings, `*2 CR LF $3 CR LF GET CR LF $1 CR LF k CR LF`.
///
/// The framing machine has nine states and knows no command. What the elements mean is decided from
/// the command's row, once per element ([#role]). A bulk string that lies wholly in the range is
/// taken in one step ([#wholeBulk]); that path accepts only what the machine accepts, and leaves
/// everything unusual to it.
///
/// A request that does not begin with a star is a line of words ([InlineRequest]): its end is
/// looked for here, by redis' rules, and the words are left to others. What redis could not read is
/// an error in redis' own words ([Complaint]).
///
/// C counterpart `redis_parse_req` (nc_redis.c), which knows no such lines. A length has no leading
/// zero, because redis would refuse it.
public final class RedisRequestParser implements RequestParser {
  private static final int ARRAY_MARK = 0;
  private static final int COUNT = 1;
  private static final int COUNT_LF = 2;
  private static final int BULK_MARK = 3;
  private static final int LENGTH = 4;
  private static final int LENGTH_LF = 5;
  private static final int BULK = 6;
  private static final int BULK_CR = 7;
  private static final int BULK_LF = 8;
  private static final int LINE = 9;
  private static final int DONE = 10;
  private static final int FAILED = 11;

  /// For [#stateName].
  private static final List<String> STATES =
      List.of(
          "ARRAY_MARK",
          "COUNT",
          "COUNT_LF",
          "BULK_MARK",
          "LENGTH",
          "LENGTH_LF",
          "BULK",
          "BULK_CR",
          "BULK_LF",
          "LINE",
          "DONE",
          "FAILED");

  private static final int SKIP = 0;
  private static final int NAME = 1;
  private static final int KEY = 2;
  private static final int NUMKEYS = 3;

  /// No digit was read yet.
  private static final int NO_NUMBER = -1;

  private final Limits limits;
  private final RequestView view = new RequestView();
  private final NumberLine header = new NumberLine();

  private int state;

  /// Offset in the message minus offset in the segment of the current range.
  private long shift;

  private long position;

  /// Elements announced, and the element that is being read.
  private int count;

  private int index;

  /// The number of a count or length line, so far.
  private int number;

  /// Offsets of the current bulk string's mark and of its first data byte.
  private int markAt;

  private int dataAt;

  /// Bytes of the current bulk string that are still to come, and what it is.
  private int remaining;

  private int role;
  private int numkeys;

  /// The number of a count line has a minus.
  private boolean negative;

  /// The key shape of the command, [KeyShape#NONE] until it is known and when it is refused: the
  /// first and the last key, a bit that no key's distance from the first has, and the element that
  /// says how many keys there are, or 0.
  private int firstKey;

  private int lastKey;
  private int betweenKeys;
  private int numkeysAt;

  /// What has been seen of a line.
  private int lineLength;

  private boolean lineHasNul;
  private boolean lastIsCarriageReturn;

  /// A parser that keeps to the given limits.
  public RedisRequestParser(Limits limits) {
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
    state = ARRAY_MARK;
    index = 0;
    number = NO_NUMBER;
    numkeys = 0;
    negative = false;
    shape(KeyShape.NONE);
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
      long next = state == BULK_MARK ? wholeBulk(segment, at, to) : -1;
      at = next >= 0 ? next : step(segment, at, to);
    }
    position = at;
    view.length = offset(at);
    if (state < DONE) {
      return ParseResult.AGAIN;
    }
    if (state == FAILED) {
      return ParseResult.ERROR;
    }
    if (view.inline) {
      return ParseResult.INLINE;
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

  /// Takes the bulk string at `at` in one step if it and its line ends lie in the range and nothing
  /// about it is unusual. The result is where the next element starts, or -1.
  private long wholeBulk(MemorySegment segment, long at, long to) {
    long data = header.read(segment, at, to);
    if (data < 0 || !NumberLine.isWholeData(segment, data, header.value(), to)) {
      return -1;
    }
    int length = header.value();
    int whole = role();
    if (whole == NUMKEYS || !admits(length, offset(data))) {
      return -1;
    }
    markAt = offset(at);
    dataAt = offset(data);
    role = whole;
    checkLength(length);
    checkKey(length);
    long end = data + length;
    if (whole == NAME) {
      named(segment, data, length, end);
    }
    dataEnded(offset(end));
    bulkEnded(offset(end) + 2);
    return end + 2;
  }

  /// One transition of the framing machine; of data, as many bytes as there are. The result is the
  /// place of the next byte to read.
  private long step(MemorySegment segment, long at, long to) {
    if (state == BULK) {
      return data(segment, at, to);
    }
    if (state == LINE) {
      return line(segment, at, to);
    }
    byte b = Memory.byteAt(segment, at);
    switch (state) {
      case ARRAY_MARK -> {
        if (b != '*') {
          lineBegins();
          return at;
        }
        state = COUNT;
      }
      case COUNT -> count(b);
      case COUNT_LF -> countEnded(b);
      case BULK_MARK -> {
        markAt = offset(at);
        number = NO_NUMBER;
        view.unexpected = b;
        become(b == '$', LENGTH, Complaint.EXPECTED_DOLLAR);
      }
      case LENGTH -> length(b, at);
      case LENGTH_LF ->
          become(b == Memory.LF, remaining == 0 ? BULK_CR : BULK, Complaint.BULK_LENGTH);
      case BULK_CR -> {
        become(b == Memory.CR, BULK_LF, Complaint.BULK_END);
        if (state == BULK_LF) {
          meaning();
          dataEnded(offset(at));
        }
      }
      case BULK_LF -> {
        become(b == Memory.LF, BULK_MARK, Complaint.BULK_END);
        if (state == BULK_MARK) {
          bulkEnded(offset(at) + 1);
        }
      }
      default -> throw new IllegalStateException("state " + state);
    }
    return at + 1;
  }

  private void become(boolean expected, int next, Complaint otherwise) {
    if (expected) {
      state = next;
    } else {
      fail(otherwise);
    }
  }

  private void fail(Complaint complaint) {
    view.complaint = complaint;
    state = FAILED;
  }

  private void lineBegins() {
    state = LINE;
    view.inline = true;
    lineLength = 0;
    lineHasNul = false;
    lastIsCarriageReturn = false;
  }

  /// redis looks for the line feed in a C string: it finds none behind a NUL.
  private long line(MemorySegment segment, long from, long to) {
    for (long at = from; at < to; at++) {
      byte b = Memory.byteAt(segment, at);
      if (b == Memory.LF && !lineHasNul) {
        state = DONE;
        return at + 1;
      }
      lineHasNul |= b == 0;
      lastIsCarriageReturn = b == Memory.CR;
      lineLength++;
      if (lineLength > InlineRequest.LINE_MAX + (lastIsCarriageReturn ? 1 : 0)) {
        fail(Complaint.INLINE_TOO_BIG);
        return at + 1;
      }
    }
    return to;
  }

  private void count(byte b) {
    if (b == '-' && number == NO_NUMBER && !negative) {
      negative = true;
    } else if (b != Memory.CR) {
      digit(b, limits.arguments(), Complaint.MULTIBULK_LENGTH);
    } else if (number == NO_NUMBER || (negative && number == 0)) {
      fail(Complaint.MULTIBULK_LENGTH);
    } else {
      count = negative ? 0 : number;
      view.argumentCount = Math.max(0, count - 1);
      state = COUNT_LF;
    }
  }

  private void countEnded(byte b) {
    become(b == Memory.LF, BULK_MARK, Complaint.MULTIBULK_LENGTH);
    if (state == BULK_MARK && count == 0) {
      view.refusal = RefusalReason.EMPTY;
      state = DONE;
    }
  }

  private void length(byte b, long at) {
    if (b != Memory.CR) {
      digit(b, limits.bulkLength(), Complaint.BULK_LENGTH);
      return;
    }
    role = role();
    dataAt = offset(at) + 2;
    remaining = number;
    become(number >= 0 && admits(number, dataAt), LENGTH_LF, Complaint.BULK_LENGTH);
    checkLength(number);
    checkKey(number);
  }

  /// Says when a key is longer than one may be, before it comes.
  private void checkKey(int length) {
    if (role == KEY && length >= limits.redisKeyLength()) {
      refuse(RefusalReason.KEY_TOO_LONG);
      role = SKIP;
    }
  }

  /// Says when the element that begins makes the request too long to be taken.
  private void checkLength(int length) {
    if (view.refusal == RefusalReason.NONE && length > limits.keptLength() - dataAt - 2) {
      refuse(RefusalReason.TOO_LARGE);
    }
  }

  private void digit(byte b, int limit, Complaint otherwise) {
    if (!Memory.isDigit(b) || number == 0) {
      fail(otherwise);
      return;
    }
    long longer = number == NO_NUMBER ? b - '0' : number * 10L + (b - '0');
    if (longer > limit) {
      fail(otherwise);
    } else {
      number = (int) longer;
    }
  }

  /// Whether a bulk string may have that length, at that place of the message.
  private boolean admits(int length, int dataAt) {
    return length <= limits.bulkLength() && dataAt <= limits.messageLength() - length - 2;
  }

  private long data(MemorySegment segment, long at, long to) {
    long taken = Math.min(remaining, to - at);
    if (role == NAME) {
      for (long i = at; i < at + Math.min(taken, RequestView.NAME_KEPT); i++) {
        view.addNameByte(Memory.byteAt(segment, i));
      }
    } else if (role == NUMKEYS) {
      for (long i = at; i < at + taken; i++) {
        numkeysDigit(Memory.byteAt(segment, i));
      }
    }
    remaining -= (int) taken;
    if (remaining == 0) {
      state = BULK_CR;
    }
    return at + taken;
  }

  /// Negative for what is no number, or more keys than a request can have.
  private void numkeysDigit(byte b) {
    if (numkeys >= 0) {
      int digits = Memory.isDigit(b) ? numkeys * 10 + (b - '0') : -1;
      numkeys = digits > limits.arguments() ? -1 : digits;
    }
  }

  /// What the current element is to the parser.
  private int role() {
    if (index >= firstKey && index <= lastKey && ((index - firstKey) & betweenKeys) == 0) {
      return KEY;
    }
    return index == 0 ? NAME : index == numkeysAt ? NUMKEYS : SKIP;
  }

  private void shape(KeyShape shape) {
    firstKey = shape.first();
    lastKey = shape.last();
    betweenKeys = shape.step() - 1;
    numkeysAt = shape.numkeysAt();
  }

  /// The carriage return after a name or a number of keys was seen: the machine's own path.
  private void meaning() {
    if (role == NAME) {
      named(
          view.keptNameLength() > PackedWord.MAX_LENGTH
              ? null
              : RedisCommandTable.find(
                  view.packedName(0), view.packedName(8), view.packedName(16)));
    } else if (role == NUMKEYS) {
      counted();
    }
  }

  /// A number of keys that is none, or zero: the request has no key that decides the route, and any
  /// server can say what is wrong, or run a script without keys.
  private void counted() {
    KeyShape shape = view.command.keyShape();
    if (numkeys <= 0) {
      shape(KeyShape.NONE);
    } else if (view.command.fanOut() != FanOut.NONE) {
      lastKey = (int) Math.min((long) shape.first() + numkeys - 1, Integer.MAX_VALUE);
    }
  }

  /// The same for a name that lies in the range.
  private void named(MemorySegment segment, long at, int length, long to) {
    RedisCommand row = null;
    if (length <= PackedWord.MAX_LENGTH) {
      row =
          RedisCommandTable.find(
              PackedWord.foldedAt(segment, at, length, to),
              PackedWord.foldedAt(segment, at + 8, length - 8, to),
              PackedWord.foldedAt(segment, at + 16, length - 16, to));
    }
    if (row == null) {
      for (int i = 0; i < Math.min(length, RequestView.NAME_KEPT); i++) {
        view.addNameByte(Memory.byteAt(segment, at + i));
      }
    }
    named(row);
  }

  private void named(RedisCommand row) {
    view.command = row;
    if (view.refusal != RefusalReason.NONE) {
      return;
    }
    if (row == null) {
      refuse(RefusalReason.UNKNOWN_COMMAND);
    } else if (!row.accepts(count) && row.keyShape() == KeyShape.NONE) {
      refuse(RefusalReason.WRONG_ARITY);
    } else if (row.handling() == Handling.REFUSE) {
      refuse(RefusalReason.NOT_SUPPORTED);
    } else {
      shape(row.keyShape());
      view.quit = row == RedisCommand.QUIT;
    }
  }

  private void refuse(RefusalReason reason) {
    view.refusal = reason;
    view.quit = false;
    shape(KeyShape.NONE);
  }

  private void dataEnded(int end) {
    if (role == KEY) {
      view.addKey(markAt, dataAt, end, end + 2);
    }
  }

  /// The element ended at offset `end`, its line feed included.
  private void bulkEnded(int end) {
    if (betweenKeys != 0 && role == SKIP) {
      view.extendUnit(end);
    }
    if (index <= 1) {
      checkArity();
    }
    index++;
    state = index == count ? DONE : BULK_MARK;
  }

  /// Says when the number of arguments is wrong: at the name when there is no argument or no key,
  /// and after the first argument otherwise, as twemproxy does.
  private void checkArity() {
    if (view.refusal != RefusalReason.NONE) {
      return;
    }
    RedisCommand row = (RedisCommand) view.command;
    boolean now = index == 1 || count == 1 || row.keyShape() == KeyShape.NONE;
    if (now && !row.accepts(count)) {
      refuse(RefusalReason.WRONG_ARITY);
    }
  }

  private int offset(long at) {
    return (int) (at + shift);
  }
}
