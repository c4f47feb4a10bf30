package twemlab.exercise.pollbase;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static twemlab.event.kernel.Platform.POLLERR;
import static twemlab.event.kernel.Platform.POLLFD_EVENTS;
import static twemlab.event.kernel.Platform.POLLFD_REVENTS;
import static twemlab.event.kernel.Platform.POLLFD_SIZE;
import static twemlab.event.kernel.Platform.POLLHUP;
import static twemlab.event.kernel.Platform.POLLIN;
import static twemlab.event.kernel.Platform.POLLNVAL;
import static twemlab.event.kernel.Platform.POLLOUT;

import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;
import twemlab.event.base.EventBase;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.MemoryCalls;
import twemlab.event.kernel.Platform;
import twemlab.event.kernel.PollCalls;

/// Readiness by poll(2), with the promises of [EventBase].
///
/// The array for the kernel is written anew for each wait, from a map of what is registered; so a
/// connection that is added or deleted while a batch is dispatched does not disturb the batch. This
/// is simpler than the base of the project, which keeps the array, and slower.
final class MyPollBase implements EventBase {
  private final PollCalls calls;
  private final MemoryCalls memory;
  private final Callback callback;
  private final int endOfStream;

  /// By slot, in the order of registration.
  private final Map<Integer, Entry> entries = new LinkedHashMap<>();

  private MemorySegment array;
  private Entry[] waiting = new Entry[64];
  private int count;
  private boolean closed;

  private static final class Entry {
    private final int fd;
    private final long handle;
    private int interest;
    private boolean gone;

    private Entry(int fd, long handle, int interest) {
      this.fd = fd;
      this.handle = handle;
      this.interest = interest;
    }
  }

  /// An empty set.
  ///
  /// @param callback is called by [#dispatch] for each descriptor that is ready
  MyPollBase(PollCalls calls, MemoryCalls memory, Platform platform, Callback callback) {
    this.calls = calls;
    this.memory = memory;
    this.callback = callback;
    this.endOfStream = platform.pollRdHup();
    this.array = memory.map((long) waiting.length * POLLFD_SIZE);
  }

  @Override
  public String name() {
    return "my-poll";
  }

  @Override
  public boolean edgeTriggered() {
    return false;
  }

  @Override
  public int descriptorLimit() {
    return Integer.MAX_VALUE;
  }

  @Override
  public int addConnection(int fd, long handle) {
    Entry entry = new Entry(fd, handle, POLLIN | endOfStream);
    return entries.putIfAbsent((int) handle, entry) == null ? 0 : Errno.EEXIST.result();
  }

  @Override
  public int deleteConnection(int fd, long handle) {
    Entry entry = entries.remove((int) handle);
    if (entry == null) {
      return Errno.ENOENT.result();
    }
    entry.gone = true;
    return 0;
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
    Entry entry = entries.get((int) handle);
    if (entry == null) {
      return Errno.ENOENT.result();
    }
    entry.interest = on ? entry.interest | bits : entry.interest & ~bits;
    return 0;
  }

  @Override
  public int await(int timeoutMillis) {
    if (entries.size() > waiting.length) {
      waiting = new Entry[2 * entries.size()];
      memory.unmap(array);
      array = memory.map((long) waiting.length * POLLFD_SIZE);
    }
    count = 0;
    for (Entry entry : entries.values()) {
      long place = (long) count * POLLFD_SIZE;
      array.set(JAVA_INT, place, entry.fd);
      array.set(JAVA_SHORT, place + POLLFD_EVENTS, (short) entry.interest);
      array.set(JAVA_SHORT, place + POLLFD_REVENTS, (short) 0);
      waiting[count++] = entry;
    }
    int result = calls.poll(array, 0, count, timeoutMillis);
    if (result <= 0) {
      count = 0;
    }
    return result;
  }

  @Override
  public void dispatch() {
    for (int i = 0; i < count && !closed; i++) {
      int found = array.get(JAVA_SHORT, (long) i * POLLFD_SIZE + POLLFD_REVENTS);
      if (found != 0 && !waiting[i].gone) {
        callback.onReady(waiting[i].handle, translate(found));
      }
    }
    count = 0;
  }

  private int translate(int found) {
    int events = 0;
    if ((found & (POLLIN | POLLHUP | endOfStream)) != 0) {
      events |= READ;
    }
    if ((found & POLLOUT) != 0) {
      events |= WRITE;
    }
    if ((found & (POLLERR | POLLNVAL)) != 0) {
      events |= ERROR;
    }
    if ((found & (POLLHUP | endOfStream)) != 0) {
      events |= END;
    }
    if ((found & POLLHUP) != 0) {
      events |= HANGUP;
    }
    return events;
  }

  @Override
  public int batchLimit() {
    return Integer.MAX_VALUE;
  }

  @Override
  public void close() {
    closed = true;
    memory.unmap(array);
  }
}
