package twemlab.event.mbuf;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/// A fixed piece of native memory with a reference count; C counterpart `struct mbuf` (nc_mbuf.h).
///
/// ```text
/// slab  |<---- chunk ---->|<---- chunk ---->|  ...
///       base              base + capacity
///       |written ... last|  free           |
/// ```
///
/// Bytes are only appended, so that the bytes below [#last] never change while somebody holds a
/// reference: requests and replies are ranges `[from, to)` of mbufs, and what was read from one
/// socket is written to another without a copy. Positions count from the mbuf's first byte. Whoever
/// keeps a range holds one reference and releases it once; the last release returns the chunk to
/// its pool. Pooled and mutable, and bound to its loop's thread.
public final class Mbuf {
  private final MbufPool.Slab slab;
  private final MemorySegment segment;
  private final long base;
  private final long address;
  private final int capacity;
  private int last;
  private int references;

  /// The view of [#buffer], when one was asked for.
  private ByteBuffer buffer;

  Mbuf(MbufPool.Slab slab, MemorySegment segment, long base, int capacity) {
    this.slab = slab;
    this.segment = segment;
    this.base = base;
    this.address = segment.address() + base;
    this.capacity = capacity;
  }

  /// Where it came from, and where others like it come from.
  public MbufPool pool() {
    return slab.pool();
  }

  void take() {
    last = 0;
    references = 1;
  }

  /// The slab's memory; byte `i` of this mbuf lies at `base() + i`.
  public MemorySegment segment() {
    return segment;
  }

  /// The offset of this mbuf's first byte in [#segment].
  public long base() {
    return base;
  }

  /// The raw address of this mbuf's first byte, for iovecs.
  public long address() {
    return address;
  }

  /// The bytes `[from, to)` as java.nio wants them. There is one buffer for the mbuf's life,
  /// because a new one for each call would be garbage; the next call moves its bounds.
  public ByteBuffer buffer(int from, int to) {
    if (buffer == null) {
      buffer = segment.asSlice(base, capacity).asByteBuffer();
    }
    return buffer.limit(to).position(from);
  }

  /// Bytes that fit.
  public int capacity() {
    return capacity;
  }

  /// The end of the bytes written so far.
  public int last() {
    return last;
  }

  /// Free bytes behind [#last].
  public int room() {
    return capacity - last;
  }

  /// Says that `count` more bytes have been written behind [#last].
  ///
  /// @throws IllegalStateException if they do not fit
  public void advance(int count) {
    if (count < 0 || count > capacity - last) {
      throw new IllegalStateException("advance by " + count + " with room for " + room());
    }
    last += count;
  }

  /// Forgets what was written, so that the bytes can be written over.
  ///
  /// @throws IllegalStateException if anybody but the caller holds a reference
  public void rewind() {
    if (references != 1) {
      throw new IllegalStateException("an mbuf with " + references + " references was rewound");
    }
    last = 0;
  }

  /// Adds a reference.
  ///
  /// @throws IllegalStateException if the mbuf is in its pool: its bytes belong to no one
  public void retain() {
    if (references <= 0) {
      throw new IllegalStateException("an mbuf was retained after its last release");
    }
    references++;
  }

  /// Gives one reference back.
  ///
  /// @throws IllegalStateException if there is none
  public void release() {
    if (references <= 0) {
      throw new IllegalStateException("an mbuf was released more often than retained");
    }
    if (--references == 0) {
      slab.put(this);
    }
  }

  /// How many ranges refer to this mbuf.
  public int references() {
    return references;
  }
}
