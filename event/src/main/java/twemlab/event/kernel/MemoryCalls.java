package twemlab.event.kernel;

import java.lang.foreign.MemorySegment;

/// Native memory that can be given back to the operating system.
///
/// The real kernel maps pages; the simulated one has an arena per mapping and resolves the raw
/// addresses in iovecs through it.
public interface MemoryCalls {
  /// mmap(2) of zeroed private pages.
  ///
  /// @throws OutOfMemoryError if the system refuses
  MemorySegment map(long bytes);

  /// munmap(2) of a segment that [#map] gave; nothing may refer to it any more.
  void unmap(MemorySegment segment);
}
