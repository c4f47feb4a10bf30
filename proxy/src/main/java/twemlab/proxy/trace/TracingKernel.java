package twemlab.proxy.trace;

import java.util.Optional;
import twemlab.event.kernel.CallCounts;
import twemlab.event.kernel.Clock;
import twemlab.event.kernel.EpollCalls;
import twemlab.event.kernel.EventPortCalls;
import twemlab.event.kernel.Kernel;
import twemlab.event.kernel.KqueueCalls;
import twemlab.event.kernel.MemoryCalls;
import twemlab.event.kernel.Platform;
import twemlab.event.kernel.PollCalls;
import twemlab.event.kernel.ProcessCalls;
import twemlab.event.kernel.Resolver;
import twemlab.event.kernel.SelectCalls;
import twemlab.event.kernel.SocketCalls;
import twemlab.event.kernel.UringCalls;

/// A kernel around a kernel, real or simulated, that reports each call to a listener after it has
/// returned. It makes no call of its own, changes no argument and no result, and is there only when
/// somebody listens.
///
/// Told are the calls of the loop's thread: those of [#foreignSockets] pass unseen.
public final class TracingKernel implements Kernel {
  private final Kernel inner;
  private final TracingMemory memory;
  private final TracingSockets sockets;
  private final Optional<EpollCalls> epoll;
  private final Optional<PollCalls> poll;
  private final Optional<SelectCalls> select;
  private final Optional<KqueueCalls> kqueue;
  private final Optional<EventPortCalls> eventPorts;
  private final Optional<UringCalls> uring;

  /// Wraps a kernel, which is closed with this one.
  public TracingKernel(Kernel inner, Call.Listener listener) {
    Platform platform = inner.platform();
    this.inner = inner;
    this.memory = new TracingMemory(inner.memory(), listener);
    this.sockets = new TracingSockets(inner.sockets(), platform, memory, listener);
    this.epoll = inner.epoll().map(calls -> new TracingEpoll(calls, platform, listener));
    this.poll = inner.poll().map(calls -> new TracingPoll(calls, listener));
    this.select = inner.select().map(calls -> new TracingSelect(calls, listener));
    this.kqueue = inner.kqueue().map(calls -> new TracingKqueue(calls, platform, listener));
    this.eventPorts = inner.eventPorts().map(calls -> new TracingEventPorts(calls, listener));
    this.uring = inner.uring().map(calls -> new TracingUring(calls, memory, listener));
  }

  @Override
  public Platform platform() {
    return inner.platform();
  }

  @Override
  public SocketCalls sockets() {
    return sockets;
  }

  @Override
  public MemoryCalls memory() {
    return memory;
  }

  @Override
  public Clock clock() {
    return inner.clock();
  }

  @Override
  public Resolver resolver() {
    return inner.resolver();
  }

  @Override
  public Optional<EpollCalls> epoll() {
    return epoll;
  }

  @Override
  public Optional<PollCalls> poll() {
    return poll;
  }

  @Override
  public Optional<SelectCalls> select() {
    return select;
  }

  @Override
  public Optional<KqueueCalls> kqueue() {
    return kqueue;
  }

  @Override
  public Optional<EventPortCalls> eventPorts() {
    return eventPorts;
  }

  @Override
  public Optional<UringCalls> uring() {
    return uring;
  }

  @Override
  public Optional<ProcessCalls> process() {
    return inner.process();
  }

  @Override
  public boolean hasJavaNio() {
    return inner.hasJavaNio();
  }

  @Override
  public SocketCalls foreignSockets() {
    return inner.foreignSockets();
  }

  @Override
  public CallCounts counts() {
    return inner.counts();
  }

  @Override
  public void close() {
    inner.close();
  }
}
