package twemlab.protocol;

import java.lang.foreign.MemorySegment;
import java.util.List;
import twemlab.protocol.bytes.Memory;
import twemlab.protocol.bytes.PackedWord;
import twemlab.protocol.command.Complaint;
import twemlab.protocol.command.KeyShape;
import twemlab.protocol.command.MemcacheCommand;
import twemlab.protocol.command.NumberField;

/// memcached's text protocol, as clients speak it: `set k 0 0 5 CR LF hello CR LF`.
///
/// A line is a row of fields, and the command's row in [MemcacheCommand] says which ones; the
/// machine knows gaps, words, keys, numbers and data. Several spaces may stand between fields, and
/// before the first. C counterpart `memcache_parse_req` (nc_memcache.c).
///
/// Where twemproxy reads a line otherwise than memcached does, a request could smuggle another one
/// past the proxy. So no control byte may stand in a key, no number may be larger than the server
/// can hold, and no line longer than the server reads.
///
/// A line that is not understood is refused in memcached's own words and skipped, with its data
/// block if one follows whose length is known ([RestOfLine]). Where a data block may follow and
/// nobody knows how long it is, that is an error.
public final class MemcacheRequestParser implements RequestParser {
  /// memcached closes a connection with a longer line, unless it is a `get` or `gets`
  /// (`try_read_command_ascii`, proto_text.c), and any with more leading spaces.
  static final int LINE_MAX = 2048;

  static final int LEADING_SPACES_MAX = 100;

  private static final int START = 0;
  private static final int VERB = 1;
  private static final int GAP = 2;
  private static final int KEY = 3;
  private static final int NUMBER = 4;
  private static final int TAIL = 5;
  private static final int ZERO_END = 6;
  private static final int NOREPLY = 7;
  private static final int NOREPLY_END = 8;
  private static final int LINE_LF = 9;
  private static final int ARGUMENTS = 10;
  private static final int REFUSED = 11;
  private static final int DATA = 12;
  private static final int BINARY = 13;
  private static final int DONE = 14;
  private static final int FAILED = 15;

  /// For [#stateName].
  private static final List<String> STATES =
      List.of(
          ("START VERB GAP KEY NUMBER TAIL ZERO_END NOREPLY NOREPLY_END LINE_LF"
                  + " ARGUMENTS REFUSED DATA BINARY DONE FAILED")
              .split(" "));

  private static final long NOREPLY_WORD = PackedWord.low("noreply");
  private static final int NOREPLY_LENGTH = 7;

  /// The first byte of a request in the binary protocol, and the size of its header.
  private static final byte BINARY_MARK = (byte) 0x80;

  /// The index of the number that says how long the data block is.
  private static final int BYTES_NUMBER = 2;

  /// So many digits and one byte after them: a number of nine digits fits an int.
  private static final int DIGITS_OF_AN_INT = 10;

  private final Limits limits;
  private final RequestView view = new RequestView();
  private final VerbReader verb = new VerbReader();
  private final DataBlock block = new DataBlock();
  private final NumberReader number = new NumberReader();
  private final RestOfLine rest = new RestOfLine();

  private int state;

  /// Offset in the message minus offset in the segment of the current range.
  private long shift;

  private long position;

  private MemcacheCommand row;

  /// How much was read of `noreply`, or of the zero of `delete`.
  private int wordLength;

  /// Where the current gap and the current key start.
  private int gapAt;

  private int keyAt;

  /// Which of the row's numbers comes next.
  private int numberIndex;

  /// Whether the old argument of `delete` was read, a zero.
  private boolean zero;

  /// Whether the line was refused at the last byte that was looked at.
  private boolean refusedHere;

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
    verb.clear();
    number.clear();
    wordLength = 0;
    gapAt = 0;
    numberIndex = 0;
    zero = false;
    refusedHere = false;
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
      fail(Complaint.LINE_TOO_LONG);
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
      case ARGUMENTS, REFUSED -> rest(segment, at, to);
      case DATA -> data(segment, at, to);
      case ZERO_END -> zero(Memory.byteAt(segment, at), at);
      case BINARY -> binary(Memory.byteAt(segment, at), at);
      case LINE_LF -> lineFeed(Memory.byteAt(segment, at), at);
      default -> throw new IllegalStateException(stateName());
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
    int whole = 0;
    for (long at = first; at < end; at++) {
      byte b = Memory.byteAt(segment, at);
      if (!Memory.isDigit(b)) {
        boolean last = numberIndex == row.numberCount() - 1;
        boolean usual = at > first && (b == ' ' || (last && b == Memory.CR));
        NumberField field = row.number(numberIndex);
        if (!usual || Long.compareUnsigned(whole, maximum(field)) > 0) {
          return -1;
        }
        took(field, whole, offset(at));
        return at;
      }
      whole = whole * 10 + (b - '0');
    }
    return -1;
  }

  /// Skips spaces; then the next byte decides. It is not consumed when a field begins with it.
  private long spaces(MemorySegment segment, long from, long to) {
    long at = from;
    while (at < to && Memory.byteAt(segment, at) == ' ') {
      at++;
    }
    if (state == START && at + shift > LEADING_SPACES_MAX) {
      fail(Complaint.LINE_TOO_LONG);
      return at;
    }
    if (lineTooLong(at + shift)) {
      fail(Complaint.LINE_TOO_LONG);
      return at;
    }
    checkLength(at + shift);
    if (at == to) {
      return at;
    }
    byte b = Memory.byteAt(segment, at);
    if (b == Memory.CR && mayEnd()) {
      state = LINE_LF;
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
    if (b == Memory.CR || b == Memory.LF) {
      refuseInGap(Complaint.BAD_LINE, at);
      return;
    }
    switch (state) {
      case START -> {
        if (b == BINARY_MARK && at == 0) {
          view.binaryOpaque = 0;
          state = BINARY;
        } else {
          state = VERB;
        }
      }
      case TAIL -> tailBegins(b, at);
      case GAP -> {
        boolean isKey =
            row.numbersFirst()
                ? numberIndex > 0
                : view.keyCount() == 0 || row.keyShape() == KeyShape.EVERY;
        keyAt = at;
        state = isKey ? KEY : NUMBER;
      }
      default -> refuseInGap(Complaint.BAD_LINE, at);
    }
  }

  private void tailBegins(byte b, int at) {
    if (b == 'n' && row.allowsNoreply()) {
      state = NOREPLY;
    } else if (b == '0' && row == MemcacheCommand.DELETE && !zero) {
      state = ZERO_END;
      zero = true;
      wordLength = 0;
    } else {
      refuseInGap(tailComplaint(), at);
    }
  }

  private Complaint tailComplaint() {
    return row == MemcacheCommand.DELETE ? Complaint.BAD_DELETE : Complaint.BAD_LINE;
  }

  /// The field that begins at `at` is not understood.
  private void refuseInGap(Complaint complaint, int at) {
    rest.startInGap(fields(), row == null ? 0 : row.packed(), Math.min(gapAt, at));
    refuse(complaint);
  }

  /// The field that is being read is not understood from the next byte on.
  private void refuseInField(Complaint complaint) {
    rest.startInField(fields(), row.packed());
    refuse(complaint);
  }

  /// From here on only the end of the line is looked for.
  private void refuse(Complaint complaint) {
    if (row != null && row.hasData() && numberIndex > BYTES_NUMBER) {
      rest.knowBytes(remaining);
    }
    view.refusal = RefusalReason.NOT_UNDERSTOOD;
    view.complaint = complaint;
    view.noreply = false;
    view.quit = false;
    refusedHere = true;
    state = REFUSED;
  }

  private void fail(Complaint complaint) {
    view.complaint = complaint;
    refusedHere = false;
    state = FAILED;
  }

  /// Fields of the line that were read to their ends.
  private int fields() {
    if (row == null) {
      return 0;
    }
    int tail = (zero && state != ZERO_END ? 1 : 0) + (state == NOREPLY_END ? 1 : 0);
    return 1 + view.keyCount() + numberIndex + tail;
  }

  private long verb(MemorySegment segment, long from, long to) {
    long at = verb.read(segment, from, to);
    if (verb.isEnded()) {
      verbEnded(verb.row(), offset(at));
    }
    return at;
  }

  /// The old argument of `delete`, behind which only `noreply` may follow.
  private long zero(byte b, long at) {
    if (wordLength == 0) {
      wordLength = 1;
      return at + 1;
    }
    if (b != ' ' && b != Memory.CR) {
      refuseInField(Complaint.BAD_DELETE);
      return at;
    }
    wordLength = 0;
    gapAt = offset(at);
    state = TAIL;
    return at;
  }

  private void verbEnded(MemcacheCommand command, int at) {
    row = command;
    if (row == null) {
      rest.startInVerb(verb.word(), verb.length());
      refuse(Complaint.UNKNOWN_LINE);
      return;
    }
    view.command = row;
    view.quit = row == MemcacheCommand.QUIT;
    gapAt = at;
    if (row.keyShape() == KeyShape.NONE) {
      rest.startInGap(1, row.packed(), at);
      state = ARGUMENTS;
    } else {
      state = GAP;
    }
  }

  private long key(MemorySegment segment, long from, long to) {
    long end = Memory.findKeyEnd(segment, from, to);
    int length = offset(end) - keyAt;
    if (length > Limits.MEMCACHE_KEY_LENGTH) {
      refuseInField(Complaint.BAD_LINE);
      return end;
    }
    if (end == to) {
      return to;
    }
    byte b = Memory.byteAt(segment, end);
    boolean ends = b == ' ' || b == Memory.CR;
    if (!ends || view.keyCount() == limits.arguments()) {
      refuseInField(Complaint.BAD_LINE);
      return end;
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
    long at = number.read(segment, from, to, field.signed(), maximum(field));
    if (number.isTooLarge()) {
      refuseInField(field.complaint());
    } else if (at < to) {
      numberEnded(Memory.byteAt(segment, at), field, offset(at));
    }
    return at;
  }

  private long maximum(NumberField field) {
    return field == NumberField.BYTES ? limits.bulkLength() : field.maximum();
  }

  private void numberEnded(byte b, NumberField field, int at) {
    boolean last = numberIndex == row.numberCount() - 1;
    boolean ends = b == ' ' || (last && b == Memory.CR && !row.numbersFirst());
    if (ends && number.hasDigits()) {
      took(field, number.value(), at);
    } else {
      refuseInField(field.complaint());
    }
    number.clear();
  }

  private void took(NumberField field, long value, int at) {
    if (field == NumberField.BYTES) {
      remaining = (int) value;
    } else if (row.numbersFirst()) {
      view.exptime = value;
    }
    numberIndex++;
    gapAt = at;
    state = numberIndex < row.numberCount() || row.numbersFirst() ? GAP : TAIL;
  }

  private long noreply(MemorySegment segment, long from, long to) {
    for (long at = from; at < to; at++) {
      byte b = Memory.byteAt(segment, at);
      if (b != (byte) (NOREPLY_WORD >>> (wordLength << 3))) {
        refuseInField(tailComplaint());
        return at;
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

  private long data(MemorySegment segment, long from, long to) {
    long at = block.read(segment, from, to);
    if (block.isDone()) {
      state = DONE;
    } else if (block.isBroken()) {
      fail(Complaint.BAD_CHUNK);
    }
    return at;
  }

  private long lineFeed(byte b, long at) {
    if (b != Memory.LF) {
      refuseInField(Complaint.BAD_LINE);
      return at;
    }
    if (row.hasData()) {
      dataBegins(at + 1);
      checkLength(at + shift + 3 + remaining);
    } else {
      state = DONE;
    }
    return at + 1;
  }

  private void dataBegins(long at) {
    state = DATA;
    block.begin(remaining);
    if (remaining > limits.messageLength() - offset(at) - 2) {
      fail(Complaint.BAD_CHUNK);
    }
  }

  private long rest(MemorySegment segment, long from, long to) {
    if (lineTooLong(from + shift)) {
      fail(Complaint.LINE_TOO_LONG);
      return from;
    }
    refusedHere = false;
    long at = rest.skip(segment, from, to, shift);
    // The carriage return may be among these bytes.
    long line = at + shift - (rest.isEnded() ? 1 : 0) - 1;
    if (line > lineMaximum()) {
      fail(Complaint.LINE_TOO_LONG);
    } else if (rest.isEnded()) {
      restEnded(at);
    }
    return at;
  }

  private void restEnded(long at) {
    boolean known = row != null && row.acceptsFields(rest.fields());
    boolean noreply = known && row.allowsNoreply() && rest.endsWithNoreply();
    int fields = rest.fields() - (noreply ? 1 : 0);
    view.noreply = noreply;
    if (state == ARGUMENTS && rest.endsWithBoth() && row.arity().accepts(fields)) {
      view.argumentCount = fields - 1;
      view.noreplyStart = rest.lastGap();
      view.noreplyEnd = rest.lastEnd();
      state = DONE;
      return;
    }
    view.refusal = RefusalReason.NOT_UNDERSTOOD;
    view.quit = false;
    if (!known) {
      view.complaint = Complaint.UNKNOWN_LINE;
    } else if (state == ARGUMENTS) {
      view.complaint = Complaint.BAD_LINE;
    }
    skipData(known, at);
  }

  /// A refused line has ended: its data block is skipped, if there is one of a known length.
  private void skipData(boolean known, long at) {
    boolean data = row == null ? MemcacheCommand.mayHaveData(rest.verb()) : row.hasData();
    long bytes = known ? rest.bytes() : -1;
    if (!data || bytes == 0) {
      // Without data nothing can be taken for a command but the empty line's two bytes.
      state = DONE;
    } else if (bytes < 0 || bytes > limits.bulkLength()) {
      state = FAILED;
    } else {
      remaining = (int) bytes;
      dataBegins(at);
    }
  }

  private long binary(byte b, long at) {
    if (view.addBinaryByte(offset(at), b)) {
      fail(Complaint.BINARY_PROTOCOL);
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
    return (state < LINE_LF || refusedHere) && length > lineMaximum();
  }

  private int lineMaximum() {
    boolean retrieval = row != null && row.keyShape() == KeyShape.EVERY && !row.numbersFirst();
    return retrieval ? limits.messageLength() : LINE_MAX;
  }

  private int offset(long at) {
    return (int) (at + shift);
  }
}
