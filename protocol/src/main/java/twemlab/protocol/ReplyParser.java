package twemlab.protocol;

import java.lang.foreign.MemorySegment;

/// Reads one reply after another from ranges of native memory; fed like a [RequestParser].
public sealed interface ReplyParser permits RedisReplyParser, MemcacheReplyParser {
  /// Reads the bytes `[from, to)` of the segment, up to the end of the reply at most. It never says
  /// [ParseResult#UNSUPPORTED].
  ///
  /// Throws [IllegalStateException] when a finished reply was not reset.
  ParseResult parse(MemorySegment segment, long from, long to);

  /// The offset, in the segment of the last call, of the first byte that was not consumed.
  long position();

  /// The state that the framing machine is in, for those who watch; `DONE` after a whole reply.
  String stateName();

  /// What is known of the reply; valid until `reset`.
  ReplyView view();

  /// Begins the next reply, without recording its elements.
  void reset();

  /// Whether the view keeps the places of the elements of this reply; said before its first byte.
  /// Otherwise it only counts them, and an [ElementWalk] finds them when the reply is whole.
  void recordElements(boolean wanted);
}
