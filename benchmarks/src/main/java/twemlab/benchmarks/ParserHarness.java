package twemlab.benchmarks;

import java.lang.foreign.MemorySegment;
import twemlab.protocol.ParseResult;
import twemlab.protocol.ReplyParser;
import twemlab.protocol.RequestParser;

/// Feeds a batch to a parser of this project, in reads of a given size, as a connection does.
final class ParserHarness {
  private final MemorySegment batch;
  private final long end;
  private final int read;

  /// @param read bytes of a read; 0 for all at once
  ParserHarness(MemorySegment batch, int read) {
    this.batch = batch;
    this.end = batch.byteSize();
    this.read = read;
  }

  /// Reads all requests.
  ///
  /// @return how many there were, and their keys in the upper half
  long requests(RequestParser parser) {
    long messages = 0;
    for (long from = 0; from < end; ) {
      long to = read == 0 ? end : Math.min(end, from + read);
      while (parser.parse(batch, from, to) == ParseResult.OK) {
        messages += 1 + ((long) parser.view().keyCount() << 32);
        from = parser.position();
        parser.reset();
      }
      from = to;
    }
    return messages;
  }

  /// Reads all replies.
  ///
  /// @return how many there were, and the numbers of their types in the upper half
  long replies(ReplyParser parser) {
    long messages = 0;
    for (long from = 0; from < end; ) {
      long to = read == 0 ? end : Math.min(end, from + read);
      while (parser.parse(batch, from, to) == ParseResult.OK) {
        messages += 1 + ((long) parser.view().type().ordinal() << 32);
        from = parser.position();
        parser.reset();
      }
      from = to;
    }
    return messages;
  }
}
