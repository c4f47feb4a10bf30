package twemlab.proxy.trace;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.EventPortCalls;

/// Event ports, reported to a listener with associations and batches.
final class TracingEventPorts implements EventPortCalls {
  private final EventPortCalls inner;
  private final Call.Listener listener;

  TracingEventPorts(EventPortCalls inner, Call.Listener listener) {
    this.inner = inner;
    this.listener = listener;
  }

  @Override
  public int portCreate() {
    int result = inner.portCreate();
    listener.called(new Call("PORT_CREATE", -1, result, 0));
    return result;
  }

  @Override
  public int portAssociate(int port, int fd, int events, long user) {
    int result = inner.portAssociate(port, fd, events, user);
    tell("PORT_ASSOCIATE", fd, result, events, new Call.Note(fd, EventNames.mask(events)));
    return result;
  }

  @Override
  public int portDissociate(int port, int fd) {
    int result = inner.portDissociate(port, fd);
    tell("PORT_DISSOCIATE", fd, result, 0, new Call.Note(fd, "DEL"));
    return result;
  }

  private void tell(String name, int fd, int result, long amount, Call.Note ask) {
    listener.called(new Call(name, fd, result, amount, List.of(ask), List.of()));
  }

  @Override
  public int portSend(int port, int events, long user) {
    int result = inner.portSend(port, events, user);
    listener.called(new Call("PORT_SEND", port, result, events));
    return result;
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
    int result = inner.portGetn(port, list, offset, max, nget, ngetOffset, timeoutMillis);
    boolean written = max > 0 && (result == 0 || result == Errno.ETIME.result());
    int count = written ? nget.get(JAVA_INT_UNALIGNED, ngetOffset) : 0;
    List<Call.Note> ready = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long at = offset + (long) i * EVENT_SIZE;
      boolean descriptor = list.get(JAVA_SHORT_UNALIGNED, at + SOURCE) == PORT_SOURCE_FD;
      int fd = descriptor ? (int) list.get(JAVA_LONG_UNALIGNED, at + OBJECT) : -1;
      String events = EventNames.mask(list.get(JAVA_INT_UNALIGNED, at + EVENTS));
      ready.add(new Call.Note(fd, descriptor ? events : "USER"));
    }
    listener.called(new Call("PORT_GETN", port, result, count, List.of(), ready));
    return result;
  }

  @Override
  public int close(int port) {
    int result = inner.close(port);
    listener.called(new Call("CLOSE", port, result, 0));
    return result;
  }
}
