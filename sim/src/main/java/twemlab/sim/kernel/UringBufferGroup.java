package twemlab.sim.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import twemlab.event.kernel.UringCalls;
import twemlab.sim.world.Fault;
import twemlab.sim.world.Faults;

/// A ring of provided buffers, in memory of the program: it offers, the kernel takes the oldest.
///
/// What is offered is the kernel's: [#seize] overwrites it, so that whoever still reads it finds
/// out. Source: io_uring/kbuf.c.
final class UringBufferGroup {
  private static final byte POISON = (byte) 0xdb;

  private final SimMemory memory;
  private final Faults faults;
  private final long address;
  private final int entries;

  /// The oldest buffer that is offered, and the first that was not seized: 16-bit counters.
  private short head;

  private short seized;

  private MemorySegment segment;
  private long offset;
  private int length;
  private int id;

  UringBufferGroup(SimMemory memory, Faults faults, long address, int entries) {
    this.memory = memory;
    this.faults = faults;
    this.address = address;
    this.entries = entries;
  }

  private MemorySegment ring() {
    return memory.at(address, (long) entries * UringCalls.BUFFER_SIZE);
  }

  private short tail(MemorySegment ring) {
    return ring.get(JAVA_SHORT, address - ring.address() + UringCalls.BUFFER_TAIL);
  }

  private long place(MemorySegment ring, int index) {
    return address - ring.address() + (long) (index & (entries - 1)) * UringCalls.BUFFER_SIZE;
  }

  /// Takes possession of what was offered since the last time.
  void seize() {
    MemorySegment ring = ring();
    short tail = tail(ring);
    if ((short) (tail - head) < 0 || (short) (tail - head) > entries) {
      throw new IllegalStateException("more buffers are offered than the ring has places");
    }
    for (; seized != tail; seized++) {
      long place = place(ring, seized);
      long start = ring.get(JAVA_LONG, place);
      int size = ring.get(JAVA_INT, place + 8);
      MemorySegment target = memory.at(start, size);
      target.asSlice(start - target.address(), size).fill(POISON);
    }
  }

  /// Looks at the oldest buffer; false if there is none.
  boolean select() {
    seize();
    MemorySegment ring = ring();
    if (head == tail(ring) || faults.fires(Fault.NO_BUFFERS)) {
      return false;
    }
    long place = place(ring, head);
    long start = ring.get(JAVA_LONG, place);
    length = ring.get(JAVA_INT, place + 8);
    id = ring.get(JAVA_SHORT, place + 12) & 0xffff;
    segment = memory.at(start, length);
    offset = start - segment.address();
    return true;
  }

  MemorySegment segment() {
    return segment;
  }

  long offset() {
    return offset;
  }

  int length() {
    return length;
  }

  /// The selected buffer was filled: its number.
  int take() {
    head++;
    return id;
  }

  /// Whether the ring or a buffer that it offers lies in `[from, to)`.
  boolean offers(long from, long to) {
    if (address < to && from < address + (long) entries * UringCalls.BUFFER_SIZE) {
      return true;
    }
    MemorySegment ring = ring();
    short tail = tail(ring);
    for (short i = head; i != tail; i++) {
      long place = place(ring, i);
      long start = ring.get(JAVA_LONG, place);
      if (start < to && from < start + ring.get(JAVA_INT, place + 8)) {
        return true;
      }
    }
    return false;
  }
}
