package twemlab.event.testing;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import twemlab.event.kernel.CallCounts;
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

/// Any kernel, with books: which descriptors are open and which memory is mapped, so that a test
/// can end with the proof that nothing leaked. It can also be told to answer errors, to let the
/// clock jump, and not to sleep.
public final class AuditedKernel implements Kernel {
  private final Kernel inner;
  private final Faults faults = new Faults();
  private final Map<Integer, String> open = new TreeMap<>();
  private final List<MemorySegment> mapped = new ArrayList<>();
  private final List<Integer> writes = new ArrayList<>();
  private final SocketCalls sockets;
  private final SocketCalls plain;
  private final SocketCalls foreign;
  private long clockOffset;
  private long frozenAt;
  private boolean frozen;
  private int requestedTimeout;
  private boolean sleepless;
  private Runnable afterWait = () -> {};
  private Runnable beforeRead = () -> {};

  public AuditedKernel(Kernel inner) {
    this.inner = inner;
    this.sockets = new AuditedSockets(inner.sockets(), this, faults);
    this.plain = new AuditedSockets(inner.sockets(), this, new Faults());
    this.foreign = new AuditedSockets(inner.foreignSockets(), this, faults);
  }

  /// What the transport's calls answer instead of the truth.
  public Faults faults() {
    return faults;
  }

  /// The same sockets without the faults, for the peers.
  public SocketCalls plainSockets() {
    return plain;
  }

  /// Stops the clock: from now on time passes by [#advanceClock] alone.
  public void freezeClock() {
    frozenAt = clock().monotonicNanos();
    frozen = true;
  }

  /// Lets time pass without waiting for it.
  public void advanceClock(long nanos) {
    clockOffset += nanos;
    frozenAt += nanos;
  }

  /// The timeout that the last wait was asked for.
  public int requestedTimeout() {
    return requestedTimeout;
  }

  /// Whether every wait returns at once, whatever timeout is asked for.
  public void sleepless(boolean on) {
    sleepless = on;
  }

  /// Has an action run once, between the return of the next wait and its evaluation.
  public void afterNextWait(Runnable action) {
    afterWait =
        () -> {
          afterWait = () -> {};
          action.run();
        };
  }

  /// Has an action run once, before the next read of the transport.
  public void beforeNextRead(Runnable action) {
    beforeRead =
        () -> {
          beforeRead = () -> {};
          action.run();
        };
  }

  void reading() {
    beforeRead.run();
  }

  /// Returns when what was sent has arrived: a moment of real or of simulated time.
  public void settle() {
    int result;
    do {
      result = inner.poll().orElseThrow().poll(MemorySegment.NULL, 0, 0, 2);
    } while (result == Errno.EINTR.result());
  }

  /// The descriptors that were written to, in order.
  public List<Integer> writes() {
    return writes;
  }

  /// Every open descriptor, and the call that opened it.
  public Map<Integer, String> openDescriptors() {
    return open;
  }

  /// Mappings that were not given back.
  public List<MemorySegment> mappings() {
    return mapped;
  }

  synchronized int opened(String call, int fd) {
    if (fd >= 0) {
      String before = open.put(fd, call);
      if (before != null) {
        throw new AssertionError(call + " answered " + fd + ", which is open: " + before);
      }
    }
    return fd;
  }

  synchronized void closing(int fd) {
    if (open.remove(fd) == null) {
      throw new AssertionError("close of " + fd + ", which is not open");
    }
  }

  synchronized void using(String call, int fd) {
    if (!open.containsKey(fd)) {
      throw new AssertionError(call + " on " + fd + ", which is not open");
    }
  }

  synchronized void wrote(int fd) {
    writes.add(fd);
  }

  synchronized void mapped(MemorySegment segment) {
    mapped.add(segment);
  }

  synchronized void unmapping(MemorySegment segment) {
    if (!mapped.remove(segment)) {
      throw new AssertionError("unmap of what is not mapped: " + segment);
    }
  }

  int timeout(int asked) {
    requestedTimeout = asked;
    return sleepless ? 0 : asked;
  }

  int waited(int result) {
    afterWait.run();
    return result;
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
  public SocketCalls foreignSockets() {
    return foreign;
  }

  @Override
  public MemoryCalls memory() {
    return new MemoryCalls() {
      @Override
      public MemorySegment map(long bytes) {
        MemorySegment segment = inner.memory().map(bytes);
        mapped.add(segment);
        return segment;
      }

      @Override
      public void unmap(MemorySegment segment) {
        if (!mapped.remove(segment)) {
          throw new AssertionError("unmap of what is not mapped: " + segment);
        }
        inner.memory().unmap(segment);
      }
    };
  }

  @Override
  public Clock clock() {
    Clock clock = inner.clock();
    return new Clock() {
      @Override
      public long monotonicNanos() {
        return frozen ? frozenAt : clock.monotonicNanos() + clockOffset;
      }

      @Override
      public long wallMillis() {
        return clock.wallMillis() + clockOffset / 1_000_000;
      }
    };
  }

  @Override
  public Resolver resolver() {
    return inner.resolver();
  }

  @Override
  public Optional<EpollCalls> epoll() {
    return inner.epoll().map(AuditedEpoll::new);
  }

  @Override
  public Optional<PollCalls> poll() {
    return inner
        .poll()
        .map(
            calls ->
                (descriptors, offset, count, timeoutMillis) -> {
                  Integer fault = faults.answer("wait");
                  int millis = timeout(timeoutMillis);
                  return waited(
                      fault != null ? fault : calls.poll(descriptors, offset, count, millis));
                });
  }

  @Override
  public Optional<SelectCalls> select() {
    return inner
        .select()
        .map(
            calls ->
                (count, sets, read, write, except, timeoutMillis) -> {
                  Integer fault = faults.answer("wait");
                  int millis = timeout(timeoutMillis);
                  return waited(
                      fault != null
                          ? fault
                          : calls.select(count, sets, read, write, except, millis));
                });
  }

  @Override
  public Optional<KqueueCalls> kqueue() {
    return inner.kqueue().map(AuditedKqueue::new);
  }

  @Override
  public Optional<EventPortCalls> eventPorts() {
    return inner.eventPorts().map(AuditedEventPorts::new);
  }

  @Override
  public boolean hasJavaNio() {
    return inner.hasJavaNio();
  }

  @Override
  public CallCounts counts() {
    return inner.counts();
  }

  @Override
  public void close() {
    inner.close();
  }

  @Override
  public Optional<UringCalls> uring() {
    return inner.uring().map(calls -> new AuditedUring(calls, this, faults));
  }

  private final class AuditedKqueue implements KqueueCalls {
    private final KqueueCalls calls;

    AuditedKqueue(KqueueCalls calls) {
      this.calls = calls;
    }

    @Override
    public int kqueue() {
      return opened("kqueue", calls.kqueue());
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
      int millis = timeout(timeoutMillis);
      Integer fault = faults.answer("wait");
      // An interrupted call has applied its changes all the same (rule K15).
      int count = fault == null ? eventCount : 0;
      int result =
          calls.kevent(
              kq, changes, changesOffset, changeCount, events, eventsOffset, count, millis);
      return waited(fault != null ? fault : result);
    }

    @Override
    public int close(int kq) {
      closing(kq);
      return calls.close(kq);
    }
  }

  private final class AuditedEventPorts implements EventPortCalls {
    private final EventPortCalls calls;

    AuditedEventPorts(EventPortCalls calls) {
      this.calls = calls;
    }

    @Override
    public int portCreate() {
      return opened("port_create", calls.portCreate());
    }

    @Override
    public int portAssociate(int port, int fd, int events, long user) {
      using("port_associate", fd);
      return calls.portAssociate(port, fd, events, user);
    }

    @Override
    public int portDissociate(int port, int fd) {
      using("port_dissociate", fd);
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
        int timeoutMillis) {
      int millis = timeout(timeoutMillis);
      Integer fault = faults.answer("wait");
      if (fault != null) {
        nget.set(JAVA_INT, ngetOffset, 0);
        return waited(fault);
      }
      return waited(calls.portGetn(port, list, offset, max, nget, ngetOffset, millis));
    }

    @Override
    public int close(int port) {
      closing(port);
      return calls.close(port);
    }
  }

  private final class AuditedEpoll implements EpollCalls {
    private final EpollCalls calls;

    AuditedEpoll(EpollCalls calls) {
      this.calls = calls;
    }

    @Override
    public int epollCreate() {
      return opened("epoll_create", calls.epollCreate());
    }

    @Override
    public int epollCtl(int epfd, int operation, int fd, MemorySegment event, long offset) {
      using("epoll_ctl", fd);
      int result = calls.epollCtl(epfd, operation, fd, event, offset);
      if (result < 0) {
        throw new AssertionError(
            "epoll_ctl(" + operation + ", " + fd + "): " + Errno.of(result).text());
      }
      return result;
    }

    @Override
    public int epollWait(
        int epfd, MemorySegment events, long offset, int maxEvents, int timeoutMillis) {
      Integer fault = faults.answer("wait");
      int millis = timeout(timeoutMillis);
      return waited(
          fault != null ? fault : calls.epollWait(epfd, events, offset, maxEvents, millis));
    }

    @Override
    public int close(int epfd) {
      closing(epfd);
      return calls.close(epfd);
    }
  }
}
