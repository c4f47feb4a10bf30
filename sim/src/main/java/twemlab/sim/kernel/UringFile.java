package twemlab.sim.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.UringCalls;
import twemlab.sim.world.Fault;
import twemlab.sim.world.Faults;
import twemlab.sim.world.Ready;
import twemlab.sim.world.SimFile;
import twemlab.sim.world.Trace;
import twemlab.sim.world.World;

/// An io_uring instance: two rings in memory that the program maps, the requests it has taken, and
/// the task work that they left for the next wait (DEFER_TASKRUN). Source: io_uring/io_uring.c.
final class UringFile extends SimFile implements SimMemory.Holder {
  static final int SQ_HEAD = 0;
  static final int SQ_TAIL = 4;
  static final int CQ_HEAD = 8;
  static final int CQ_TAIL = 12;
  static final int SQ_MASK = 16;
  static final int CQ_MASK = 20;
  static final int SQ_FLAGS = 36;
  static final int CQES = 64;

  /// Requests that go on in one call at most (`IO_LOCAL_TW_DEFAULT_MAX`).
  private static final int WORK_MAX = 20;

  private record Completion(long userData, int result, int flags) {}

  private final World world;
  private final String process;
  private final SimSockets sockets;
  private final int sqEntries;
  private final int cqEntries;
  private boolean disabled;
  private boolean closed;
  private MemorySegment ring;
  private MemorySegment entries;
  private int sqHead;
  private int cqTail;
  private final Set<UringRequest> requests = new LinkedHashSet<>();
  private final ArrayDeque<UringRequest> work = new ArrayDeque<>();
  private final List<Completion> batch = new ArrayList<>();

  /// Rule U5: completions that found no place.
  private final ArrayDeque<Completion> overflow = new ArrayDeque<>();

  private final Map<Integer, UringBufferGroup> groups = new TreeMap<>();
  private final UringOperations operations;
  private final SimMemory memory;

  UringFile(
      World world,
      String process,
      SimSockets sockets,
      Descriptors descriptors,
      SimMemory memory,
      int sqEntries,
      int cqEntries,
      boolean disabled) {
    this.world = world;
    this.process = process;
    this.sockets = sockets;
    this.memory = memory;
    this.sqEntries = sqEntries;
    this.cqEntries = cqEntries;
    this.disabled = disabled;
    this.operations = new UringOperations(this, descriptors, memory);
    memory.hold(this);
  }

  SimSockets sockets() {
    return sockets;
  }

  World world() {
    return world;
  }

  boolean disabled() {
    return disabled;
  }

  void enable() {
    disabled = false;
  }

  Map<Integer, UringBufferGroup> groups() {
    return groups;
  }

  Set<UringRequest> requests() {
    return requests;
  }

  long ringBytes() {
    return arrayOffset() + (long) sqEntries * Integer.BYTES;
  }

  long arrayOffset() {
    return CQES + (long) cqEntries * UringCalls.CQE_SIZE;
  }

  // --- memory

  /// Maps an area, once; null if there is no such area, or less of it.
  MemorySegment map(long bytes, long area) {
    if (area == UringCalls.OFFSET_SQ_RING && ring == null && bytes <= ringBytes()) {
      ring = memory.map(bytes);
      ring.set(JAVA_INT, SQ_MASK, sqEntries - 1);
      ring.set(JAVA_INT, CQ_MASK, cqEntries - 1);
      return ring;
    }
    if (area == UringCalls.OFFSET_SQES
        && entries == null
        && bytes <= (long) sqEntries * UringCalls.SQE_SIZE) {
      entries = memory.map(bytes);
      return entries;
    }
    return null;
  }

  /// The program cannot see the rings any more; the kernel could, but has no reason to look.
  @Override
  public void unmapped(MemorySegment segment) {
    if (segment.equals(ring)) {
      ring = null;
      closed = true;
    } else if (segment.equals(entries)) {
      entries = null;
      closed = true;
    }
  }

  boolean mapped() {
    return ring != null && entries != null;
  }

  @Override
  public boolean holds(long from, long to) {
    for (UringRequest request : requests) {
      if (request.uses(from, to)) {
        return true;
      }
    }
    return false;
  }

  // --- submitting

  /// Takes up to `count` entries; what ends at once is told before this returns.
  int submit(int count) {
    groups.values().forEach(UringBufferGroup::seize);
    int available = ring.get(JAVA_INT, SQ_TAIL) - sqHead;
    int taken = Math.min(count, available);
    for (int i = 0; i < taken; i++) {
      long place = arrayOffset() + (long) (sqHead & (sqEntries - 1)) * Integer.BYTES;
      int index = ring.get(JAVA_INT, place);
      ring.set(JAVA_INT, SQ_HEAD, ++sqHead);
      operations.submit(UringEntry.read(entries, (long) index * UringCalls.SQE_SIZE));
    }
    flushBatch();
    return taken;
  }

  // --- task work

  /// Has a request go on inside the next wait; sometimes later than that (rule U7).
  void queue(UringRequest request) {
    if (request.queued || closed) {
      return;
    }
    request.queued = true;
    if (world.faults().fires(Fault.LATE_COMPLETION)) {
      long delay = 1_000L * (1 + world.faults().below(Fault.LATE_COMPLETION, 1_000));
      world.scheduler().after(delay, () -> workIsThere(request));
    } else {
      workIsThere(request);
    }
  }

  private void workIsThere(UringRequest request) {
    if (!closed) {
      work.add(request);
      wake(Ready.READABLE);
    }
  }

  /// Whether a request goes on with the next wait.
  boolean works(UringRequest request) {
    return work.contains(request);
  }

  /// What a wait does before it sleeps, and when it was woken.
  ///
  /// @return the completions that the program has not consumed
  int progress(int wanted, int limit) {
    flushOverflow();
    runWork(Math.min(limit, WORK_MAX));
    if (ready() < wanted) {
      flushOverflow();
    }
    return ready();
  }

  private void runWork(int limit) {
    Faults faults = world.faults();
    if (work.size() > 1 && faults.fires(Fault.REORDER_EVENTS)) {
      for (int i = faults.below(Fault.REORDER_EVENTS, work.size()); i >= 0; i--) {
        work.add(work.remove());
      }
    }
    int count = Math.min(limit, work.size());
    for (int i = 0; i < count; i++) {
      work.remove().run();
    }
    flushBatch();
  }

  @Override
  public void queued(List<Integer> descriptors) {
    work.forEach(request -> descriptors.add(request.entry.fd()));
  }

  int workMax() {
    return WORK_MAX;
  }

  // --- completions

  /// Completions that are in the ring and not consumed.
  int ready() {
    return cqTail - ring.get(JAVA_INT, CQ_HEAD);
  }

  /// One more result of a multishot request; false if there is no place: then the request ends.
  boolean more(UringRequest request, int result, int flags) {
    if (full()) {
      return false;
    }
    trace(request.entry, result, flags | UringCalls.CQE_MORE);
    place(new Completion(request.entry.userData(), result, flags | UringCalls.CQE_MORE));
    return true;
  }

  /// The last result of a request; it is posted when its batch is through.
  void completed(UringRequest request, int result, int flags) {
    requests.remove(request);
    told(request.entry, result, flags, request.failed(result));
  }

  /// The result of an entry that is no request any more.
  void told(UringEntry entry, int result, int flags, boolean failed) {
    trace(entry, result, flags);
    if (failed || (entry.flags() & UringCalls.SQE_CQE_SKIP_SUCCESS) == 0) {
      batch.add(new Completion(entry.userData(), result, flags));
    }
  }

  private void trace(UringEntry entry, int result, int flags) {
    world.trace().add(process, Trace.Kind.COMPLETION, entry.fd(), result, flags);
  }

  private void flushBatch() {
    Faults faults = world.faults();
    if (batch.size() > 1 && faults.fires(Fault.REORDER_EVENTS)) {
      Collections.rotate(batch, 1 + faults.below(Fault.REORDER_EVENTS, batch.size() - 1));
    }
    for (Completion completion : batch) {
      if (full()) {
        overflow.add(completion);
        flag();
      } else {
        place(completion);
      }
    }
    batch.clear();
  }

  private boolean full() {
    return !overflow.isEmpty()
        || ready() >= cqEntries
        || world.faults().fires(Fault.COMPLETIONS_OVERFLOW);
  }

  private void place(Completion completion) {
    long place = CQES + (long) (cqTail & (cqEntries - 1)) * UringCalls.CQE_SIZE;
    ring.set(JAVA_LONG, place, completion.userData);
    ring.set(JAVA_INT, place + 8, completion.result);
    ring.set(JAVA_INT, place + 12, completion.flags);
    ring.set(JAVA_INT, CQ_TAIL, ++cqTail);
  }

  private void flushOverflow() {
    if (!overflow.isEmpty()) {
      while (!overflow.isEmpty() && ready() < cqEntries) {
        place(overflow.remove());
      }
      flag();
    }
  }

  private void flag() {
    ring.set(JAVA_INT, SQ_FLAGS, overflow.isEmpty() ? 0 : UringCalls.SQ_CQ_OVERFLOW);
  }

  @Override
  public int poll() {
    return ring != null && (ready() > 0 || !work.isEmpty() || !overflow.isEmpty())
        ? Ready.READABLE
        : 0;
  }

  /// Ends all requests; nothing is told of them.
  @Override
  public void release() {
    closed = true;
    memory.release(this);
    List<UringRequest> left = List.copyOf(requests);
    requests.clear();
    work.clear();
    left.forEach(UringRequest::abandon);
  }

  /// Registers a ring of provided buffers: 0 or `-errno`.
  int register(int group, long address, int count) {
    boolean usable = Integer.bitCount(count) == 1 && count <= 32_768 && (address & 4095) == 0;
    if (!usable) {
      return Errno.EINVAL.result();
    }
    if (groups.containsKey(group)) {
      return Errno.EEXIST.result();
    }
    memory.at(address, (long) count * UringCalls.BUFFER_SIZE);
    groups.put(group, new UringBufferGroup(memory, world.faults(), address, count));
    return 0;
  }
}
