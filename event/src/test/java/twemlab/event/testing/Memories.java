package twemlab.event.testing;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import twemlab.event.kernel.MemoryCalls;

/// Memory for tests without a kernel: an arena per mapping, so that a touch after the unmapping
/// throws.
public final class Memories implements MemoryCalls {
  private final List<Arena> arenas = new ArrayList<>();
  private final List<MemorySegment> segments = new ArrayList<>();

  // The arena lives until the unmapping.
  @SuppressWarnings("MustBeClosedChecker")
  @Override
  public MemorySegment map(long bytes) {
    Arena arena = Arena.ofConfined();
    arenas.add(arena);
    segments.add(arena.allocate(bytes, 64));
    return segments.getLast();
  }

  @Override
  public void unmap(MemorySegment segment) {
    int i = segments.indexOf(segment);
    if (i < 0) {
      throw new AssertionError("not mapped: " + segment);
    }
    segments.remove(i);
    arenas.remove(i).close();
  }

  /// Bytes mapped now.
  public long mapped() {
    return segments.stream().mapToLong(MemorySegment::byteSize).sum();
  }
}
