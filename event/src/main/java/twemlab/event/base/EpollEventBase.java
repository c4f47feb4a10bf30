package twemlab.event.base;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static twemlab.event.kernel.EpollCalls.EPOLLET;
import static twemlab.event.kernel.EpollCalls.EPOLLIN;
import static twemlab.event.kernel.EpollCalls.EPOLLOUT;
import static twemlab.event.kernel.EpollCalls.EPOLLRDHUP;
import static twemlab.event.kernel.EpollCalls.EPOLL_CTL_ADD;
import static twemlab.event.kernel.EpollCalls.EPOLL_CTL_DEL;
import static twemlab.event.kernel.EpollCalls.EPOLL_CTL_MOD;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import twemlab.event.kernel.EpollCalls;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.MemoryCalls;
import twemlab.event.kernel.Platform;

/// Readiness by epoll(7); C counterpart event/nc_epoll.c.
///
/// Edge-triggered, a connection is registered once for everything and never modified. This saves
/// twemproxy's two `epoll_ctl` for each write. EPOLLRDHUP is asked for, because a short read does
/// not show whether the end of the stream came too (rule E17). Level-triggered, a change of output
/// interest is a MOD.
public final class EpollEventBase implements EventBase {
  private final EpollCalls calls;
  private final MemoryCalls memory;
  private final Callback callback;
  private final boolean edge;
  private final int batch;
  private final int eventSize;
  private final int dataOffset;
  private final MemorySegment events;
  private final int epfd;

  /// The interest of each slot, which MOD must repeat in whole; level-triggered only.
  private int[] interest = new int[64];

  /// Structures of the last wait that are not dispatched yet.
  private int ready;

  /// Opens an epoll descriptor.
  ///
  /// @param batch the most events that one wait reports
  /// @throws IllegalStateException if the system has no descriptor left
  public EpollEventBase(
      EpollCalls calls,
      MemoryCalls memory,
      Platform platform,
      boolean edge,
      int batch,
      Callback callback) {
    this.calls = calls;
    this.memory = memory;
    this.callback = callback;
    this.edge = edge;
    this.batch = batch;
    this.eventSize = platform.epollEventSize();
    this.dataOffset = platform.epollEventData();
    this.epfd = calls.epollCreate();
    if (epfd < 0) {
      throw new IllegalStateException("epoll_create: " + Errno.of(epfd).text());
    }
    // One structure more than a batch: the argument of epoll_ctl.
    this.events = memory.map((long) eventSize * (batch + 1));
  }

  @Override
  public String name() {
    return edge ? "epoll" : "epoll-level";
  }

  @Override
  public boolean edgeTriggered() {
    return edge;
  }

  // tag::add-connection[]
  @Override
  public int addConnection(int fd, long handle) {
    int mask = EPOLLIN | EPOLLRDHUP | (edge ? EPOLLOUT | EPOLLET : 0);
    remember(handle, mask);
    return control(EPOLL_CTL_ADD, fd, mask, handle);
  }

  // end::add-connection[]

  @Override
  public int deleteConnection(int fd, long handle) {
    remember(handle, 0);
    return control(EPOLL_CTL_DEL, fd, 0, handle);
  }

  @Override
  public int addIn(int fd, long handle) {
    return change(fd, handle, EPOLLIN | EPOLLRDHUP, true);
  }

  @Override
  public int deleteIn(int fd, long handle) {
    return change(fd, handle, EPOLLIN | EPOLLRDHUP, false);
  }

  @Override
  public int addOut(int fd, long handle) {
    return change(fd, handle, EPOLLOUT, true);
  }

  @Override
  public int deleteOut(int fd, long handle) {
    return change(fd, handle, EPOLLOUT, false);
  }

  // tag::change[]
  private int change(int fd, long handle, int bits, boolean on) {
    if (edge) {
      return 0;
    }
    int before = interest[(int) handle];
    int after = on ? before | bits : before & ~bits;
    if (after == before) {
      return 0;
    }
    remember(handle, after);
    return control(EPOLL_CTL_MOD, fd, after, handle);
  }

  // end::change[]

  private void remember(long handle, int mask) {
    if (!edge) {
      int slot = (int) handle;
      if (slot >= interest.length) {
        interest = Arrays.copyOf(interest, Math.max(slot + 1, interest.length * 2));
      }
      interest[slot] = mask;
    }
  }

  private int control(int operation, int fd, int mask, long handle) {
    long place = (long) batch * eventSize;
    events.set(JAVA_INT_UNALIGNED, place, mask);
    events.set(JAVA_LONG_UNALIGNED, place + dataOffset, handle);
    return calls.epollCtl(epfd, operation, fd, events, place);
  }

  // tag::await-dispatch[]
  @Override
  public int await(int timeoutMillis) {
    int result = calls.epollWait(epfd, events, 0, batch, timeoutMillis);
    ready = Math.max(result, 0);
    return result;
  }

  @Override
  public void dispatch() {
    for (int i = 0; i < ready; i++) {
      long place = (long) i * eventSize;
      int mask = events.get(JAVA_INT_UNALIGNED, place);
      long handle = events.get(JAVA_LONG_UNALIGNED, place + dataOffset);
      callback.onReady(handle, PollMask.events(mask, EPOLLRDHUP));
    }
    ready = 0;
  }

  // end::await-dispatch[]

  @Override
  public int batchLimit() {
    return batch;
  }

  @Override
  public void close() {
    // A handler may close in the middle of a batch.
    ready = 0;
    calls.close(epfd);
    memory.unmap(events);
  }
}
