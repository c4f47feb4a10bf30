package twemlab.proxy.testing;

import java.util.Optional;
import twemlab.event.kernel.CallCounts;
import twemlab.event.kernel.Clock;
import twemlab.event.kernel.EpollCalls;
import twemlab.event.kernel.Kernel;
import twemlab.event.kernel.MemoryCalls;
import twemlab.event.kernel.Platform;
import twemlab.event.kernel.Resolver;
import twemlab.event.kernel.SocketCalls;

/// A kernel, as far as epoll needs it, of which a test overrides a part.
public abstract class ForwardingKernel implements Kernel {
  /// Who does what is not overridden.
  protected final Kernel host;

  /// Forwards to a kernel, and closes it.
  protected ForwardingKernel(Kernel host) {
    this.host = host;
  }

  @Override
  public Platform platform() {
    return host.platform();
  }

  @Override
  public SocketCalls sockets() {
    return host.sockets();
  }

  @Override
  public MemoryCalls memory() {
    return host.memory();
  }

  @Override
  public Clock clock() {
    return host.clock();
  }

  @Override
  public Resolver resolver() {
    return host.resolver();
  }

  @Override
  public Optional<EpollCalls> epoll() {
    return host.epoll();
  }

  @Override
  public SocketCalls foreignSockets() {
    return host.foreignSockets();
  }

  @Override
  public CallCounts counts() {
    return host.counts();
  }

  @Override
  public void close() {
    host.close();
  }
}
