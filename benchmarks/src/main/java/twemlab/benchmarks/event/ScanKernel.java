package twemlab.benchmarks.event;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
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
import twemlab.event.kernel.Resolver;
import twemlab.event.kernel.SelectCalls;
import twemlab.event.kernel.SocketCalls;
import twemlab.event.kernel.UringCalls;

/// A kernel whose waits are looked at: how many entries cross the seam in each. That is what a wait
/// costs beside its fixed price, and it is the same on every machine.
///
/// ```text
/// poll, select    descriptors that are asked about
/// epoll, ports    events that come back
/// kqueue          changes that go and events that come back
/// io_uring        not counted here: entries cross in memory (their number is that of the events)
/// ```
final class ScanKernel implements Kernel {
  private final Kernel kernel;
  private long scanned;

  ScanKernel(Kernel kernel) {
    this.kernel = kernel;
  }

  /// Entries so far.
  long scanned() {
    return scanned;
  }

  private int scanned(int entries, int result) {
    scanned += entries;
    return result;
  }

  @Override
  public Optional<EpollCalls> epoll() {
    return kernel.epoll().map(Epoll::new);
  }

  @Override
  public Optional<PollCalls> poll() {
    return kernel
        .poll()
        .map(
            calls ->
                (array, offset, count, timeout) ->
                    scanned(count, calls.poll(array, offset, count, timeout)));
  }

  @Override
  public Optional<SelectCalls> select() {
    return kernel
        .select()
        .map(
            calls ->
                (count, sets, read, write, except, timeout) ->
                    scanned(count, calls.select(count, sets, read, write, except, timeout)));
  }

  @Override
  public Optional<KqueueCalls> kqueue() {
    return kernel.kqueue().map(Kqueue::new);
  }

  @Override
  public Optional<EventPortCalls> eventPorts() {
    return kernel.eventPorts().map(Ports::new);
  }

  private final class Epoll implements EpollCalls {
    private final EpollCalls calls;

    private Epoll(EpollCalls calls) {
      this.calls = calls;
    }

    @Override
    public int epollCreate() {
      return calls.epollCreate();
    }

    @Override
    public int epollCtl(int epfd, int operation, int fd, MemorySegment event, long offset) {
      return calls.epollCtl(epfd, operation, fd, event, offset);
    }

    @Override
    public int epollWait(int epfd, MemorySegment events, long offset, int max, int timeout) {
      int result = calls.epollWait(epfd, events, offset, max, timeout);
      return scanned(Math.max(result, 0), result);
    }

    @Override
    public int close(int epfd) {
      return calls.close(epfd);
    }
  }

  private final class Kqueue implements KqueueCalls {
    private final KqueueCalls calls;

    private Kqueue(KqueueCalls calls) {
      this.calls = calls;
    }

    @Override
    public int kqueue() {
      return calls.kqueue();
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
        int timeout) {
      int result =
          calls.kevent(
              kq, changes, changesOffset, changeCount, events, eventsOffset, eventCount, timeout);
      return scanned(changeCount + Math.max(result, 0), result);
    }

    @Override
    public int close(int kq) {
      return calls.close(kq);
    }
  }

  private final class Ports implements EventPortCalls {
    private final EventPortCalls calls;

    private Ports(EventPortCalls calls) {
      this.calls = calls;
    }

    @Override
    public int portCreate() {
      return calls.portCreate();
    }

    @Override
    public int portAssociate(int port, int fd, int events, long user) {
      return calls.portAssociate(port, fd, events, user);
    }

    @Override
    public int portDissociate(int port, int fd) {
      return calls.portDissociate(port, fd);
    }

    @Override
    public int portSend(int port, int events, long user) {
      return calls.portSend(port, events, user);
    }

    @Override
    public int portGetn(
        int port,
        MemorySegment list,
        long offset,
        int max,
        MemorySegment nget,
        long ngetOffset,
        int timeout) {
      int result = calls.portGetn(port, list, offset, max, nget, ngetOffset, timeout);
      return scanned(nget.get(JAVA_INT, ngetOffset), result);
    }

    @Override
    public int close(int port) {
      return calls.close(port);
    }
  }

  @Override
  public Platform platform() {
    return kernel.platform();
  }

  @Override
  public SocketCalls sockets() {
    return kernel.sockets();
  }

  @Override
  public SocketCalls foreignSockets() {
    return kernel.foreignSockets();
  }

  @Override
  public MemoryCalls memory() {
    return kernel.memory();
  }

  @Override
  public Clock clock() {
    return kernel.clock();
  }

  @Override
  public Resolver resolver() {
    return kernel.resolver();
  }

  @Override
  public Optional<UringCalls> uring() {
    return kernel.uring();
  }

  @Override
  public CallCounts counts() {
    return kernel.counts();
  }

  @Override
  public void close() {
    kernel.close();
  }
}
