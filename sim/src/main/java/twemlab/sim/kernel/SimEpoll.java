package twemlab.sim.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import twemlab.event.kernel.CallCounts.Call;
import twemlab.event.kernel.EpollCalls;
import twemlab.event.kernel.Errno;
import twemlab.sim.world.Fault;
import twemlab.sim.world.Faults;
import twemlab.sim.world.SimFile;
import twemlab.sim.world.Trace;
import twemlab.sim.world.World;

/// epoll(7) over [EpollFile].
final class SimEpoll implements EpollCalls {
  private final World world;
  private final Descriptors descriptors;
  private final Gate gate;

  SimEpoll(World world, Descriptors descriptors, Gate gate) {
    this.world = world;
    this.descriptors = descriptors;
    this.gate = gate;
  }

  @Override
  public int epollCreate() {
    gate.enter(Call.OTHER);
    return gate.leave(Trace.Kind.EPOLL_CREATE, -1, descriptors.add(new EpollFile()));
  }

  @Override
  public int epollCtl(int epfd, int operation, int fd, MemorySegment event, long offset) {
    gate.enter(Call.CONTROL);
    int result = control(epfd, operation, fd, event, offset);
    int mask = operation == EPOLL_CTL_DEL ? 0 : event.get(JAVA_INT_UNALIGNED, offset);
    return gate.leaveControl(fd, result, operation, mask);
  }

  private int control(int epfd, int operation, int fd, MemorySegment event, long offset) {
    SimFile outer = descriptors.get(epfd);
    SimFile file = descriptors.get(fd);
    if (outer == null || file == null) {
      return Errno.EBADF.result();
    }
    if (!(outer instanceof EpollFile epoll)) {
      return (file.pollable() ? Errno.EINVAL : Errno.EPERM).result();
    }
    int dataAt = world.settings().platform().epollEventData();
    return epoll.control(operation, fd, file, event, offset, dataAt);
  }

  @Override
  public int epollWait(
      int epfd, MemorySegment events, long offset, int maxEvents, int timeoutMillis) {
    gate.enter(Call.WAIT);
    int result = await(epfd, events, offset, maxEvents, timeoutMillis);
    return gate.leave(Trace.Kind.EPOLL_WAIT, epfd, result);
  }

  private int await(int epfd, MemorySegment events, long offset, int maxEvents, int timeout) {
    SimFile file = descriptors.get(epfd);
    if (maxEvents <= 0) {
      return Errno.EINVAL.result();
    }
    if (file == null) {
      return Errno.EBADF.result();
    }
    if (!(file instanceof EpollFile epoll)) {
      return Errno.EINVAL.result();
    }
    int max = gate.fewEvents(maxEvents);
    return gate.await(timeout, () -> collect(epoll, events, offset, max));
  }

  private int collect(EpollFile epoll, MemorySegment events, long offset, int max) {
    if (!epoll.mayBeReady()) {
      return 0;
    }
    Faults faults = world.faults();
    if (epoll.queued() > 1 && faults.fires(Fault.REORDER_EVENTS)) {
      epoll.rotate(1 + faults.below(Fault.REORDER_EVENTS, epoll.queued() - 1));
    }
    return epoll.collect(world.settings().platform(), events, offset, max);
  }

  @Override
  public int close(int epfd) {
    gate.enter(Call.CLOSE);
    return gate.leave(Trace.Kind.CLOSE, epfd, descriptors.close(epfd));
  }
}
