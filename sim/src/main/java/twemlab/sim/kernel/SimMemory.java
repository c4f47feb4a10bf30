package twemlab.sim.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import twemlab.event.kernel.MemoryCalls;
import twemlab.sim.world.Trace;
import twemlab.sim.world.World;

/// Memory with an arena per mapping, so that a use after unmap throws; and the register in which
/// raw addresses are looked up, so that a wild one throws too.
final class SimMemory implements MemoryCalls {
  /// Somebody in the kernel who uses memory of the program beyond a call.
  interface Holder {
    /// Whether it may read or write a part of `[from, to)`.
    boolean holds(long from, long to);

    /// A mapping is going.
    void unmapped(MemorySegment segment);
  }

  private record Mapping(Arena arena, MemorySegment segment) {}

  private static final long PAGE = 4_096;

  private final TreeMap<Long, Mapping> mappings = new TreeMap<>();
  private final World world;
  private final String process;
  private final List<Holder> holders = new ArrayList<>();
  private long mapped;

  SimMemory(World world, String process) {
    this.world = world;
    this.process = process;
  }

  /// Bytes that were mapped and not given back.
  long mapped() {
    return mapped;
  }

  @Override
  @SuppressWarnings("MustBeClosedChecker") // closed by unmap
  public MemorySegment map(long bytes) {
    Arena arena = Arena.ofConfined();
    MemorySegment segment = arena.allocate(bytes, PAGE);
    mappings.put(segment.address(), new Mapping(arena, segment));
    mapped += bytes;
    world.trace().add(process, Trace.Kind.MAP, -1, 0, bytes);
    return segment;
  }

  @Override
  public void unmap(MemorySegment segment) {
    Mapping mapping = mappings.get(segment.address());
    if (mapping == null || mapping.segment.byteSize() != segment.byteSize()) {
      throw new IllegalStateException(process + " unmaps memory that it did not map");
    }
    long address = segment.address();
    for (Holder holder : holders) {
      if (holder.holds(address, address + segment.byteSize())) {
        throw new IllegalStateException(process + " unmaps memory that the kernel still uses");
      }
    }
    holders.forEach(holder -> holder.unmapped(segment));
    mappings.remove(address);
    mapped -= segment.byteSize();
    mapping.arena.close();
    world.trace().add(process, Trace.Kind.UNMAP, -1, 0, segment.byteSize());
  }

  void hold(Holder holder) {
    holders.add(holder);
  }

  void release(Holder holder) {
    holders.remove(holder);
  }

  /// The mapping that holds `length` bytes from a raw address on.
  ///
  /// @throws IllegalStateException if there is none: the real kernel would read what lies there
  MemorySegment at(long address, long length) {
    Map.Entry<Long, Mapping> below = mappings.floorEntry(address);
    MemorySegment segment = below == null ? null : below.getValue().segment;
    if (segment == null || address - segment.address() > segment.byteSize() - length) {
      throw new IllegalStateException(
          process + " passes an address of " + length + " bytes that it did not map");
    }
    return segment;
  }

  void unmapAll() {
    for (Mapping mapping : mappings.values()) {
      mapping.arena.close();
    }
    mappings.clear();
    mapped = 0;
  }
}
