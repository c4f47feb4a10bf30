package twemlab.proxy.trace;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import twemlab.event.kernel.KqueueCalls;
import twemlab.event.kernel.Platform;

/// kqueue, reported to a listener with changes and batches.
final class TracingKqueue implements KqueueCalls {
  private final KqueueCalls inner;
  private final Platform platform;
  private final Call.Listener listener;

  TracingKqueue(KqueueCalls inner, Platform platform, Call.Listener listener) {
    this.inner = inner;
    this.platform = platform;
    this.listener = listener;
  }

  @Override
  public int kqueue() {
    int result = inner.kqueue();
    listener.called(new Call("KQUEUE", -1, result, 0));
    return result;
  }

  @Override
  public int kevent(
      int kq,
      MemorySegment changes,
      long changesOffset,
      int changeCount,
      MemorySegment events,
      long eventsOffset,
      int eventCount,
      int timeoutMillis) {
    // The arrays may be the same place, so what is asked is read first.
    List<Call.Note> asks = notes(changes, changesOffset, changeCount);
    int result =
        inner.kevent(
            kq,
            changes,
            changesOffset,
            changeCount,
            events,
            eventsOffset,
            eventCount,
            timeoutMillis);
    List<Call.Note> ready = notes(events, eventsOffset, result);
    listener.called(new Call("KEVENT", kq, result, changeCount, asks, ready));
    return result;
  }

  private List<Call.Note> notes(MemorySegment array, long offset, int count) {
    List<Call.Note> notes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long at = offset + (long) i * KqueueCalls.eventSize(platform);
      int filter = array.get(JAVA_SHORT_UNALIGNED, at + FILTER);
      int flags = array.get(JAVA_SHORT_UNALIGNED, at + FLAGS) & 0xffff;
      long ident = array.get(JAVA_LONG_UNALIGNED, at + IDENT);
      boolean descriptor = filter == EVFILT_READ || filter == EVFILT_WRITE;
      String text = (EventNames.filter(filter) + " " + EventNames.flags(flags)).strip();
      notes.add(new Call.Note(descriptor ? (int) ident : -1, text));
    }
    return notes;
  }

  @Override
  public int close(int kq) {
    int result = inner.close(kq);
    listener.called(new Call("CLOSE", kq, result, 0));
    return result;
  }
}
