package twemlab.event.kernel;

import java.lang.foreign.MemorySegment;

/// epoll(7): each call returns a value `>= 0`, or `-errno`.
public interface EpollCalls {
  /// Operations of epoll_ctl(2).
  int EPOLL_CTL_ADD = 1;

  int EPOLL_CTL_DEL = 2;
  int EPOLL_CTL_MOD = 3;

  /// Event bits. ERR and HUP are reported whether asked for or not (rule E3), RDHUP only when asked
  /// for (E4).
  int EPOLLIN = 0x1;

  int EPOLLOUT = 0x4;
  int EPOLLERR = 0x8;
  int EPOLLHUP = 0x10;
  int EPOLLRDHUP = 0x2000;
  int EPOLLONESHOT = 1 << 30;
  int EPOLLET = 1 << 31;

  /// epoll_create1(2) with EPOLL_CLOEXEC: the descriptor.
  int epollCreate();

  /// epoll_ctl(2); the `struct epoll_event` lies at the offset and is ignored by DEL.
  int epollCtl(int epfd, int operation, int fd, MemorySegment event, long offset);

  /// epoll_wait(2): the number of structures written from the offset on. A timeout of -1 waits
  /// without limit, 0 does not wait.
  int epollWait(int epfd, MemorySegment events, long offset, int maxEvents, int timeoutMillis);

  /// close(2) of the epoll descriptor.
  int close(int epfd);
}
