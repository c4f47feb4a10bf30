package twemlab.protocol;

import java.lang.foreign.MemorySegment;

/// Reads one request after another from ranges of native memory.
///
/// It is fed the bytes in order, in ranges cut anywhere, and keeps nothing of them but the view:
/// the result is the same for every way of cutting. It never reads outside the range that it is
/// given, and allocates nothing. One thread at a time.
public sealed interface RequestParser permits RedisRequestParser, MemcacheRequestParser {
  /// Reads the bytes `[from, to)` of the segment, up to the end of the request at most.
  ///
  /// After [ParseResult#AGAIN] the range is consumed, and the next call brings the bytes that
  /// follow, in any segment. After [ParseResult#OK] and [ParseResult#UNSUPPORTED] `reset` comes
  /// first. After [ParseResult#ERROR] every further call says the same.
  ///
  /// Throws [IllegalStateException] when a finished request was not reset.
  ParseResult parse(MemorySegment segment, long from, long to);

  /// The offset, in the segment of the last call, of the first byte that was not consumed.
  long position();

  /// The state that the framing machine is in, for those who watch; `DONE` after a whole request.
  String stateName();

  /// What is known of the request; valid until `reset`.
  RequestView view();

  /// Begins the next request.
  void reset();

  /// Whether the view keeps the places of all keys, from the next request on; at first it keeps the
  /// first key's alone.
  void recordKeys(boolean wanted);
}
