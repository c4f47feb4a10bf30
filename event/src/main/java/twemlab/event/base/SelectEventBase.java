package twemlab.event.base;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static twemlab.event.kernel.SelectCalls.FD_SETSIZE;
import static twemlab.event.kernel.SelectCalls.NO_SET;
import static twemlab.event.kernel.SelectCalls.SET_SIZE;

import java.lang.foreign.MemorySegment;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.MemoryCalls;
import twemlab.event.kernel.SelectCalls;

/// Readiness by select(2): level-triggered, linear in the highest descriptor's number, and blind to
/// what it was not asked: an error makes a descriptor readable and writable (rule S3), never more.
///
/// ```text
/// sets   | want to read | want to write | are readable | are writable |      4 x 128 bytes
///          kept                           copied before a wait, which overwrites them (rule S2)
/// ```
///
/// A descriptor of 1024 or above would be written behind the end of its set, in C into whatever
/// lies there (rule S1); here it is refused.
public final class SelectEventBase implements EventBase {
  private static final long WANT_READ = 0;
  private static final long WANT_WRITE = SET_SIZE;
  private static final long READABLE = 2L * SET_SIZE;
  private static final long WRITABLE = 3L * SET_SIZE;

  private final SelectCalls calls;
  private final MemoryCalls memory;
  private final Callback callback;
  private final MemorySegment sets;

  /// By descriptor; only those of registered ones mean anything.
  private final long[] handles = new long[FD_SETSIZE];

  private final boolean[] registered = new boolean[FD_SETSIZE];

  /// One more than the highest registered descriptor.
  private int limit;

  /// Descriptors that the last wait found ready and that are not dispatched yet.
  private int ready;

  /// An empty set.
  public SelectEventBase(SelectCalls calls, MemoryCalls memory, Callback callback) {
    this.calls = calls;
    this.memory = memory;
    this.callback = callback;
    this.sets = memory.map(4L * SET_SIZE);
  }

  @Override
  public String name() {
    return "select";
  }

  @Override
  public boolean edgeTriggered() {
    return false;
  }

  @Override
  public boolean readinessAlone() {
    return true;
  }

  @Override
  public int descriptorLimit() {
    return FD_SETSIZE;
  }

  @Override
  public int addConnection(int fd, long handle) {
    if (fd >= FD_SETSIZE) {
      return Errno.EMFILE.result();
    }
    if (registered[fd]) {
      return Errno.EEXIST.result();
    }
    registered[fd] = true;
    handles[fd] = handle;
    limit = Math.max(limit, fd + 1);
    return addIn(fd, handle);
  }

  @Override
  public int deleteConnection(int fd, long handle) {
    if (!isRegistered(fd)) {
      return Errno.ENOENT.result();
    }
    set(WANT_READ, fd, false);
    set(WANT_WRITE, fd, false);
    // Its number may be another's before the batch is through.
    if (take(fd) != 0) {
      ready--;
    }
    registered[fd] = false;
    while (limit > 0 && !registered[limit - 1]) {
      limit--;
    }
    return 0;
  }

  @Override
  public int addIn(int fd, long handle) {
    return change(WANT_READ, fd, true);
  }

  @Override
  public int deleteIn(int fd, long handle) {
    return change(WANT_READ, fd, false);
  }

  @Override
  public int addOut(int fd, long handle) {
    return change(WANT_WRITE, fd, true);
  }

  @Override
  public int deleteOut(int fd, long handle) {
    return change(WANT_WRITE, fd, false);
  }

  private int change(long set, int fd, boolean on) {
    if (!isRegistered(fd)) {
      return Errno.ENOENT.result();
    }
    set(set, fd, on);
    return 0;
  }

  private boolean isRegistered(int fd) {
    return fd >= 0 && fd < FD_SETSIZE && registered[fd];
  }

  @Override
  public int await(int timeoutMillis) {
    MemorySegment.copy(sets, WANT_READ, sets, READABLE, 2L * SET_SIZE);
    int result = calls.select(limit, sets, READABLE, WRITABLE, NO_SET, timeoutMillis);
    ready = 0;
    if (result <= 0) {
      return result;
    }
    // select(2) counts bits, and a descriptor may have one in each set.
    for (int word = 0; word < limit; word += Long.SIZE) {
      ready += Long.bitCount(found(word));
    }
    return ready;
  }

  @Override
  public void dispatch() {
    for (int word = 0; ready > 0; word += Long.SIZE) {
      // Handlers remove descriptors, so the word is read again for each.
      while (ready > 0 && found(word) != 0) {
        int fd = word + Long.numberOfTrailingZeros(found(word));
        ready--;
        callback.onReady(handles[fd], take(fd));
      }
    }
  }

  /// The 64 descriptors from this one on that are ready and have not been reported.
  private long found(int word) {
    return sets.get(JAVA_LONG, READABLE + word / Byte.SIZE)
        | sets.get(JAVA_LONG, WRITABLE + word / Byte.SIZE);
  }

  /// What the last wait found of a descriptor, which it then has forgotten.
  private int take(int fd) {
    int events = (get(READABLE, fd) ? READ : 0) | (get(WRITABLE, fd) ? WRITE : 0);
    set(READABLE, fd, false);
    set(WRITABLE, fd, false);
    return events;
  }

  private boolean get(long set, int fd) {
    return (sets.get(JAVA_LONG, set + wordOf(fd)) & 1L << fd) != 0;
  }

  private void set(long set, int fd, boolean on) {
    long before = sets.get(JAVA_LONG, set + wordOf(fd));
    sets.set(JAVA_LONG, set + wordOf(fd), on ? before | 1L << fd : before & ~(1L << fd));
  }

  /// The offset of the eight bytes that hold a descriptor's bit.
  private static long wordOf(int fd) {
    return fd / Long.SIZE * (long) Long.BYTES;
  }

  @Override
  public int batchLimit() {
    return Integer.MAX_VALUE;
  }

  @Override
  public void close() {
    // A handler may close in the middle of a batch.
    ready = 0;
    memory.unmap(sets);
  }
}
