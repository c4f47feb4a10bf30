package twemlab.sim.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import twemlab.event.kernel.CallCounts.Call;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.EventPortCalls;
import twemlab.sim.world.Fault;
import twemlab.sim.world.SimFile;
import twemlab.sim.world.Trace;
import twemlab.sim.world.World;

/// Event ports over [PortFile].
final class SimEventPorts implements EventPortCalls {
  private final World world;
  private final Descriptors descriptors;
  private final Gate gate;

  SimEventPorts(World world, Descriptors descriptors, Gate gate) {
    this.world = world;
    this.descriptors = descriptors;
    this.gate = gate;
  }

  @Override
  public int portCreate() {
    gate.enter(Call.OTHER);
    return gate.leave(Trace.Kind.PORT_CREATE, -1, descriptors.add(new PortFile()));
  }

  @Override
  public int portAssociate(int port, int fd, int events, long user) {
    gate.enter(Call.CONTROL);
    SimFile file = descriptors.get(fd);
    int result =
        !(descriptors.get(port) instanceof PortFile association)
            ? Errno.EBADF.result()
            : file == null ? Errno.EBADFD.result() : association.associate(fd, file, events, user);
    return gate.leave(Trace.Kind.PORT_ASSOCIATE, fd, result, events);
  }

  @Override
  public int portDissociate(int port, int fd) {
    gate.enter(Call.CONTROL);
    int result =
        !(descriptors.get(port) instanceof PortFile file)
            ? Errno.EBADF.result()
            : descriptors.get(fd) == null ? Errno.EBADFD.result() : file.dissociate(fd);
    return gate.leave(Trace.Kind.PORT_DISSOCIATE, fd, result);
  }

  @Override
  public int portSend(int port, int events, long user) {
    gate.enter(Call.OTHER);
    int result = Errno.EBADF.result();
    if (descriptors.get(port) instanceof PortFile file) {
      file.send(events, user);
      result = 0;
    }
    return gate.leave(Trace.Kind.PORT_SEND, port, result, events);
  }

  @Override
  public int portGetn(
      int port,
      MemorySegment list,
      long offset,
      int max,
      MemorySegment nget,
      long ngetOffset,
      int timeoutMillis) {
    gate.enter(Call.WAIT);
    if (!(descriptors.get(port) instanceof PortFile file)) {
      return gate.leave(Trace.Kind.PORT_GETN, port, Errno.EBADF.result());
    }
    int wanted = nget.get(JAVA_INT_UNALIGNED, ngetOffset);
    if (max == 0) { // P6
      nget.set(JAVA_INT_UNALIGNED, ngetOffset, file.waiting());
      return gate.leave(Trace.Kind.PORT_GETN, port, 0, file.waiting());
    }
    if (wanted > max) {
      return gate.leave(Trace.Kind.PORT_GETN, port, Errno.EINVAL.result());
    }
    int waited = gate.await(timeoutMillis, () -> file.waiting() >= wanted ? 1 : 0);
    int count = waited < 0 ? 0 : file.collect(list, offset, gate.fewEvents(max));
    nget.set(JAVA_INT_UNALIGNED, ngetOffset, count);
    int result = waited < 0 ? waited : outcome(waited, timeoutMillis);
    return gate.leave(Trace.Kind.PORT_GETN, port, result, count);
  }

  /// P5: the timeout is reported, and events may have been taken all the same.
  private int outcome(int waited, int timeoutMillis) {
    boolean late = timeoutMillis >= 0 && world.faults().fires(Fault.GETN_ETIME);
    return waited == 0 || late ? Errno.ETIME.result() : 0;
  }

  @Override
  public int close(int port) {
    gate.enter(Call.CLOSE);
    return gate.leave(Trace.Kind.CLOSE, port, descriptors.close(port));
  }
}
