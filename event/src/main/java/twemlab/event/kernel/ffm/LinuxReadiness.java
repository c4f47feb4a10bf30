package twemlab.event.kernel.ffm;

import java.lang.foreign.MemorySegment;
import twemlab.event.kernel.CallCounts;
import twemlab.event.kernel.CallCounts.Call;
import twemlab.event.kernel.EpollCalls;
import twemlab.event.kernel.PollCalls;

/// epoll(7) and poll(2) of Linux.
final class LinuxReadiness implements EpollCalls, PollCalls {
  private static final long EPOLL_CLOEXEC = 0x80000;

  private final CallCounts counts;
  private final MemorySegment errno = LibC.newErrnoPlace();

  LinuxReadiness(CallCounts counts) {
    this.counts = counts;
  }

  @Override
  public int epollCreate() {
    counts.count(Call.OTHER);
    try {
      return result(
          (long) LibC.EPOLL_CREATE1.invokeExact(errno, EPOLL_CLOEXEC, 0L, 0L, 0L, 0L, 0L));
    } catch (Throwable e) {
      throw new AssertionError("epoll_create1", e);
    }
  }

  @Override
  public int epollCtl(int epfd, int operation, int fd, MemorySegment event, long offset) {
    counts.count(Call.CONTROL);
    try {
      return result(
          (long)
              LibC.EPOLL_CTL.invokeExact(
                  errno,
                  (long) epfd,
                  (long) operation,
                  (long) fd,
                  event.address() + offset,
                  0L,
                  0L));
    } catch (Throwable e) {
      throw new AssertionError("epoll_ctl", e);
    }
  }

  @Override
  public int epollWait(
      int epfd, MemorySegment events, long offset, int maxEvents, int timeoutMillis) {
    counts.count(Call.WAIT);
    try {
      return result(
          (long)
              LibC.EPOLL_WAIT.invokeExact(
                  errno,
                  (long) epfd,
                  events.address() + offset,
                  (long) maxEvents,
                  (long) timeoutMillis,
                  0L,
                  0L));
    } catch (Throwable e) {
      throw new AssertionError("epoll_wait", e);
    }
  }

  @Override
  public int poll(MemorySegment descriptors, long offset, int count, int timeoutMillis) {
    counts.count(Call.WAIT);
    try {
      return result(
          (long)
              LibC.POLL.invokeExact(
                  errno,
                  descriptors.address() + offset,
                  (long) count,
                  (long) timeoutMillis,
                  0L,
                  0L,
                  0L));
    } catch (Throwable e) {
      throw new AssertionError("poll", e);
    }
  }

  @Override
  public int close(int epfd) {
    counts.count(Call.CLOSE);
    try {
      return result((long) LibC.CLOSE.invokeExact(errno, (long) epfd, 0L, 0L, 0L, 0L, 0L));
    } catch (Throwable e) {
      throw new AssertionError("close", e);
    }
  }

  /// These functions return an `int`, of which only the low half of the register is defined.
  private int result(long returned) {
    int value = (int) returned;
    return value >= 0 ? value : -LibC.errno(errno);
  }
}
