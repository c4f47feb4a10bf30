package twemlab.event.kernel.ffm;

import java.util.Optional;
import twemlab.event.kernel.CallCounts;
import twemlab.event.kernel.Clock;
import twemlab.event.kernel.EpollCalls;
import twemlab.event.kernel.Kernel;
import twemlab.event.kernel.MemoryCalls;
import twemlab.event.kernel.Platform;
import twemlab.event.kernel.PollCalls;
import twemlab.event.kernel.ProcessCalls;
import twemlab.event.kernel.Resolver;
import twemlab.event.kernel.SelectCalls;
import twemlab.event.kernel.SocketCalls;
import twemlab.event.kernel.UringCalls;
import twemlab.event.kernel.jdk.SystemClock;
import twemlab.event.kernel.jdk.SystemResolver;

/// The kernel of the machine, for one loop.
public final class LinuxKernel implements Kernel {
  private final Platform platform = Platform.host();
  private final CallCounts counts = new CallCounts();
  private final SocketCalls sockets = new PosixSockets(platform, counts);
  private final SocketCalls foreignSockets = new PosixSockets(platform, new CallCounts());
  private final LinuxReadiness readiness = new LinuxReadiness(counts);
  private final MemoryCalls memory = new MappedMemory();
  private final Clock clock = new SystemClock();
  private final Resolver resolver = new SystemResolver();

  /// Opens it.
  ///
  /// @throws UnsupportedOperationException on a system other than Linux
  public LinuxKernel() {
    if (!platform.isLinux()) {
      throw new UnsupportedOperationException(
          "the system calls of " + platform + " are known to the simulator only");
    }
  }

  @Override
  public Platform platform() {
    return platform;
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
    return Optional.of(readiness);
  }

  @Override
  public Optional<PollCalls> poll() {
    return Optional.of(readiness);
  }

  @Override
  public Optional<SelectCalls> select() {
    return Optional.of(readiness);
  }

  /// Asked for, not probed: opening a ring shows whether this kernel allows it.
  @Override
  public Optional<UringCalls> uring() {
    return Optional.of(new LinuxUring(counts));
  }

  @Override
  public boolean hasJavaNio() {
    return true;
  }

  @Override
  public Optional<ProcessCalls> process() {
    return Optional.of(new PosixProcess());
  }

  @Override
  public CallCounts counts() {
    return counts;
  }

  @Override
  public void close() {
    // The code that opened them owns descriptors and mappings.
  }
}
