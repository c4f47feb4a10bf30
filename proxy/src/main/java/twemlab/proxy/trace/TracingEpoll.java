package twemlab.proxy.trace;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import twemlab.event.kernel.EpollCalls;
import twemlab.event.kernel.Platform;

/// epoll, reported to a listener with interest sets and batches.
final class TracingEpoll implements EpollCalls {
  private final EpollCalls inner;
  private final Platform platform;
  private final Call.Listener listener;

  /// An event has the number that the program gave, not the descriptor.
  private final Map<Long, Integer> descriptors = new HashMap<>();

  TracingEpoll(EpollCalls inner, Platform platform, Call.Listener listener) {
    this.inner = inner;
    this.platform = platform;
    this.listener = listener;
  }

  @Override
  public int epollCreate() {
    int result = inner.epollCreate();
    listener.called(new Call("EPOLL_CREATE", -1, result, 0));
    return result;
  }

  @Override
  public int epollCtl(int epfd, int operation, int fd, MemorySegment event, long offset) {
    int result = inner.epollCtl(epfd, operation, fd, event, offset);
    String text = EventNames.operation(operation);
    if (operation != EPOLL_CTL_DEL) {
      text += " " + EventNames.mask(event.get(JAVA_INT_UNALIGNED, offset));
      descriptors.put(event.get(JAVA_LONG_UNALIGNED, offset + platform.epollEventData()), fd);
    }
    listener.called(
        new Call("EPOLL_CTL", fd, result, operation, List.of(new Call.Note(fd, text)), List.of()));
    return result;
  }

  @Override
  public int epollWait(int epfd, MemorySegment events, long offset, int max, int timeoutMillis) {
    int result = inner.epollWait(epfd, events, offset, max, timeoutMillis);
    List<Call.Note> ready = new ArrayList<>();
    for (int i = 0; i < result; i++) {
      long at = offset + (long) i * platform.epollEventSize();
      long data = events.get(JAVA_LONG_UNALIGNED, at + platform.epollEventData());
      String mask = EventNames.mask(events.get(JAVA_INT_UNALIGNED, at));
      ready.add(new Call.Note(descriptors.getOrDefault(data, -1), mask));
    }
    listener.called(new Call("EPOLL_WAIT", epfd, result, timeoutMillis, List.of(), ready));
    return result;
  }

  @Override
  public int close(int epfd) {
    int result = inner.close(epfd);
    listener.called(new Call("CLOSE", epfd, result, 0));
    return result;
  }
}
