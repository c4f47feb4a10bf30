package twemlab.proxy.trace;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;
import static twemlab.event.kernel.Platform.POLLFD_EVENTS;
import static twemlab.event.kernel.Platform.POLLFD_REVENTS;
import static twemlab.event.kernel.Platform.POLLFD_SIZE;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import twemlab.event.kernel.PollCalls;

/// poll(2), reported to a listener with interest sets and batches.
final class TracingPoll implements PollCalls {
  private final PollCalls inner;
  private final Call.Listener listener;
  private final Watched watched = new Watched();

  TracingPoll(PollCalls inner, Call.Listener listener) {
    this.inner = inner;
    this.listener = listener;
  }

  @Override
  public int poll(MemorySegment descriptors, long offset, int count, int timeoutMillis) {
    int result = inner.poll(descriptors, offset, count, timeoutMillis);
    Map<Integer, String> interest = new TreeMap<>();
    List<Call.Note> ready = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long at = offset + (long) i * POLLFD_SIZE;
      int fd = descriptors.get(JAVA_INT_UNALIGNED, at);
      int events = descriptors.get(JAVA_SHORT_UNALIGNED, at + POLLFD_EVENTS);
      int found = descriptors.get(JAVA_SHORT_UNALIGNED, at + POLLFD_REVENTS);
      if (fd >= 0) {
        interest.put(fd, EventNames.mask(events));
      }
      if (result > 0 && found != 0) {
        ready.add(new Call.Note(fd, EventNames.mask(found)));
      }
    }
    listener.called(new Call("POLL", -1, result, count, watched.changes(interest), ready));
    return result;
  }
}
