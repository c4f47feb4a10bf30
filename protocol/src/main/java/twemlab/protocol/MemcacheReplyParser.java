package twemlab.protocol;

import java.lang.foreign.MemorySegment;
import java.util.List;
import twemlab.protocol.bytes.Decimal;
import twemlab.protocol.bytes.Memory;

/// memcached's replies: a number, one word, a word with text, or `VALUE` blocks and `END`.
///
/// C counterpart `memcache_parse_rsp` (nc_memcache.c). After a block twemproxy takes any reply
/// word, and so does this parser: memcached ends a retrieval with an error when it runs out of
/// memory. No value is too long: a client can ask for one as often as it likes in one request, and
/// whoever forwards the reply must find its end.
public final class MemcacheReplyParser implements ReplyParser {
  private static final int START = 0;
  private static final int NUMBER = 1;
  private static final int WORD = 2;
  private static final int KEY_GAP = 3;
  private static final int KEY = 4;
  private static final int FLAGS_GAP = 5;
  private static final int FLAGS = 6;
  private static final int BYTES_GAP = 7;
  private static final int BYTES = 8;
  private static final int TEXT = 9;
  private static final int SPACES = 10;
  private static final int LINE_LF = 11;
  private static final int DATA = 12;
  private static final int DATA_CR = 13;
  private static final int DATA_LF = 14;
  private static final int DONE = 15;
  private static final int FAILED = 16;

  /// For [#stateName].
  private static final List<String> STATES =
      List.of(
          "START",
          "NUMBER",
          "WORD",
          "KEY_GAP",
          "KEY",
          "FLAGS_GAP",
          "FLAGS",
          "BYTES_GAP",
          "BYTES",
          "TEXT",
          "SPACES",
          "LINE_LF",
          "DATA",
          "DATA_CR",
          "DATA_LF",
          "DONE",
          "FAILED");

  /// `CLIENT_ERROR` and `SERVER_ERROR`.
  private static final int WORD_MAX = 12;

  /// No server means a longer value.
  private static final long BYTES_MAX = 1L << 60;

  private final ReplyView view = new ReplyView();
  private final Decimal number = new Decimal();

  private int state;

  /// Offset in the message minus offset in the segment of the current range.
  private long shift;

  private long position;

  private long wordLow;
  private long wordHigh;
  private int wordLength;

  private long blockAt;
  private long keyAt;
  private long keyEnd;
  private long remaining;

  /// A parser at the beginning of a reply.
  public MemcacheReplyParser() {
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
    state = START;
    number.clear();
    clearWord();
    view.clear();
  }

  private void clearWord() {
    wordLow = 0;
    wordHigh = 0;
    wordLength = 0;
  }

  @Override
  public ParseResult parse(MemorySegment segment, long from, long to) {
    if (state >= DONE) {
      return finishedBefore(from);
    }
    shift = view.length - from;
    long at = from;
    while (at < to && state < DONE) {
      at = step(segment, at, to);
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

  /// Consumes what belongs to the current state. The result is the place of the next byte to read.
  private long step(MemorySegment segment, long at, long to) {
    return switch (state) {
      case KEY -> key(segment, at, to);
      case TEXT -> text(segment, at, to);
      case DATA -> data(at, to);
      default -> oneByte(Memory.byteAt(segment, at), at);
    };
  }

  private long oneByte(byte b, long at) {
    switch (state) {
      case START -> {
        state = Memory.isDigit(b) ? NUMBER : WORD;
        return at;
      }
      case NUMBER -> numberByte(b);
      case WORD -> wordByte(b, offset(at));
      case KEY_GAP, FLAGS_GAP, BYTES_GAP -> {
        return gap(b, at);
      }
      case FLAGS -> {
        if (!Memory.isDigit(b)) {
          become(b == ' ', BYTES_GAP);
        }
      }
      case BYTES -> bytes(b);
      case SPACES -> {
        if (b != ' ') {
          become(b == Memory.CR, LINE_LF);
        }
      }
      case LINE_LF -> lineEnded(b);
      case DATA_CR -> become(b == Memory.CR, DATA_LF);
      case DATA_LF -> blockEnded(b, offset(at) + 1);
      default -> throw new IllegalStateException("state " + state);
    }
    return at + 1;
  }

  private void become(boolean expected, int next) {
    state = expected ? next : FAILED;
  }

  private void numberByte(byte b) {
    view.type = ReplyType.NUMBER;
    if (!Memory.isDigit(b)) {
      become(b == ' ' || b == Memory.CR, b == ' ' ? SPACES : LINE_LF);
      view.integer = number.saturated();
    } else {
      number.accept(b);
    }
  }

  private void wordByte(byte b, long at) {
    if (b == ' ' || b == Memory.CR) {
      wordEnded(b);
      return;
    }
    if (wordLength == 0) {
      blockAt = at;
    }
    long bits = (b & 0xFFL) << ((wordLength & 7) << 3);
    wordLow |= wordLength < 8 ? bits : 0;
    wordHigh |= wordLength >= 8 ? bits : 0;
    become(++wordLength <= WORD_MAX, WORD);
  }

  private void wordEnded(byte b) {
    view.type = MemcacheReplyWord.find(wordLow, wordHigh);
    clearWord();
    number.clear();
    int next = b == ' ' ? SPACES : LINE_LF;
    state =
        switch (view.type) {
          case NONE -> FAILED;
          case VALUE -> b == ' ' ? KEY_GAP : FAILED;
          case END -> b == ' ' ? FAILED : LINE_LF;
          case VERSION, CLIENT_ERROR, SERVER_ERROR -> b == ' ' ? TEXT : LINE_LF;
          default -> next;
        };
  }

  private long gap(byte b, long at) {
    if (b == ' ') {
      return at + 1;
    }
    if (state == KEY_GAP) {
      keyAt = offset(at);
      state = KEY;
    } else {
      become(Memory.isDigit(b), state + 1);
    }
    return state == FAILED ? at + 1 : at;
  }

  private long key(MemorySegment segment, long from, long to) {
    long end = Memory.findKeyEnd(segment, from, to);
    long length = offset(end) - keyAt;
    if (length > Limits.MEMCACHE_KEY_LENGTH) {
      state = FAILED;
      return end;
    }
    if (end == to) {
      return to;
    }
    keyEnd = offset(end);
    become(Memory.byteAt(segment, end) == ' ' && length > 0, FLAGS_GAP);
    return end + 1;
  }

  private void bytes(byte b) {
    if (Memory.isDigit(b)) {
      number.accept(b);
      become(number.saturated() <= BYTES_MAX, BYTES);
      return;
    }
    remaining = number.saturated();
    become(b == ' ' || b == Memory.CR, b == ' ' ? TEXT : LINE_LF);
  }

  private long text(MemorySegment segment, long at, long to) {
    long end = Memory.findCarriageReturn(segment, at, to);
    if (end == to) {
      return to;
    }
    state = LINE_LF;
    return end + 1;
  }

  private void lineEnded(byte b) {
    boolean block = view.type == ReplyType.VALUE;
    become(b == Memory.LF, block ? (remaining == 0 ? DATA_CR : DATA) : DONE);
  }

  private long data(long at, long to) {
    long taken = Math.min(remaining, to - at);
    remaining -= taken;
    if (remaining == 0) {
      state = DATA_CR;
    }
    return at + taken;
  }

  private void blockEnded(byte b, long end) {
    become(b == Memory.LF, WORD);
    view.addElement(blockAt, end, keyAt, keyEnd);
  }

  private long offset(long at) {
    return at + shift;
  }
}
