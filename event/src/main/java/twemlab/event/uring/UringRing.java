package twemlab.event.uring;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static twemlab.event.kernel.UringCalls.*;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.MemoryCalls;
import twemlab.event.kernel.UringCalls;

/// One io_uring: a ring of submissions that we write, a ring of completions that the kernel writes.
///
/// ```text
/// submissions   head: the kernel's, read with acquire      tail: ours, written with release
/// completions   tail: the kernel's, read with acquire      head: ours, written with release
/// ```
///
/// A release makes the entries before it visible to a reader that acquires the index (io_uring(7)).
/// Only an index needs that; the entries themselves are plain memory.
///
/// The ring is made disabled, on whichever thread builds the transport, and enabled by the first
/// wait, whose thread becomes its only submitter (SINGLE_ISSUER) and runs the kernel's completion
/// work inside its own waits (DEFER_TASKRUN): so completions come in batches, and no interrupt
/// disturbs the loop.
public final class UringRing implements AutoCloseable {
  private static final int FEATURES =
      FEAT_SINGLE_MMAP | FEAT_NODROP | FEAT_SUBMIT_STABLE | FEAT_EXT_ARG | FEAT_CQE_SKIP;
  private static final VarHandle INDEX = JAVA_INT.varHandle();

  private final UringCalls calls;
  private final MemoryCalls memory;
  private final int descriptor;
  private final MemorySegment ring;
  private final MemorySegment entries;

  /// The arguments of a wait, then its timespec.
  private final MemorySegment argument;

  private final UringBacklog backlog = new UringBacklog();

  /// Where a submission is written that has no place in the ring.
  private final MemorySegment spare = MemorySegment.ofArray(new long[SQE_SIZE / Long.BYTES]);

  private final boolean minimumWait;
  private final int sqEntries;
  private final int sqMask;
  private final long sqHead;
  private final long sqTail;
  private final long sqFlags;
  private final int cqMask;
  private final long cqHead;
  private final long cqTail;
  private final long cqes;

  /// The next submission, and the next completion; the shared indices follow.
  private int tail;

  private int head;

  /// The thread that enabled the ring: no other may enter it.
  private Thread owner;

  /// Opens a ring.
  ///
  /// @param submissions entries of the submission ring, a power of two
  /// @param completions entries of the completion ring, a power of two
  /// @throws UnsupportedOperationException if the system has no io_uring, or an old one; the
  ///   message says what is missing
  public UringRing(UringCalls calls, MemoryCalls memory, int submissions, int completions) {
    this.calls = calls;
    this.memory = memory;
    argument = memory.map(Math.max(PARAMS_SIZE, WAIT_ARGUMENT_SIZE + TIMESPEC_SIZE));
    MemorySegment params = argument;
    params.set(
        JAVA_INT,
        PARAMS_FLAGS,
        SETUP_CQSIZE
            | SETUP_CLAMP
            | SETUP_R_DISABLED
            | SETUP_SUBMIT_ALL
            | SETUP_SINGLE_ISSUER
            | SETUP_DEFER_TASKRUN);
    params.set(JAVA_INT, PARAMS_CQ_ENTRIES, completions);
    descriptor = calls.setup(submissions, params, 0);
    if (descriptor < 0) {
      memory.unmap(argument);
      throw new UnsupportedOperationException("io_uring_setup: " + Errno.of(descriptor).text());
    }
    int features = params.get(JAVA_INT, PARAMS_FEATURES);
    if ((features & FEATURES) != FEATURES) {
      calls.close(descriptor);
      memory.unmap(argument);
      throw new UnsupportedOperationException(
          "io_uring lacks features 0x" + Integer.toHexString(FEATURES & ~features));
    }
    minimumWait = (features & FEAT_MIN_TIMEOUT) != 0;
    sqEntries = params.get(JAVA_INT, PARAMS_SQ_ENTRIES);
    int cqEntries = params.get(JAVA_INT, PARAMS_CQ_ENTRIES);
    cqes = Integer.toUnsignedLong(params.get(JAVA_INT, PARAMS_CQ_CQES));
    long array = Integer.toUnsignedLong(params.get(JAVA_INT, PARAMS_SQ_ARRAY));
    sqHead = params.get(JAVA_INT, PARAMS_SQ_HEAD);
    sqTail = params.get(JAVA_INT, PARAMS_SQ_TAIL);
    sqFlags = params.get(JAVA_INT, PARAMS_SQ_FLAGS);
    cqHead = params.get(JAVA_INT, PARAMS_CQ_HEAD);
    cqTail = params.get(JAVA_INT, PARAMS_CQ_TAIL);
    long bytes =
        Math.max(cqes + (long) cqEntries * CQE_SIZE, array + (long) sqEntries * Integer.BYTES);
    ring = calls.map(descriptor, bytes, OFFSET_SQ_RING);
    entries = calls.map(descriptor, (long) sqEntries * SQE_SIZE, OFFSET_SQES);
    sqMask = ring.get(JAVA_INT, params.get(JAVA_INT, PARAMS_SQ_MASK));
    cqMask = ring.get(JAVA_INT, params.get(JAVA_INT, PARAMS_CQ_MASK));
    for (int i = 0; i < sqEntries; i++) {
      // The indirection is not used: place i holds entry i.
      ring.set(JAVA_INT, array + (long) i * Integer.BYTES, i);
    }
    params.fill((byte) 0);
  }

  /// Whether this kernel has a usable io_uring.
  public static boolean supported(UringCalls calls, MemoryCalls memory) {
    try (UringRing _ = new UringRing(calls, memory, 1, 2)) {
      return true;
    } catch (UnsupportedOperationException _) {
      return false;
    }
  }

  /// Prepares a submission. When the ring is full, it is submitted first; when the kernel takes
  /// none just now, this one waits in the [UringBacklog].
  ///
  /// @param word0 `opcode | flags << 8 | ioprio << 16`
  /// @param group of provided buffers
  public void prepare(
      int word0,
      int fd,
      long off,
      long address,
      int length,
      int opFlags,
      long userData,
      int group) {
    if (prepared() >= sqEntries) {
      submit();
    }
    boolean waits = prepared() >= sqEntries;
    MemorySegment target = waits ? spare : entries;
    long place = waits ? 0 : (long) (tail & sqMask) * SQE_SIZE;
    target.set(JAVA_LONG, place, Integer.toUnsignedLong(word0) | (long) fd << 32);
    target.set(JAVA_LONG, place + 8, off);
    target.set(JAVA_LONG, place + 16, address);
    target.set(JAVA_LONG, place + 24, Integer.toUnsignedLong(length) | (long) opFlags << 32);
    target.set(JAVA_LONG, place + 32, userData);
    target.set(JAVA_LONG, place + 40, group);
    target.set(JAVA_LONG, place + 48, 0);
    target.set(JAVA_LONG, place + 56, 0);
    if (waits) {
      backlog.add(spare, 0);
    } else {
      tail++;
    }
  }

  /// Cancels the request of a `user_data`. There is no completion when it succeeds; the request
  /// itself completes with ECANCELED, or as it would have.
  void cancel(long target, long userData) {
    prepare(OP_ASYNC_CANCEL | SQE_CQE_SKIP_SUCCESS << 8, -1, 0, target, 0, 0, userData, 0);
  }

  /// Submissions that the kernel has not taken.
  int prepared() {
    return inRing() + backlog.count();
  }

  private int inRing() {
    return tail - (int) INDEX.getAcquire(ring, sqHead);
  }

  /// Submits without waiting. When the kernel takes none just now, they go with the next call: by
  /// then the completions that are there have been looked at.
  void submit() {
    int left = prepared();
    for (int before = left + 1; left > 0 && left < before; left = prepared()) {
      before = left;
      int result = enter(0, 0);
      if (result < 0 && !passing(result)) {
        throw new IllegalStateException("io_uring_enter: " + Errno.of(result).text());
      }
    }
  }

  /// An error that the next call may not meet.
  public static boolean passing(int result) {
    return switch (Errno.of(result)) {
      case EINTR, ETIME, EAGAIN, EBUSY, ENOMEM -> true;
      default -> false;
    };
  }

  /// Submits what is prepared and waits until a completion is there.
  ///
  /// @param timeoutMillis -1 waits without limit; 0 does not wait, but has the kernel post what it
  ///   holds back
  /// @return `>= 0` or `-errno`
  public int await(int timeoutMillis) {
    return await(timeoutMillis, 1, 0);
  }

  /// The same, for several completions: until `minimum` are there, or one is and a time is over.
  ///
  /// @param micros that time; ignored by a kernel before 6.12, where `minimum` is then taken for 1
  public int await(int timeoutMillis, int minimum, int micros) {
    if (timeoutMillis == 0) {
      return enter(0, ENTER_GETEVENTS);
    }
    boolean several = minimumWait && minimum > 1;
    argument.set(JAVA_LONG, 0, 0);
    argument.set(JAVA_INT, 8, 0);
    argument.set(JAVA_INT, 12, several ? micros : 0);
    argument.set(JAVA_LONG, 16, timeoutMillis < 0 ? 0 : argument.address() + WAIT_ARGUMENT_SIZE);
    argument.set(JAVA_LONG, WAIT_ARGUMENT_SIZE, timeoutMillis / 1_000);
    argument.set(JAVA_LONG, WAIT_ARGUMENT_SIZE + 8, timeoutMillis % 1_000 * 1_000_000L);
    return enter(several ? minimum : 1, ENTER_GETEVENTS | ENTER_EXT_ARG);
  }

  private int enter(int minimum, int flags) {
    enable();
    while (backlog.count() > 0 && inRing() < sqEntries) {
      backlog.moveFirst(entries, (long) (tail & sqMask) * SQE_SIZE);
      tail++;
    }
    INDEX.setRelease(ring, sqTail, tail);
    return calls.enter(descriptor, inRing(), minimum, flags, argument, 0);
  }

  private void enable() {
    if (owner == null) {
      owner = Thread.currentThread();
      check("enabling a ring", calls.register(descriptor, REGISTER_ENABLE_RINGS, null, 0, 0));
    }
  }

  /// Whether this thread may enter.
  boolean isOurs() {
    return owner == null || owner == Thread.currentThread();
  }

  /// Registers a ring of provided buffers.
  ///
  /// @param address of its memory, aligned to a page
  /// @param count of its entries, a power of two
  void registerBuffers(long address, int count, int group) {
    argument.fill((byte) 0);
    argument.set(JAVA_LONG, 0, address);
    argument.set(JAVA_INT, 8, count);
    argument.set(JAVA_INT, 12, group);
    check("registering buffers", calls.register(descriptor, REGISTER_PBUF_RING, argument, 0, 1));
  }

  private static void check(String what, int result) {
    if (result < 0) {
      throw new IllegalStateException(what + ": " + Errno.of(result).text());
    }
  }

  /// Completions that are there and not consumed.
  public int ready() {
    return (int) INDEX.getAcquire(ring, cqTail) - head;
  }

  /// Whether completions wait outside the ring, which was full (rule U5); the next wait brings
  /// them.
  boolean overflowed() {
    return ((int) INDEX.getAcquire(ring, sqFlags) & SQ_CQ_OVERFLOW) != 0;
  }

  /// The `user_data` of the first completion that is there.
  public long userData() {
    return ring.get(JAVA_LONG, place());
  }

  /// Its result.
  public int result() {
    return ring.get(JAVA_INT, place() + 8);
  }

  /// Its flags.
  public int flags() {
    return ring.get(JAVA_INT, place() + 12);
  }

  private long place() {
    return cqes + (long) (head & cqMask) * CQE_SIZE;
  }

  /// Gives the place of the first completion back to the kernel.
  public void consume() {
    INDEX.setRelease(ring, cqHead, ++head);
  }

  @Override
  public void close() {
    calls.unmap(ring);
    calls.unmap(entries);
    calls.close(descriptor);
    memory.unmap(argument);
  }
}
