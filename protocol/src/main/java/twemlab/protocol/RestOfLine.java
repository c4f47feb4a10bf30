package twemlab.protocol;

import java.lang.foreign.MemorySegment;
import twemlab.protocol.bytes.Memory;
import twemlab.protocol.bytes.PackedWord;

/// Goes through the rest of a memcached line whose fields have no meaning to the parser, or that is
/// refused: up to the line feed, where memcached's line ends too.
///
/// On the way it finds out what decides the answer: how many fields there are, whether the last one
/// is `noreply`, and how long the data block of a storage command is.
final class RestOfLine {
  private static final long NOREPLY = PackedWord.low("noreply");
  private static final int NOREPLY_LENGTH = 7;
  private static final int WORD_MAX = 8;

  /// The field of a storage line that says how long the data block is: `set k 0 0 5`.
  private static final int BYTES_FIELD = 4;

  /// Fields that have ended, and whether the last byte belongs to another one.
  private int fields;

  private boolean inField;

  /// The beginning of the current or last field, packed; its length; whether all of it is known.
  private long word;

  private int wordLength;
  private boolean known;

  /// The first field.
  private long verb;

  /// The data block's length; negative when it cannot be known.
  private long bytes;

  /// The last byte was a carriage return, which may belong to the line's end.
  private boolean carriageReturn;

  /// A carriage return stands within the line.
  private boolean stray;

  /// Where the gap before the last field began, and where the field ends: offsets in the message.
  private int gapAt;

  private int fieldEnd;
  private boolean ended;

  /// Begins behind so many whole fields, in a gap.
  ///
  /// @param gapStart the offset at which the gap began
  void startInGap(int fieldsBefore, long firstField, int gapStart) {
    start(fieldsBefore, firstField);
    gapAt = gapStart;
    fieldEnd = gapStart;
  }

  /// Begins within a field, some bytes of which may have been read and are not known.
  void startInField(int fieldsBefore, long firstField) {
    start(fieldsBefore, firstField);
    inField = true;
    known = false;
    if (fieldsBefore == BYTES_FIELD) {
      bytes = -1;
    }
  }

  /// Begins within the first field, of which so much has been read.
  void startInVerb(long packed, int length) {
    start(0, 0);
    inField = length > 0;
    word = packed;
    wordLength = length;
  }

  private void start(int fieldsBefore, long firstField) {
    fields = fieldsBefore;
    verb = firstField;
    inField = false;
    word = 0;
    wordLength = 0;
    known = true;
    bytes = fieldsBefore > BYTES_FIELD ? -1 : 0;
    carriageReturn = false;
    stray = false;
    gapAt = 0;
    fieldEnd = 0;
    ended = false;
  }

  /// A field that was read already said how long the data block is.
  void knowBytes(long length) {
    bytes = length;
  }

  /// Takes bytes up to the line feed, and that too.
  ///
  /// @param shift the offset in the message minus the place in the segment
  /// @return the place behind what was taken
  long skip(MemorySegment segment, long from, long to, long shift) {
    for (long at = from; at < to; at++) {
      byte b = Memory.byteAt(segment, at);
      if (b == Memory.LF) {
        endField((int) (at + shift) - (carriageReturn ? 1 : 0));
        ended = true;
        return at + 1;
      }
      if (carriageReturn) {
        stray = true;
        add(Memory.CR, (int) (at + shift) - 1);
      }
      carriageReturn = b == Memory.CR;
      if (!carriageReturn) {
        add(b, (int) (at + shift));
      }
    }
    return to;
  }

  private void add(byte b, int at) {
    if (b == ' ') {
      endField(at);
      return;
    }
    if (!inField) {
      inField = true;
      gapAt = fieldEnd;
      word = 0;
      wordLength = 0;
      known = true;
    }
    if (wordLength < WORD_MAX) {
      word |= (b & 0xFFL) << (wordLength << 3);
    }
    wordLength++;
    if (fields == BYTES_FIELD && bytes >= 0) {
      boolean digit = Memory.isDigit(b) && bytes < Integer.MAX_VALUE;
      bytes = digit ? bytes * 10 + (b - '0') : -1;
    }
  }

  private void endField(int at) {
    if (!inField) {
      return;
    }
    inField = false;
    fieldEnd = at;
    if (fields == 0) {
      verb = known && wordLength <= WORD_MAX ? word : 0;
    }
    fields++;
  }

  /// Whether the line feed has been taken.
  boolean isEnded() {
    return ended;
  }

  /// Whether a carriage return precedes the line feed, and stands nowhere else.
  boolean endsWithBoth() {
    return carriageReturn && !stray;
  }

  /// How many fields the line has, its first one included.
  int fields() {
    return fields;
  }

  /// Whether the last field is the word `noreply`.
  boolean endsWithNoreply() {
    return fields > 1 && known && wordLength == NOREPLY_LENGTH && word == NOREPLY;
  }

  /// Where the gap before the last field begins.
  int lastGap() {
    return gapAt;
  }

  /// Where the last field ends.
  int lastEnd() {
    return fieldEnd;
  }

  /// The first field, packed as [PackedWord] does; 0 when it is longer than eight bytes.
  long verb() {
    return verb;
  }

  /// How long the data block is, if the line is one of a storage command; negative when its field
  /// is missing or no number.
  long bytes() {
    return fields > BYTES_FIELD ? bytes : -1;
  }
}
