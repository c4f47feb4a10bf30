package twemlab.sim.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import twemlab.event.kernel.CallCounts.Call;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.Platform;
import twemlab.event.kernel.PollCalls;
import twemlab.sim.world.Ready;
import twemlab.sim.world.SimFile;
import twemlab.sim.world.Trace;

/// poll(2): asks every file, rules L1 to L6.
final class SimPoll implements PollCalls {
  private final Descriptors descriptors;
  private final Gate gate;

  SimPoll(Descriptors descriptors, Gate gate) {
    this.descriptors = descriptors;
    this.gate = gate;
  }

  @Override
  public int poll(MemorySegment array, long offset, int count, int timeoutMillis) {
    gate.enter(Call.WAIT);
    int result =
        count < 0 || count > descriptors.limit()
            ? Errno.EINVAL.result() // L6
            : gate.await(timeoutMillis, () -> ask(array, offset, count));
    return gate.leave(Trace.Kind.POLL, -1, result, count);
  }

  private int ask(MemorySegment array, long offset, int count) {
    int ready = 0;
    for (int i = 0; i < count; i++) {
      long at = offset + (long) i * Platform.POLLFD_SIZE;
      int fd = array.get(JAVA_INT_UNALIGNED, at);
      int events = array.get(JAVA_SHORT_UNALIGNED, at + Platform.POLLFD_EVENTS);
      int revents = fd < 0 ? 0 : answer(fd, events); // L1
      array.set(JAVA_SHORT_UNALIGNED, at + Platform.POLLFD_REVENTS, (short) revents);
      ready += revents == 0 ? 0 : 1; // L4
    }
    return ready;
  }

  private int answer(int fd, int events) {
    SimFile file = descriptors.get(fd);
    return file == null
        ? Ready.NVAL // L3
        : file.poll() & (events | Ready.ERR | Ready.HUP); // L2
  }
}
