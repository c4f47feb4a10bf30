package twemlab.sim.kernel;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import twemlab.event.kernel.CallCounts.Call;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.KqueueCalls;
import twemlab.sim.world.Fault;
import twemlab.sim.world.Faults;
import twemlab.sim.world.SimFile;
import twemlab.sim.world.Trace;
import twemlab.sim.world.World;

/// kqueue(2) over [KqueueFile].
final class SimKqueue implements KqueueCalls {
  private final World world;
  private final Descriptors descriptors;
  private final Gate gate;
  private final int size;

  SimKqueue(World world, Descriptors descriptors, Gate gate) {
    this.world = world;
    this.descriptors = descriptors;
    this.gate = gate;
    this.size = KqueueCalls.eventSize(world.settings().platform());
  }

  @Override
  public int kqueue() {
    gate.enter(Call.OTHER);
    return gate.leave(Trace.Kind.KQUEUE, -1, descriptors.add(new KqueueFile(world)));
  }

  @Override
  public int kevent(
      int kq,
      MemorySegment changes,
      long changesOffset,
      int changeCount,
      MemorySegment events,
      long eventsOffset,
      int eventCount,
      int timeoutMillis) {
    gate.enter(eventCount > 0 ? Call.WAIT : Call.CONTROL);
    SimFile file = descriptors.get(kq);
    int result =
        file instanceof KqueueFile queue
            ? apply(queue, changes, changesOffset, changeCount, events, eventsOffset, eventCount)
            : Errno.EBADF.result();
    if (result == 0 && eventCount > 0 && file instanceof KqueueFile queue) { // K5
      int max = gate.fewEvents(eventCount);
      result = gate.await(timeoutMillis, () -> collect(queue, events, eventsOffset, max));
    }
    return gate.leave(Trace.Kind.KEVENT, kq, result, changeCount);
  }

  /// K4, K6, K7: all changes come first; errors and receipts take the place of events.
  private int apply(
      KqueueFile queue,
      MemorySegment changes,
      long changesOffset,
      int changeCount,
      MemorySegment events,
      long eventsOffset,
      int eventCount) {
    int receipts = 0;
    for (int i = 0; i < changeCount; i++) {
      long at = changesOffset + (long) i * size;
      int flags = changes.get(JAVA_SHORT_UNALIGNED, at + FLAGS) & 0xffff;
      int result = queue.change(descriptors, changes, at);
      if (result == 0 && (flags & EV_RECEIPT) == 0) {
        continue;
      }
      if (receipts == eventCount) {
        return result != 0 ? result : receipts;
      }
      receipt(changes, at, events, eventsOffset + (long) receipts * size, -result);
      receipts++;
    }
    return receipts;
  }

  private void receipt(MemorySegment changes, long from, MemorySegment events, long to, int error) {
    MemorySegment.copy(changes, from, events, to, size);
    events.set(JAVA_SHORT_UNALIGNED, to + FLAGS, (short) EV_ERROR);
    events.set(JAVA_LONG_UNALIGNED, to + DATA, error);
  }

  private int collect(KqueueFile queue, MemorySegment events, long offset, int max) {
    Faults faults = world.faults();
    if (queue.queued() > 1 && faults.fires(Fault.REORDER_EVENTS)) {
      queue.rotate(1 + faults.below(Fault.REORDER_EVENTS, queue.queued() - 1));
    }
    return queue.collect(events, offset, max);
  }

  @Override
  public int close(int kq) {
    gate.enter(Call.CLOSE);
    return gate.leave(Trace.Kind.CLOSE, kq, descriptors.close(kq));
  }
}
