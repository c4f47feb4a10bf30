package twemlab.fuzz;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Function;
import twemlab.protocol.Limits;
import twemlab.protocol.ParseResult;

/// The properties of a parser, for any bytes: it never throws; what it says of a stream of messages
/// does not depend on where the stream is cut, nor on the bytes around it; its position is inside
/// the range; it never reads outside the range; it touches nothing after a message; a reset leaves
/// nothing behind.
///
/// ```text
/// input  |0 first cut|2 second cut|4 gap, limits|5 the stream ...|      cuts: little-endian shorts
/// ```
///
/// Ranges lie at the very end of a read-only segment, so that a byte too far throws. In the whole
/// reading nothing stands before the range either; in the others, a gap of up to 127 bytes does.
record StreamCheck(Function<Limits, ParserSubject> parsers) {
  static final int HEADER = 5;

  /// With short limits, because inputs are too short to meet the usual ones.
  private static final Limits SHORT = new Limits(24, 40, 6, 160);

  private static final int SMALL_LIMITS = 0x80;
  private static final int BYTE_BY_BYTE = 300;
  private static final MemorySegment STREAM = Arena.global().allocate(1 << 20);
  private static final MemorySegment MESSAGE = Arena.global().allocate(1 << 20);

  static Consumer<byte[]> over(Function<Limits, ParserSubject> parsers) {
    return new StreamCheck(parsers)::check;
  }

  /// Throws a [Violation] when a property does not hold; inputs without a header are skipped.
  void check(byte[] input) {
    if (input.length < HEADER) {
      return;
    }
    byte[] stream = Arrays.copyOfRange(input, HEADER, input.length);
    Limits limits = (input[4] & SMALL_LIMITS) != 0 ? SHORT : Limits.standard();
    int gap = input[4] & ~SMALL_LIMITS & 0xFF;
    String whole = new Reading(limits, stream, 0).read();
    int first = cut(input, 0, stream.length);
    int second = cut(input, 2, stream.length);
    compare(
        whole,
        new Reading(limits, stream, gap).read(Math.min(first, second), Math.max(first, second)));
    if (stream.length <= BYTE_BY_BYTE) {
      int[] everywhere = new int[stream.length];
      Arrays.setAll(everywhere, i -> i);
      compare(whole, new Reading(limits, stream, gap).read(everywhere));
    }
  }

  private static int cut(byte[] input, int at, int length) {
    return ((input[at] & 0xFF) | (input[at + 1] & 0xFF) << 8) % (length + 1);
  }

  private static void compare(String whole, String cut) {
    if (!whole.equals(cut)) {
      throw new Violation("in one piece:\n" + whole + "cut:\n" + cut);
    }
  }

  /// One reading of the stream, in pieces.
  private final class Reading {
    private final Limits limits;
    private final byte[] stream;
    private final int gap;
    private final ParserSubject parser;
    private final StringBuilder transcript = new StringBuilder();
    private int messageStart;

    Reading(Limits limits, byte[] stream, int gap) {
      this.limits = limits;
      this.stream = stream;
      this.gap = gap;
      this.parser = parsers.apply(limits);
    }

    /// What the parser says of each message, cut at those places in ascending order.
    String read(int... cuts) {
      ParseResult result = ParseResult.AGAIN;
      int from = 0;
      for (int i = 0; i <= cuts.length && result != ParseResult.ERROR; i++) {
        int to = i < cuts.length ? cuts[i] : stream.length;
        result = readPiece(from, to);
        from = to;
      }
      // Of an error nothing else is said, because nothing else is promised.
      transcript.append(result == ParseResult.ERROR ? "ERROR" : parser.describe(result));
      return transcript.append('\n').toString();
    }

    /// Reads every message that ends in `[from, to)` of the stream; answers AGAIN or ERROR.
    private ParseResult readPiece(int from, int to) {
      MemorySegment piece = place(STREAM, stream, from, to, gap);
      long end = piece.byteSize();
      long at = gap;
      while (true) {
        ParseResult result = parser.parse(piece, at, end);
        if (result == ParseResult.ERROR) {
          Violation.unless(
              parser.parse(piece, end, end) == ParseResult.ERROR, "an error was forgotten");
          return result;
        }
        long position = parser.position();
        Violation.unless(position >= at && position <= end, "position outside the range");
        if (result == ParseResult.AGAIN) {
          Violation.unless(position == end, "AGAIN before the end of the range");
          return result;
        }
        endMessage(result, from + (int) (position - gap));
        at = position;
      }
    }

    private void endMessage(ParseResult result, int messageEnd) {
      Violation.unless(messageEnd > messageStart, "a message of no bytes");
      Violation.unless(
          parser.length() == messageEnd - messageStart, "the view's length is not what was read");
      String description = parser.describe(result);
      transcript.append(description).append('\n');
      if (gap == 0) {
        alone(description, messageEnd);
      }
      parser.reset();
      messageStart = messageEnd;
    }

    /// A new parser says the same of the message without the bytes that follow it.
    private void alone(String description, int messageEnd) {
      ParserSubject fresh = parsers.apply(limits);
      MemorySegment message = place(MESSAGE, stream, messageStart, messageEnd, 0);
      ParseResult result = fresh.parse(message, 0, message.byteSize());
      String alone = result == ParseResult.ERROR ? "ERROR" : fresh.describe(result);
      Violation.unless(
          alone.equals(description), "in the stream: " + description + "\nalone: " + alone);
    }
  }

  /// A range of the stream at the end of the slab, after `gap` bytes that are not to be read.
  private static MemorySegment place(MemorySegment slab, byte[] stream, int from, int to, int gap) {
    int length = to - from;
    MemorySegment segment = slab.asSlice(slab.byteSize() - length - gap, length + gap);
    segment.asSlice(0, gap).fill((byte) '\n');
    MemorySegment.copy(MemorySegment.ofArray(stream), from, segment, gap, length);
    return segment.asReadOnly();
  }
}
