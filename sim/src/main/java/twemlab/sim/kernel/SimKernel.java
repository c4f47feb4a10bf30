package twemlab.sim.kernel;

import java.util.List;
import java.util.Optional;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.CallCounts;
import twemlab.event.kernel.CallCounts.Call;
import twemlab.event.kernel.Clock;
import twemlab.event.kernel.EpollCalls;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.EventPortCalls;
import twemlab.event.kernel.Kernel;
import twemlab.event.kernel.KqueueCalls;
import twemlab.event.kernel.MemoryCalls;
import twemlab.event.kernel.Platform;
import twemlab.event.kernel.PollCalls;
import twemlab.event.kernel.Resolver;
import twemlab.event.kernel.SelectCalls;
import twemlab.event.kernel.SocketCalls;
import twemlab.event.kernel.UringCalls;
import twemlab.sim.world.Ready;
import twemlab.sim.world.SimFile;
import twemlab.sim.world.StreamSocket;
import twemlab.sim.world.Trace;
import twemlab.sim.world.World;

/// A kernel under one simulated process. All kernels of a [World] share its time and its network.
/// The platform decides what there is beside poll and select: epoll and io_uring on Linux, kqueue
/// on macOS and FreeBSD, event ports on illumos.
///
/// It needs no native access, sleeps never, and depends on nothing but the world's settings and
/// choices. Not thread-safe, as the world has one thread.
public final class SimKernel implements Kernel {
  private final World world;
  private final String process;
  private final Descriptors descriptors;
  private final SimMemory memory;
  private final Gate gate;
  private final SimSockets sockets;
  private final SimSockets foreignSockets;
  private final SimEpoll epoll;
  private final SimPoll poll;
  private final SimSelect select;
  private final SimKqueue kqueue;
  private final SimEventPorts eventPorts;
  private final SimUring uring;
  private final Resolver resolver;
  private final Clock clock;

  public SimKernel(World world, String process) {
    this(
        world,
        process,
        new Descriptors(world.settings().descriptorLimit()),
        new SimMemory(world, process),
        true);
  }

  private SimKernel(
      World world, String process, Descriptors descriptors, SimMemory memory, boolean mayBlock) {
    this.world = world;
    this.process = process;
    this.descriptors = descriptors;
    this.memory = memory;
    this.gate = new Gate(world, process, descriptors, mayBlock);
    this.sockets = new SimSockets(world, process, descriptors, memory, gate);
    this.foreignSockets =
        new SimSockets(
            world, process, descriptors, memory, new Gate(world, process, descriptors, false));
    this.epoll = new SimEpoll(world, descriptors, gate);
    this.poll = new SimPoll(descriptors, gate);
    this.select = new SimSelect(descriptors, gate);
    this.kqueue = new SimKqueue(world, descriptors, gate);
    this.eventPorts = new SimEventPorts(world, descriptors, gate);
    this.uring = new SimUring(world, process, sockets, descriptors, memory, gate);
    this.resolver = new SimResolver(world, process);
    this.clock = new VirtualClock(world);
  }

  /// A view of this process for a second loop, with the same descriptors and memory, whose waits
  /// never let time pass: with nothing ready they answer 0, as if the timeout had come early. The
  /// simulation steps that loop from scheduled events, where the first loop's wait would be.
  public SimKernel companion(String name) {
    return new SimKernel(world, name, descriptors, memory, false);
  }

  @Override
  public Platform platform() {
    return world.settings().platform();
  }

  @Override
  public SocketCalls sockets() {
    return sockets;
  }

  @Override
  public SocketCalls foreignSockets() {
    return foreignSockets;
  }

  @Override
  public MemoryCalls memory() {
    return memory;
  }

  @Override
  public Clock clock() {
    return clock;
  }

  @Override
  public Resolver resolver() {
    return resolver;
  }

  @Override
  public Optional<EpollCalls> epoll() {
    return platform().isLinux() ? Optional.of(epoll) : Optional.empty();
  }

  @Override
  public Optional<KqueueCalls> kqueue() {
    boolean bsd = platform() == Platform.MACOS || platform() == Platform.FREEBSD;
    return bsd ? Optional.of(kqueue) : Optional.empty();
  }

  @Override
  public Optional<EventPortCalls> eventPorts() {
    return platform() == Platform.ILLUMOS ? Optional.of(eventPorts) : Optional.empty();
  }

  @Override
  public Optional<UringCalls> uring() {
    return platform().isLinux() ? Optional.of(uring) : Optional.empty();
  }

  @Override
  public Optional<SelectCalls> select() {
    return Optional.of(select);
  }

  @Override
  public Optional<PollCalls> poll() {
    return Optional.of(poll);
  }

  @Override
  public CallCounts counts() {
    return gate.counts();
  }

  /// dup(2): one more number for an open file.
  public int dup(int fd) {
    gate.enter(Call.OTHER);
    SimFile file = descriptors.get(fd);
    int result = file == null ? Errno.EBADF.result() : descriptors.add(file);
    return gate.leave(Trace.Kind.DUP, fd, result);
  }

  /// open(2) of some regular file.
  public int openRegularFile() {
    gate.enter(Call.OTHER);
    return gate.leave(Trace.Kind.OPEN, -1, descriptors.add(new RegularFile()));
  }

  /// How many descriptors are open: 0 after a process that leaked none.
  public int openDescriptors() {
    return descriptors.open();
  }

  /// How often a descriptor's number was given out again in the batch in which it was closed.
  public long reusedInBatch() {
    return descriptors.reusedInBatch();
  }

  /// How often a descriptor was read, or asked for its error, before any wait can have reported it:
  /// an event of its predecessor was taken for its own.
  public long unasked() {
    return descriptors.unasked();
  }

  /// How many reads found neither bytes nor an end nor an error.
  public long emptyReads() {
    return descriptors.emptyReads();
  }

  /// How many bytes are mapped.
  public long mappedBytes() {
    return memory.mapped();
  }

  /// Whether something waits to be collected from a descriptor: what a simulation asks before it
  /// steps a companion's loop.
  public boolean ready(int fd) {
    SimFile file = descriptors.get(fd);
    return file != null && (file.poll() & Ready.IN) != 0;
  }

  /// The own address of a socket, or null: what a trace may ask without a system call.
  public Address localAddress(int fd) {
    return descriptors.get(fd) instanceof StreamSocket socket ? socket.local : null;
  }

  /// The address at the other end of a socket, or null.
  public Address peerAddress(int fd) {
    return descriptors.get(fd) instanceof StreamSocket socket ? socket.peer : null;
  }

  /// Who is bound to an address: the name of a process or host, or null.
  public String ownerOf(Address address) {
    return world.network().owner(address);
  }

  /// The descriptors in the kernel's lists of what may be ready (epoll, kqueue, event ports, the
  /// task work of io_uring), in their order, also if a wait would find that they are not ready any
  /// more. poll and select keep no list.
  public List<Integer> readyQueue() {
    return descriptors.queued();
  }

  /// Ends the process: closes every descriptor and frees all memory, as a real kernel does.
  @Override
  public void close() {
    descriptors.closeAll();
    memory.unmapAll();
  }

  /// The process' name in the trace.
  @Override
  public String toString() {
    return process;
  }

  private record VirtualClock(World world) implements Clock {
    @Override
    public long monotonicNanos() {
      return world.scheduler().now();
    }

    @Override
    public long wallMillis() {
      return world.wallMillis();
    }
  }
}
