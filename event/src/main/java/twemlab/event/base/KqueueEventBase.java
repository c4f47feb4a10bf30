package twemlab.event.base;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static twemlab.event.kernel.KqueueCalls.DATA;
import static twemlab.event.kernel.KqueueCalls.EVFILT_READ;
import static twemlab.event.kernel.KqueueCalls.EVFILT_WRITE;
import static twemlab.event.kernel.KqueueCalls.EV_ADD;
import static twemlab.event.kernel.KqueueCalls.EV_CLEAR;
import static twemlab.event.kernel.KqueueCalls.EV_DELETE;
import static twemlab.event.kernel.KqueueCalls.EV_EOF;
import static twemlab.event.kernel.KqueueCalls.EV_ERROR;
import static twemlab.event.kernel.KqueueCalls.FFLAGS;
import static twemlab.event.kernel.KqueueCalls.FILTER;
import static twemlab.event.kernel.KqueueCalls.FLAGS;
import static twemlab.event.kernel.KqueueCalls.IDENT;
import static twemlab.event.kernel.KqueueCalls.UDATA;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.KqueueCalls;
import twemlab.event.kernel.MemoryCalls;
import twemlab.event.kernel.Platform;

/// Readiness by kqueue(2) of macOS and the BSDs, edge-triggered (EV_CLEAR); C counterpart
/// event/nc_kqueue.c.
///
/// Reading and writing are two registrations with events of their own (rule K1), made once for a
/// connection. They cost no system call: changes wait in a list that the next wait takes along
/// (rule K4).
///
/// A deletion that is carried out after its descriptor was closed, or closed and opened as another,
/// finds nothing: that is what closing does (rule K14), and its ENOENT or EBADF is dropped (rule
/// K17). Errors come in place of events (rule K6), for which there is always room, because the list
/// of events is as long as that of changes; a wait that gave nothing else is repeated.
public final class KqueueEventBase implements EdgeTriggeredBase {
  private final KqueueCalls calls;
  private final MemoryCalls memory;
  private final Callback callback;
  private final int batch;
  private final int eventSize;
  private final int kq;
  private MemorySegment changes;
  private int changeCapacity;
  private int changeCount;
  private MemorySegment events;

  /// By slot: the handle, and READ when receiving has ended, WRITE when sending has.
  private long[] handles = new long[64];

  private byte[] ended = new byte[64];

  /// Events of the last wait that are not dispatched yet, after the errors of its changes.
  private int ready;

  /// Opens a kqueue.
  ///
  /// @param batch the most events that one wait reports
  /// @throws IllegalStateException if the system has no descriptor left
  public KqueueEventBase(
      KqueueCalls calls, MemoryCalls memory, Platform platform, int batch, Callback callback) {
    this.calls = calls;
    this.memory = memory;
    this.callback = callback;
    this.batch = batch;
    this.eventSize = KqueueCalls.eventSize(platform);
    this.kq = calls.kqueue();
    if (kq < 0) {
      throw new IllegalStateException("kqueue: " + Errno.of(kq).text());
    }
    this.changeCapacity = batch;
    this.changes = memory.map((long) changeCapacity * eventSize);
    this.events = memory.map((long) changeCapacity * eventSize);
  }

  @Override
  public String name() {
    return "kqueue";
  }

  @Override
  public int addConnection(int fd, long handle) {
    int slot = (int) handle;
    if (slot >= ended.length) {
      ended = Arrays.copyOf(ended, Math.max(slot + 1, 2 * ended.length));
      handles = Arrays.copyOf(handles, ended.length);
    }
    handles[slot] = handle;
    ended[slot] = 0;
    change(fd, EVFILT_READ, EV_ADD | EV_CLEAR, handle);
    change(fd, EVFILT_WRITE, EV_ADD | EV_CLEAR, handle);
    return 0;
  }

  @Override
  public int deleteConnection(int fd, long handle) {
    // What waits to be added would be added to a closed descriptor, or to its successor's.
    int kept = 0;
    for (int i = 0; i < changeCount; i++) {
      if (changes.get(JAVA_LONG, (long) i * eventSize + IDENT) != fd) {
        MemorySegment.copy(
            changes, (long) i * eventSize, changes, (long) kept * eventSize, eventSize);
        kept++;
      }
    }
    changeCount = kept;
    change(fd, EVFILT_READ, EV_DELETE, handle);
    change(fd, EVFILT_WRITE, EV_DELETE, handle);
    return 0;
  }

  private void change(int fd, short filter, int flags, long handle) {
    if (changeCount == changeCapacity) {
      grow();
    }
    long place = (long) changeCount * eventSize;
    changes.set(JAVA_LONG, place + IDENT, fd);
    changes.set(JAVA_SHORT, place + FILTER, filter);
    changes.set(JAVA_SHORT, place + FLAGS, (short) flags);
    changes.set(JAVA_INT, place + FFLAGS, 0);
    changes.set(JAVA_LONG, place + DATA, 0);
    changes.set(JAVA_LONG, place + UDATA, handle);
    changeCount++;
  }

  private void grow() {
    changes = larger(changes);
    // A batch may be under way.
    events = larger(events);
    changeCapacity *= 2;
  }

  private MemorySegment larger(MemorySegment list) {
    MemorySegment larger = memory.map(2L * changeCapacity * eventSize);
    MemorySegment.copy(list, 0, larger, 0, (long) changeCapacity * eventSize);
    memory.unmap(list);
    return larger;
  }

  @Override
  public int await(int timeoutMillis) {
    ready = 0;
    int room = Math.max(batch, changeCount);
    int result = calls.kevent(kq, changes, 0, changeCount, events, 0, room, timeoutMillis);
    // Rule K15: also an interrupted call has applied them.
    changeCount = 0;
    if (result > 0 && dropErrors(result)) {
      result = calls.kevent(kq, changes, 0, 0, events, 0, batch, timeoutMillis);
    }
    ready = Math.max(result, 0);
    return result;
  }

  /// Looks at the errors of changes, which come alone or not at all.
  ///
  /// @return whether there were any
  private boolean dropErrors(int count) {
    boolean any = false;
    for (int i = 0; i < count; i++) {
      long place = (long) i * eventSize;
      if ((flags(place) & EV_ERROR) != 0) {
        any = true;
        Errno errno = Errno.of(-(int) events.get(JAVA_LONG, place + DATA));
        if (errno != Errno.ENOENT && errno != Errno.EBADF) {
          throw new IllegalStateException("kevent change: " + errno.text());
        }
      }
    }
    return any;
  }

  private int flags(long place) {
    return events.get(JAVA_SHORT, place + FLAGS) & 0xffff;
  }

  @Override
  public void dispatch() {
    for (int i = 0; i < ready; i++) {
      long place = (long) i * eventSize;
      callback.onReady(events.get(JAVA_LONG, place + UDATA), translate(place));
    }
    ready = 0;
  }

  private int translate(long place) {
    int direction = events.get(JAVA_SHORT, place + FILTER) == EVFILT_READ ? READ : WRITE;
    if ((flags(place) & EV_EOF) == 0) {
      return direction;
    }
    // Each filter knows of one direction (rules K12, K13); when both have ended, it is a hang-up.
    long handle = events.get(JAVA_LONG, place + UDATA);
    int slot = (int) handle;
    if (handles[slot] == handle) {
      ended[slot] |= (byte) direction;
    }
    int error = events.get(JAVA_INT, place + FFLAGS) != 0 ? ERROR : 0;
    return direction
        | error
        | (direction == READ ? END : 0)
        | (ended[slot] == (READ | WRITE) ? READ | END | HANGUP : 0);
  }

  @Override
  public int batchLimit() {
    return batch;
  }

  @Override
  public void close() {
    // A handler may close in the middle of a batch.
    ready = 0;
    calls.close(kq);
    memory.unmap(changes);
    memory.unmap(events);
  }
}
