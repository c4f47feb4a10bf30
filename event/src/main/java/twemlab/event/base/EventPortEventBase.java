package twemlab.event.base;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static twemlab.event.kernel.EventPortCalls.EVENTS;
import static twemlab.event.kernel.EventPortCalls.EVENT_SIZE;
import static twemlab.event.kernel.EventPortCalls.USER;
import static twemlab.event.kernel.Platform.POLLIN;
import static twemlab.event.kernel.Platform.POLLOUT;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.EventPortCalls;
import twemlab.event.kernel.MemoryCalls;

/// Readiness by the event ports of Solaris and illumos; C counterpart event/nc_evport.c.
///
/// An association gives one event and is gone (rule P3). It is renewed at the next wait, when the
/// handlers have read and written: renewed at once, it would report the same bytes again (rule P4).
/// As a renewed association reports what still holds, the base is level-triggered.
///
/// An association without interest is kept, too: it reports errors and hang-ups.
public final class EventPortEventBase implements EventBase {
  private static final int UNREGISTERED = -1;

  private final EventPortCalls calls;
  private final MemoryCalls memory;
  private final Callback callback;
  private final int batch;
  private final int port;

  /// The events of a wait, and after them the number that is asked for and returned.
  private final MemorySegment events;

  /// By slot: the descriptor, its handle, what it waits for, and whether the port knows of it.
  private int[] descriptors = new int[64];

  private long[] handles = new long[64];
  private int[] interest = new int[64];
  private boolean[] associated = new boolean[64];

  /// Slots to associate before the next wait, each once.
  private int[] stale = new int[64];

  private boolean[] isStale = new boolean[64];
  private int staleCount;

  /// Events of the last wait that are not dispatched yet.
  private int ready;

  /// Opens a port.
  ///
  /// @param batch the most events that one wait reports
  /// @throws IllegalStateException if the system has no descriptor left
  public EventPortEventBase(
      EventPortCalls calls, MemoryCalls memory, int batch, Callback callback) {
    this.calls = calls;
    this.memory = memory;
    this.callback = callback;
    this.batch = batch;
    this.port = calls.portCreate();
    if (port < 0) {
      throw new IllegalStateException("port_create: " + Errno.of(port).text());
    }
    this.events = memory.map((long) batch * EVENT_SIZE + Integer.BYTES);
    Arrays.fill(descriptors, UNREGISTERED);
  }

  @Override
  public String name() {
    return "event-ports";
  }

  @Override
  public boolean edgeTriggered() {
    return false;
  }

  /// Associated at once, so that the caller learns of an error.
  @Override
  public int addConnection(int fd, long handle) {
    int slot = (int) handle;
    ensureSlot(slot);
    if (descriptors[slot] != UNREGISTERED) {
      return Errno.EEXIST.result();
    }
    int result = calls.portAssociate(port, fd, POLLIN, handle);
    if (result >= 0) {
      descriptors[slot] = fd;
      handles[slot] = handle;
      interest[slot] = POLLIN;
      associated[slot] = true;
    }
    return result;
  }

  private void ensureSlot(int slot) {
    int size = descriptors.length;
    if (slot >= size) {
      int larger = Math.max(slot + 1, 2 * size);
      descriptors = Arrays.copyOf(descriptors, larger);
      Arrays.fill(descriptors, size, larger, UNREGISTERED);
      handles = Arrays.copyOf(handles, larger);
      interest = Arrays.copyOf(interest, larger);
      associated = Arrays.copyOf(associated, larger);
      stale = Arrays.copyOf(stale, larger);
      isStale = Arrays.copyOf(isStale, larger);
    }
  }

  @Override
  public int deleteConnection(int fd, long handle) {
    int slot = (int) handle;
    if (descriptors[slot] == UNREGISTERED) {
      return Errno.ENOENT.result();
    }
    descriptors[slot] = UNREGISTERED;
    if (!associated[slot]) {
      return 0;
    }
    associated[slot] = false;
    return calls.portDissociate(port, fd);
  }

  @Override
  public int addIn(int fd, long handle) {
    return change(handle, POLLIN, true);
  }

  @Override
  public int deleteIn(int fd, long handle) {
    return change(handle, POLLIN, false);
  }

  @Override
  public int addOut(int fd, long handle) {
    return change(handle, POLLOUT, true);
  }

  @Override
  public int deleteOut(int fd, long handle) {
    return change(handle, POLLOUT, false);
  }

  private int change(long handle, int bit, boolean on) {
    int slot = (int) handle;
    if (descriptors[slot] == UNREGISTERED) {
      return Errno.ENOENT.result();
    }
    int before = interest[slot];
    interest[slot] = on ? before | bit : before & ~bit;
    if (interest[slot] != before) {
      markStale(slot);
    }
    return 0;
  }

  private void markStale(int slot) {
    if (!isStale[slot]) {
      isStale[slot] = true;
      stale[staleCount++] = slot;
    }
  }

  @Override
  public int await(int timeoutMillis) {
    associateStale();
    long countPlace = (long) batch * EVENT_SIZE;
    events.set(JAVA_INT, countPlace, 1);
    int result = calls.portGetn(port, events, 0, batch, events, countPlace, timeoutMillis);
    ready = 0;
    // Rule P5: when the time is over, events may have been taken all the same.
    if (result < 0 && result != Errno.ETIME.result()) {
      return result;
    }
    ready = events.get(JAVA_INT, countPlace);
    return ready;
  }

  private void associateStale() {
    for (int i = 0; i < staleCount; i++) {
      int slot = stale[i];
      isStale[slot] = false;
      if (descriptors[slot] != UNREGISTERED) {
        int result = calls.portAssociate(port, descriptors[slot], interest[slot], handles[slot]);
        if (result < 0) {
          // It was associated before: only a descriptor closed too early can be refused now.
          throw new IllegalStateException("port_associate: " + Errno.of(result).text());
        }
        associated[slot] = true;
      }
    }
    staleCount = 0;
  }

  @Override
  public void dispatch() {
    int count = ready;
    for (int i = 0; i < count; i++) {
      int slot = (int) handle(i);
      if (descriptors[slot] != UNREGISTERED && handles[slot] == handle(i)) {
        associated[slot] = false;
        markStale(slot);
      }
    }
    for (int i = 0; i < ready; i++) {
      int mask = events.get(JAVA_INT, (long) i * EVENT_SIZE + EVENTS);
      callback.onReady(handle(i), PollMask.events(mask, 0));
    }
    ready = 0;
  }

  private long handle(int event) {
    return events.get(JAVA_LONG, (long) event * EVENT_SIZE + USER);
  }

  @Override
  public int batchLimit() {
    return batch;
  }

  @Override
  public void close() {
    // A handler may close in the middle of a batch.
    ready = 0;
    calls.close(port);
    memory.unmap(events);
  }
}
