package twemlab.event.kernel.ffm;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import twemlab.event.kernel.CallCounts;
import twemlab.event.kernel.CallCounts.Call;
import twemlab.event.kernel.EpollCalls;
import twemlab.event.kernel.PollCalls;
import twemlab.event.kernel.SelectCalls;

/// epoll(7), poll(2) and select(2) of Linux.
final class LinuxReadiness implements EpollCalls, PollCalls, SelectCalls {
  private static final long EPOLL_CLOEXEC = 0x80000;

  private final CallCounts counts;
  private final MemorySegment errno = LibC.newErrnoPlace();

  /// A `struct timeval`, which select changes.
  private final MemorySegment timeval = Arena.ofAuto().allocate(2L * Long.BYTES);

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
  public int select(
      int count,
      MemorySegment sets,
      long readOffset,
      long writeOffset,
      long exceptOffset,
      int timeoutMillis) {
    counts.count(Call.WAIT);
    timeval.setAtIndex(JAVA_LONG, 0, timeoutMillis / 1_000);
    timeval.setAtIndex(JAVA_LONG, 1, timeoutMillis % 1_000 * 1_000L);
    try {
      return result(
          (long)
              LibC.SELECT.invokeExact(
                  errno,
                  (long) count,
                  pointer(sets, readOffset),
                  pointer(sets, writeOffset),
                  pointer(sets, exceptOffset),
                  timeoutMillis < 0 ? 0L : timeval.address(),
                  0L));
    } catch (Throwable e) {
      throw new AssertionError("select", e);
    }
  }

  private static long pointer(MemorySegment sets, long offset) {
    return offset == NO_SET ? 0 : sets.address() + offset;
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
