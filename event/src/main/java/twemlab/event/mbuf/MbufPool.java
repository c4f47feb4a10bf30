package twemlab.event.mbuf;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import twemlab.event.kernel.MemoryCalls;

/// Mbufs of one size, cut from slabs that are mapped when needed and unmapped when idle; C
/// counterpart the free list of nc_mbuf.c, which never shrinks.
///
/// A slab holds about a megabyte. Mbufs are taken from the first slab that has one, so that the
/// later slabs drain and [#trim] can give them back. One loop's thread.
public final class MbufPool implements AutoCloseable {
  private static final int SLAB_BYTES = 1 << 20;

  /// [MbufRanges] that are kept, and the most ranges that one of them may have room for.
  private static final int SPARES = 64;

  private static final int SPARE_CAPACITY = 1024;

  /// The part of what is left that one read may take, and the part of an mbuf that it always may.
  private static final int READERS = 4096;

  private static final int LEAST_PART = 16;

  private static final int SCARCE_PART = 8;

  private final MemoryCalls memory;
  private final int mbufBytes;
  private final int mbufsPerSlab;
  private final int budget;
  private Slab[] slabs = new Slab[4];
  private int slabCount;

  /// No slab before this one has a free mbuf.
  private int firstFree;

  private int used;
  private int peak;

  /// Arrays for chains of several ranges, ready to be used again.
  private final MbufRanges[] spareRanges = new MbufRanges[SPARES];

  private int spares;

  /// Where ranges are copied together, empty in between.
  private final MbufChain together = new MbufChain();

  /// A pool that maps nothing before the first [#take].
  ///
  /// @param mbufBytes the capacity of each mbuf
  public MbufPool(MemoryCalls memory, int mbufBytes) {
    this(memory, mbufBytes, Integer.MAX_VALUE);
  }

  /// A pool of which its users mean to have no more than a budget in use at once.
  ///
  /// @param budget in mbufs; it is theirs to keep
  public MbufPool(MemoryCalls memory, int mbufBytes, int budget) {
    this.memory = memory;
    this.mbufBytes = mbufBytes;
    this.budget = budget;
    this.mbufsPerSlab = Math.max(1, SLAB_BYTES / mbufBytes);
  }

  /// An empty mbuf with one reference, which is the caller's.
  public Mbuf take() {
    while (firstFree < slabCount && slabs[firstFree].free == 0) {
      firstFree++;
    }
    return (firstFree < slabCount ? slabs[firstFree] : addSlab()).take();
  }

  private Slab addSlab() {
    if (slabCount == slabs.length) {
      slabs = Arrays.copyOf(slabs, slabCount * 2);
    }
    Slab slab = new Slab(slabCount, memory.map((long) mbufsPerSlab * mbufBytes));
    slabs[slabCount++] = slab;
    return slab;
  }

  /// Unmaps slabs that no mbuf is taken from, except one kept in reserve.
  ///
  /// @param most how many slabs at once: the kernel takes about 0.2 ms to unmap one
  /// @return the bytes given back
  public long trim(int most) {
    long freed = 0;
    int left = most;
    int kept = 0;
    boolean reserve = true;
    for (int i = 0; i < slabCount; i++) {
      Slab slab = slabs[i];
      if (slab.free < mbufsPerSlab || reserve || left == 0) {
        reserve &= slab.free == 0;
        slab.index = kept;
        slabs[kept++] = slab;
      } else {
        left--;
        freed += slab.segment.byteSize();
        memory.unmap(slab.segment);
      }
    }
    Arrays.fill(slabs, kept, slabCount, null);
    slabCount = kept;
    firstFree = 0;
    peak = used;
    Arrays.fill(spareRanges, 0, spares, null);
    spares = 0;
    return freed;
  }

  /// An empty chain for copying ranges together; empty again when the call returns.
  public MbufChain together() {
    return together;
  }

  /// Empty arrays for a chain that gets its second range.
  MbufRanges takeRanges() {
    return spares > 0 ? spareRanges[--spares] : new MbufRanges();
  }

  /// Takes empty arrays back.
  void giveRanges(MbufRanges ranges) {
    if (spares < SPARES && ranges.capacity() <= SPARE_CAPACITY) {
      spareRanges[spares++] = ranges;
    }
  }

  /// A range shorter than this many bytes is not worth the mbuf that it keeps, if it stays for
  /// longer than the turn; see [MbufChain#appendOrCopy]. When memory is scarce, half an mbuf is
  /// small.
  public int smallPiece() {
    if (isScarce()) {
      return mbufBytes / 2;
    }
    return Math.max(mbufBytes / 32, Math.min(128, mbufBytes / 4));
  }

  /// The capacity of each mbuf in bytes.
  public int mbufBytes() {
    return mbufBytes;
  }

  /// How many mbufs are meant to be in use at once, at the most.
  public int budget() {
    return budget;
  }

  /// Whether so much of the budget is in use that memory counts for more than time.
  public boolean isScarce() {
    return used > budget / SCARCE_PART;
  }

  /// The most bytes that are read of a client at once. What a handler does not take at once stays
  /// in our buffers: so the less there is left of half the budget, the less is read; thousands that
  /// all send more than is taken then leave something for the next.
  public int fairRead() {
    long left = (long) (budget / 2 - used) * mbufBytes;
    return Math.clamp(left / READERS, mbufBytes / LEAST_PART, mbufBytes);
  }

  /// Mbufs with a reference.
  public int used() {
    return used;
  }

  /// The most that were in use at once since the last [#restartPeak] or [#trim].
  public int peak() {
    return peak;
  }

  /// Measures the peak again from here on.
  public void restartPeak() {
    peak = used;
  }

  /// Bytes mapped now.
  public long mappedBytes() {
    return (long) slabCount * mbufsPerSlab * mbufBytes;
  }

  /// Unmaps everything; no mbuf may be used afterwards.
  @Override
  public void close() {
    for (int i = 0; i < slabCount; i++) {
      memory.unmap(slabs[i].segment);
    }
    slabCount = 0;
    firstFree = 0;
  }

  /// One mapping and the stack of its free mbufs.
  final class Slab {
    private final MemorySegment segment;
    private final Mbuf[] stack = new Mbuf[mbufsPerSlab];
    private int index;
    private int free;

    Slab(int index, MemorySegment segment) {
      this.index = index;
      this.segment = segment;
      for (int i = mbufsPerSlab - 1; i >= 0; i--) {
        stack[free++] = new Mbuf(this, segment, (long) i * mbufBytes, mbufBytes);
      }
    }

    MbufPool pool() {
      return MbufPool.this;
    }

    Mbuf take() {
      Mbuf mbuf = stack[--free];
      stack[free] = null;
      mbuf.take();
      used++;
      peak = Math.max(peak, used);
      return mbuf;
    }

    void put(Mbuf mbuf) {
      stack[free++] = mbuf;
      used--;
      firstFree = Math.min(firstFree, index);
    }
  }
}
