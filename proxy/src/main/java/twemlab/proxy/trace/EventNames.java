package twemlab.proxy.trace;

import java.util.StringJoiner;
import twemlab.event.kernel.EpollCalls;
import twemlab.event.kernel.KqueueCalls;
import twemlab.event.kernel.Platform;
import twemlab.event.kernel.UringCalls;

/// Event masks, filters and operations by name.
public final class EventNames {
  private static final int PRI = 0x2;

  private EventNames() {}

  /// Bits of poll(2), epoll and event ports, which share their low bits on all platforms.
  public static String mask(int mask) {
    StringJoiner names = new StringJoiner(" ");
    add(names, mask, Platform.POLLIN, "IN");
    add(names, mask, PRI, "PRI");
    add(names, mask, Platform.POLLOUT, "OUT");
    add(names, mask, Platform.POLLERR, "ERR");
    add(names, mask, Platform.POLLHUP, "HUP");
    add(names, mask, Platform.POLLNVAL, "NVAL");
    add(names, mask, EpollCalls.EPOLLRDHUP, "RDHUP");
    add(names, mask, EpollCalls.EPOLLONESHOT, "ONESHOT");
    add(names, mask, EpollCalls.EPOLLET, "ET");
    return names.length() == 0 ? "none" : names.toString();
  }

  private static void add(StringJoiner names, int mask, int bit, String name) {
    if ((mask & bit) != 0) {
      names.add(name);
    }
  }

  /// The operation of epoll_ctl(2).
  public static String operation(int operation) {
    return switch (operation) {
      case EpollCalls.EPOLL_CTL_ADD -> "ADD";
      case EpollCalls.EPOLL_CTL_MOD -> "MOD";
      case EpollCalls.EPOLL_CTL_DEL -> "DEL";
      default -> "operation " + operation;
    };
  }

  /// A filter of kqueue.
  static String filter(int filter) {
    return switch (filter) {
      case KqueueCalls.EVFILT_READ -> "READ";
      case KqueueCalls.EVFILT_WRITE -> "WRITE";
      case KqueueCalls.EVFILT_TIMER -> "TIMER";
      case -10, -11 -> "USER";
      default -> "filter " + filter;
    };
  }

  /// The flags of a `struct kevent`.
  static String flags(int flags) {
    StringJoiner names = new StringJoiner(" ");
    add(names, flags, KqueueCalls.EV_ADD, "ADD");
    add(names, flags, KqueueCalls.EV_DELETE, "DELETE");
    add(names, flags, KqueueCalls.EV_ENABLE, "ENABLE");
    add(names, flags, KqueueCalls.EV_DISABLE, "DISABLE");
    add(names, flags, KqueueCalls.EV_ONESHOT, "ONESHOT");
    add(names, flags, KqueueCalls.EV_CLEAR, "CLEAR");
    add(names, flags, KqueueCalls.EV_DISPATCH, "DISPATCH");
    add(names, flags, KqueueCalls.EV_ERROR, "ERROR");
    add(names, flags, KqueueCalls.EV_EOF, "EOF");
    return names.toString();
  }

  /// The operation of a submission to io_uring.
  static String uring(int operation) {
    return switch (operation) {
      case UringCalls.OP_POLL_ADD -> "POLL";
      case UringCalls.OP_POLL_REMOVE -> "POLL_REMOVE";
      case UringCalls.OP_SENDMSG -> "SENDMSG";
      case UringCalls.OP_ACCEPT -> "ACCEPT";
      case UringCalls.OP_ASYNC_CANCEL -> "CANCEL";
      case UringCalls.OP_SEND -> "SEND";
      case UringCalls.OP_RECV -> "RECV";
      default -> "operation " + operation;
    };
  }
}
