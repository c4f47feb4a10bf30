package twemlab.exercise.build;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static twemlab.event.kernel.EpollCalls.EPOLLERR;
import static twemlab.event.kernel.EpollCalls.EPOLLHUP;
import static twemlab.event.kernel.EpollCalls.EPOLLIN;
import static twemlab.event.kernel.EpollCalls.EPOLLOUT;
import static twemlab.event.kernel.EpollCalls.EPOLL_CTL_ADD;
import static twemlab.event.kernel.EpollCalls.EPOLL_CTL_DEL;
import static twemlab.event.kernel.EpollCalls.EPOLL_CTL_MOD;

import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import twemlab.event.kernel.EpollCalls;
import twemlab.event.kernel.Kernel;

/// epoll(7), level-triggered: the kernel keeps the list, and is told of changes only.
final class EpollWaiter implements Waiter {
  private static final int MOST = 256;

  private final EpollCalls calls;
  private final MemorySegment memory;
  private final int size;
  private final int data;
  private final int epoll;
  private final Map<Integer, Integer> wanted = new HashMap<>();

  EpollWaiter(Kernel kernel) {
    calls = kernel.epoll().orElseThrow();
    size = kernel.platform().epollEventSize();
    data = kernel.platform().epollEventData();
    memory = kernel.memory().map((long) size * (MOST + 1));
    epoll = calls.epollCreate();
  }

  @Override
  public void watch(int fd) {
    wanted.put(fd, EPOLLIN);
    control(EPOLL_CTL_ADD, fd, EPOLLIN);
  }

  @Override
  public void want(int fd, boolean read, boolean write) {
    int bits = (read ? EPOLLIN : 0) | (write ? EPOLLOUT : 0);
    if (wanted.put(fd, bits) != bits) {
      control(EPOLL_CTL_MOD, fd, bits);
    }
  }

  @Override
  public void forget(int fd) {
    wanted.remove(fd);
    control(EPOLL_CTL_DEL, fd, 0);
  }

  /// The structure behind those of a batch is the argument.
  private void control(int operation, int fd, int bits) {
    long place = (long) size * MOST;
    memory.set(JAVA_INT_UNALIGNED, place, bits);
    memory.set(JAVA_INT_UNALIGNED, place + data, fd);
    int result = calls.epollCtl(epoll, operation, fd, memory, place);
    if (result < 0) {
      throw new IllegalStateException("epoll_ctl " + operation + " of " + fd + ": " + result);
    }
  }

  @Override
  public int await(int timeoutMillis) {
    return calls.epollWait(epoll, memory, 0, MOST, timeoutMillis);
  }

  @Override
  public int fd(int i) {
    return memory.get(JAVA_INT_UNALIGNED, (long) i * size + data);
  }

  private int bits(int i) {
    return memory.get(JAVA_INT_UNALIGNED, (long) i * size);
  }

  @Override
  public boolean readable(int i) {
    return (bits(i) & (EPOLLIN | EPOLLERR | EPOLLHUP)) != 0;
  }

  @Override
  public boolean writable(int i) {
    return (bits(i) & EPOLLOUT) != 0;
  }

  @Override
  public void close() {
    calls.close(epoll);
  }
}
