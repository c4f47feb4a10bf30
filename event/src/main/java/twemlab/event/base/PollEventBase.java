package twemlab.event.base;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static twemlab.event.kernel.Platform.POLLFD_EVENTS;
import static twemlab.event.kernel.Platform.POLLFD_REVENTS;
import static twemlab.event.kernel.Platform.POLLFD_SIZE;
import static twemlab.event.kernel.Platform.POLLIN;
import static twemlab.event.kernel.Platform.POLLOUT;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.MemoryCalls;
import twemlab.event.kernel.Platform;
import twemlab.event.kernel.PollCalls;

/// Readiness by poll(2): level-triggered, and linear in the number of descriptors, which is what it
/// is here to show.
///
/// The array of `struct pollfd` is kept dense: a removed entry is replaced by the last one. While a
/// batch is dispatched, removal only disables the entry (a negative descriptor, rule L1), so that
/// the scan meets every entry once.
public final class PollEventBase implements EventBase {
  private static final int ABSENT = -1;

  private final PollCalls calls;
  private final MemoryCalls memory;
  private final Callback callback;
  private final int endOfStream;
  private MemorySegment entries;
  private long[] handles = new long[64];
  private int count;

  /// The entry of each slot.
  private int[] entryOfSlot = new int[64];

  private boolean dispatching;
  private int disabled;

  /// Entries with a result that are not dispatched yet.
  private int ready;

  /// An empty set.
  public PollEventBase(PollCalls calls, MemoryCalls memory, Platform platform, Callback callback) {
    this.calls = calls;
    this.memory = memory;
    this.callback = callback;
    this.endOfStream = platform.pollRdHup();
    this.entries = memory.map((long) handles.length * POLLFD_SIZE);
    Arrays.fill(entryOfSlot, ABSENT);
  }

  @Override
  public String name() {
    return "poll";
  }

  @Override
  public boolean edgeTriggered() {
    return false;
  }

  @Override
  public int addConnection(int fd, long handle) {
    int slot = (int) handle;
    if (slot >= entryOfSlot.length) {
      int size = entryOfSlot.length;
      entryOfSlot = Arrays.copyOf(entryOfSlot, Math.max(slot + 1, size * 2));
      Arrays.fill(entryOfSlot, size, entryOfSlot.length, ABSENT);
    }
    if (entryOfSlot[slot] != ABSENT) {
      return Errno.EEXIST.result();
    }
    if (count == handles.length) {
      grow();
    }
    entryOfSlot[slot] = count;
    handles[count] = handle;
    long place = (long) count * POLLFD_SIZE;
    entries.set(JAVA_INT, place, fd);
    entries.set(JAVA_SHORT, place + POLLFD_EVENTS, (short) (POLLIN | endOfStream));
    entries.set(JAVA_SHORT, place + POLLFD_REVENTS, (short) 0);
    count++;
    return 0;
  }

  private void grow() {
    MemorySegment larger = memory.map(2L * handles.length * POLLFD_SIZE);
    MemorySegment.copy(entries, 0, larger, 0, (long) count * POLLFD_SIZE);
    memory.unmap(entries);
    entries = larger;
    handles = Arrays.copyOf(handles, handles.length * 2);
  }

  @Override
  public int deleteConnection(int fd, long handle) {
    int entry = entryOfSlot[(int) handle];
    if (entry == ABSENT) {
      return Errno.ENOENT.result();
    }
    entryOfSlot[(int) handle] = ABSENT;
    if (dispatching) {
      entries.set(JAVA_INT, (long) entry * POLLFD_SIZE, -1);
      disabled++;
    } else {
      remove(entry);
    }
    return 0;
  }

  private void remove(int entry) {
    count--;
    if (entry != count) {
      MemorySegment.copy(
          entries, (long) count * POLLFD_SIZE, entries, (long) entry * POLLFD_SIZE, POLLFD_SIZE);
      handles[entry] = handles[count];
      if (entries.get(JAVA_INT, (long) entry * POLLFD_SIZE) >= 0) {
        entryOfSlot[(int) handles[entry]] = entry;
      }
    }
  }

  @Override
  public int addIn(int fd, long handle) {
    return change(handle, POLLIN | endOfStream, true);
  }

  @Override
  public int deleteIn(int fd, long handle) {
    return change(handle, POLLIN | endOfStream, false);
  }

  @Override
  public int addOut(int fd, long handle) {
    return change(handle, POLLOUT, true);
  }

  @Override
  public int deleteOut(int fd, long handle) {
    return change(handle, POLLOUT, false);
  }

  private int change(long handle, int bits, boolean on) {
    int entry = entryOfSlot[(int) handle];
    if (entry == ABSENT) {
      return Errno.ENOENT.result();
    }
    long place = (long) entry * POLLFD_SIZE + POLLFD_EVENTS;
    int before = entries.get(JAVA_SHORT, place);
    entries.set(JAVA_SHORT, place, (short) (on ? before | bits : before & ~bits));
    return 0;
  }

  @Override
  public int await(int timeoutMillis) {
    int result = calls.poll(entries, 0, count, timeoutMillis);
    ready = Math.max(result, 0);
    return result;
  }

  @Override
  public void dispatch() {
    dispatching = true;
    int scanned = count;
    for (int entry = 0; entry < scanned && ready > 0; entry++) {
      long place = (long) entry * POLLFD_SIZE;
      int mask = entries.get(JAVA_SHORT, place + POLLFD_REVENTS);
      if (mask != 0) {
        ready--;
        callback.onReady(handles[entry], PollMask.events(mask, endOfStream));
      }
    }
    ready = 0;
    dispatching = false;
    if (disabled > 0) {
      removeDisabled();
    }
  }

  private void removeDisabled() {
    for (int entry = count - 1; entry >= 0; entry--) {
      if (entries.get(JAVA_INT, (long) entry * POLLFD_SIZE) < 0) {
        remove(entry);
      }
    }
    disabled = 0;
  }

  @Override
  public int batchLimit() {
    return Integer.MAX_VALUE;
  }

  @Override
  public void close() {
    // A handler may close in the middle of a batch.
    ready = 0;
    disabled = 0;
    memory.unmap(entries);
  }
}
