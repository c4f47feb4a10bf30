package twemlab.event.kernel.jdk;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import twemlab.event.kernel.MemoryCalls;

/// Native memory of the Java library: one arena for each mapping, closed by [#unmap].
///
/// The arenas are shared, because a loop may be built and closed on another thread than the one
/// that runs it. The JVM counts this memory against `-XX:MaxDirectMemorySize`.
final class ArenaMemory implements MemoryCalls {
  /// A vector register's width, which also keeps mappings off each other's cache lines.
  private static final long ALIGNMENT = 64;

  private final Map<Long, Arena> arenas = new HashMap<>();

  // The arena lives until the unmapping.
  @SuppressWarnings("MustBeClosedChecker")
  @Override
  public MemorySegment map(long bytes) {
    Arena arena = Arena.ofShared();
    MemorySegment segment = arena.allocate(bytes, ALIGNMENT);
    arenas.put(segment.address(), arena);
    return segment;
  }

  @Override
  public void unmap(MemorySegment segment) {
    Arena arena = arenas.remove(segment.address());
    if (arena == null) {
      throw new IllegalStateException("unmap of what is not mapped: " + segment);
    }
    arena.close();
  }
}
