package twemlab.proxy.trace;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import twemlab.event.kernel.SelectCalls;

/// select(2), reported to a listener with interest sets and batches.
final class TracingSelect implements SelectCalls {
  private final SelectCalls inner;
  private final Call.Listener listener;
  private final Watched watched = new Watched();

  TracingSelect(SelectCalls inner, Call.Listener listener) {
    this.inner = inner;
    this.listener = listener;
  }

  @Override
  public int select(
      int count, MemorySegment sets, long read, long write, long except, int timeoutMillis) {
    Map<Integer, String> interest = members(count, sets, read, write, except);
    int result = inner.select(count, sets, read, write, except, timeoutMillis);
    List<Call.Note> ready = new ArrayList<>();
    if (result > 0) {
      members(count, sets, read, write, except)
          .forEach((fd, events) -> ready.add(new Call.Note(fd, events)));
    }
    listener.called(new Call("SELECT", -1, result, count, watched.changes(interest), ready));
    return result;
  }

  private static Map<Integer, String> members(
      int count, MemorySegment sets, long read, long write, long except) {
    Map<Integer, String> members = new TreeMap<>();
    for (int fd = 0; fd < count; fd++) {
      String text =
          (has(sets, read, fd) ? " IN" : "")
              + (has(sets, write, fd) ? " OUT" : "")
              + (has(sets, except, fd) ? " EXCEPT" : "");
      if (!text.isEmpty()) {
        members.put(fd, text.strip());
      }
    }
    return members;
  }

  private static boolean has(MemorySegment sets, long set, int fd) {
    return set != NO_SET && (sets.get(JAVA_BYTE, set + fd / 8) >> (fd % 8) & 1) != 0;
  }
}
