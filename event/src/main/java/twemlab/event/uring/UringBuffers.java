package twemlab.event.uring;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static twemlab.event.kernel.UringCalls.BUFFER_SIZE;
import static twemlab.event.kernel.UringCalls.BUFFER_TAIL;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import twemlab.event.kernel.MemoryCalls;
import twemlab.event.mbuf.Mbuf;
import twemlab.event.mbuf.MbufPool;

/// A group of mbufs that the kernel fills: it takes the oldest for each receive that has bytes, so
/// that a connection which waits holds none.
///
/// A buffer's number stands for an mbuf until a handler keeps the mbuf; then the number gets
/// another. The ring begins small, because it is used all around and each lap touches every buffer;
/// it doubles when the kernel found none left (ENOBUFS).
///
/// It does not shrink. What lies in the ring is the kernel's, which takes entries without telling
/// how far it is, so none can be taken back while receives are armed, and on a proxy some always
/// are. So it is bounded: by a small part of the pool's budget.
final class UringBuffers implements AutoCloseable {
  /// Entries of the ring: the most buffers that a group can have.
  private static final int LIMIT = 4096;

  /// The part of the pool's budget that a group may have.
  private static final int SHARE = 32;

  private static final int FIRST_COUNT = 64;
  private static final VarHandle TAIL = JAVA_SHORT.varHandle();

  private final MemoryCalls memory;
  private final MbufPool pool;
  private final int group;
  private final MemorySegment ring;
  private final Mbuf[] mbufs = new Mbuf[LIMIT];
  private final int most;
  private int count;
  private short tail;

  UringBuffers(UringRing uring, MemoryCalls memory, MbufPool pool, int group) {
    this.memory = memory;
    this.pool = pool;
    this.group = group;
    this.most = Math.clamp(pool.budget() / SHARE, 8, LIMIT);
    this.ring = memory.map((long) LIMIT * BUFFER_SIZE);
    uring.registerBuffers(ring.address(), LIMIT, group);
  }

  int group() {
    return group;
  }

  /// Buffers that the group holds.
  int count() {
    return count;
  }

  /// Makes the group larger: at the beginning, and when it has run dry.
  void grow() {
    int target = Math.min(most, Math.max(FIRST_COUNT, 2 * count));
    while (count < target) {
      mbufs[count] = pool.take();
      offer(count++);
    }
  }

  private void offer(int id) {
    Mbuf mbuf = mbufs[id];
    long place = (long) (tail & (LIMIT - 1)) * BUFFER_SIZE;
    ring.set(JAVA_LONG, place, mbuf.address());
    ring.set(JAVA_INT, place + 8, mbuf.capacity());
    // Not the two bytes behind: in the first entry they are the tail.
    ring.set(JAVA_SHORT, place + 12, (short) id);
    tail++;
  }

  /// Has the kernel see what was offered; once a turn.
  void publish() {
    TAIL.setRelease(ring, (long) BUFFER_TAIL, tail);
  }

  /// The mbuf of a buffer that the kernel has filled.
  Mbuf filled(int id, int bytes) {
    Mbuf mbuf = mbufs[id];
    mbuf.advance(bytes);
    return mbuf;
  }

  /// Offers a buffer again when its bytes were looked at.
  void giveBack(int id) {
    if (count == 0) {
      // The handler has closed the whole transport.
      return;
    }
    Mbuf mbuf = mbufs[id];
    if (mbuf.references() == 1) {
      mbuf.rewind();
    } else {
      mbuf.release();
      mbufs[id] = pool.take();
    }
    offer(id);
  }

  /// Gives everything back; the kernel must have no request left that could fill a buffer.
  @Override
  public void close() {
    for (int i = 0; i < count; i++) {
      mbufs[i].release();
    }
    count = 0;
    memory.unmap(ring);
  }
}
