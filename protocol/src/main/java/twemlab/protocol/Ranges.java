package twemlab.protocol;

import java.lang.foreign.MemorySegment;

/// Where the bytes of a message lie: ranges of native memory, in order, none of them empty.
///
/// What a [KeyWalk] and an [ElementWalk] read. Whoever keeps messages implements it.
public interface Ranges {
  /// How many ranges there are.
  int count();

  /// The memory of range `i`.
  MemorySegment segment(int i);

  /// The offset in its segment at which range `i` begins.
  long from(int i);

  /// The offset behind its last byte.
  long to(int i);
}
