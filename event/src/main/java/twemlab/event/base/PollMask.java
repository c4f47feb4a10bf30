package twemlab.event.base;

import static twemlab.event.kernel.Platform.POLLERR;
import static twemlab.event.kernel.Platform.POLLHUP;
import static twemlab.event.kernel.Platform.POLLIN;
import static twemlab.event.kernel.Platform.POLLNVAL;
import static twemlab.event.kernel.Platform.POLLOUT;

/// The bits of poll(2), which epoll(7) and io_uring share, as events of an [EventBase].
final class PollMask {
  private PollMask() {}

  /// @param endOfStream the system's bit for it (POLLRDHUP), or 0
  static int events(int mask, int endOfStream) {
    int events = 0;
    if ((mask & (POLLIN | POLLHUP | endOfStream)) != 0) {
      events |= EventBase.READ;
    }
    if ((mask & POLLOUT) != 0) {
      events |= EventBase.WRITE;
    }
    if ((mask & (POLLERR | POLLNVAL)) != 0) {
      events |= EventBase.ERROR;
    }
    if ((mask & (POLLHUP | endOfStream)) != 0) {
      events |= EventBase.END;
    }
    if ((mask & POLLHUP) != 0) {
      events |= EventBase.HANGUP;
    }
    return events;
  }
}
