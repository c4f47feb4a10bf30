package twemlab.sim.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import twemlab.event.kernel.CallCounts.Call;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.UringCalls;
import twemlab.sim.world.Trace;
import twemlab.sim.world.World;

/// io_uring(7) over [UringFile], as Linux 6.12 has it. Rings are made with SUBMIT_ALL,
/// SINGLE_ISSUER and DEFER_TASKRUN, and nothing else is offered.
final class SimUring implements UringCalls {
  private static final int REQUIRED = SETUP_SUBMIT_ALL | SETUP_SINGLE_ISSUER | SETUP_DEFER_TASKRUN;
  private static final int KNOWN = REQUIRED | SETUP_CQSIZE | SETUP_CLAMP | SETUP_R_DISABLED;
  private static final int ENTRIES_MAX = 32_768;
  private static final int FEATURES =
      FEAT_SINGLE_MMAP
          | FEAT_NODROP
          | FEAT_SUBMIT_STABLE
          | FEAT_EXT_ARG
          | FEAT_CQE_SKIP
          | FEAT_MIN_TIMEOUT;

  private final World world;
  private final String process;
  private final SimSockets sockets;
  private final Descriptors descriptors;
  private final SimMemory memory;
  private final Gate gate;

  SimUring(
      World world,
      String process,
      SimSockets sockets,
      Descriptors descriptors,
      SimMemory memory,
      Gate gate) {
    this.world = world;
    this.process = process;
    this.sockets = sockets;
    this.descriptors = descriptors;
    this.memory = memory;
    this.gate = gate;
  }

  @Override
  public int setup(int entries, MemorySegment params, long offset) {
    gate.enter(Call.OTHER);
    return gate.leave(Trace.Kind.URING_SETUP, -1, create(entries, params, offset), entries);
  }

  private int create(int entries, MemorySegment params, long offset) {
    int flags = params.get(JAVA_INT_UNALIGNED, offset + PARAMS_FLAGS);
    int completions =
        (flags & SETUP_CQSIZE) != 0
            ? params.get(JAVA_INT_UNALIGNED, offset + PARAMS_CQ_ENTRIES)
            : 2 * entries;
    boolean clamp = (flags & SETUP_CLAMP) != 0;
    if ((flags & ~KNOWN) != 0
        || (flags & REQUIRED) != REQUIRED
        || entries <= 0
        || completions < entries
        || (!clamp && entries > ENTRIES_MAX)) {
      return Errno.EINVAL.result();
    }
    int sqEntries = powerOfTwo(Math.min(entries, ENTRIES_MAX));
    int cqEntries = powerOfTwo(Math.min(completions, 2 * ENTRIES_MAX));
    UringFile file =
        new UringFile(
            world,
            process,
            sockets,
            descriptors,
            memory,
            sqEntries,
            cqEntries,
            (flags & SETUP_R_DISABLED) != 0);
    int fd = descriptors.add(file);
    if (fd < 0) {
      memory.release(file);
      return fd;
    }
    int[] fields = {
      PARAMS_SQ_ENTRIES, sqEntries,
      PARAMS_CQ_ENTRIES, cqEntries,
      PARAMS_FEATURES, FEATURES,
      PARAMS_SQ_HEAD, UringFile.SQ_HEAD,
      PARAMS_SQ_TAIL, UringFile.SQ_TAIL,
      PARAMS_SQ_MASK, UringFile.SQ_MASK,
      PARAMS_SQ_FLAGS, UringFile.SQ_FLAGS,
      PARAMS_SQ_ARRAY, (int) file.arrayOffset(),
      PARAMS_CQ_HEAD, UringFile.CQ_HEAD,
      PARAMS_CQ_TAIL, UringFile.CQ_TAIL,
      PARAMS_CQ_MASK, UringFile.CQ_MASK,
      PARAMS_CQ_CQES, UringFile.CQES
    };
    for (int i = 0; i < fields.length; i += 2) {
      params.set(JAVA_INT_UNALIGNED, offset + fields[i], fields[i + 1]);
    }
    return fd;
  }

  private static int powerOfTwo(int n) {
    return n <= 1 ? 1 : Integer.highestOneBit(n - 1) << 1;
  }

  @Override
  public int enter(
      int ring, int submit, int minimum, int flags, MemorySegment argument, long offset) {
    gate.enter((flags & ENTER_GETEVENTS) != 0 ? Call.WAIT : Call.OTHER);
    int result = enterRing(ring, submit, minimum, flags, argument, offset);
    return gate.leave(Trace.Kind.URING_ENTER, ring, result, submit);
  }

  private int enterRing(
      int fd, int submit, int minimum, int flags, MemorySegment argument, long offset) {
    if (!(descriptors.get(fd) instanceof UringFile file)) {
      return noRing(fd);
    }
    if (file.disabled()) {
      return Errno.EBADFD.result();
    }
    if (!file.mapped()) {
      throw new IllegalStateException(process + " enters a ring that it has not mapped");
    }
    int submitted = file.submit(submit);
    if ((flags & ENTER_GETEVENTS) == 0 || submitted != submit) {
      return submitted;
    }
    int waited = await(file, Math.max(minimum, 0), flags, argument, offset);
    return submitted > 0 ? submitted : waited;
  }

  private int noRing(int fd) {
    return (descriptors.get(fd) == null ? Errno.EBADF : Errno.EOPNOTSUPP).result();
  }

  /// `io_cqring_wait`: an error is told only when no completion is there.
  private int await(UringFile file, int minimum, int flags, MemorySegment argument, long offset) {
    long timeout = -1;
    long first = 0;
    if ((flags & ENTER_EXT_ARG) != 0) {
      first = 1_000L * argument.get(JAVA_INT_UNALIGNED, offset + 12);
      timeout = timeout(argument.get(JAVA_LONG_UNALIGNED, offset + 16));
    }
    int result = 0;
    if (minimum == 0) {
      result = gate.awaitNanos(0, () -> enough(file, 0));
    } else if (first == 0 || minimum == 1) {
      result = gate.awaitNanos(timeout, () -> enough(file, minimum));
    } else {
      long part = timeout < 0 ? first : Math.min(first, timeout);
      result = gate.awaitNanos(part, () -> enough(file, minimum));
      if (result == 0 && file.ready() == 0) {
        long rest = timeout < 0 ? -1 : timeout - part;
        result = gate.awaitNanos(rest, () -> enough(file, 1));
      }
    }
    return file.ready() > 0 || minimum == 0 ? 0 : result == 0 ? Errno.ETIME.result() : result;
  }

  private int enough(UringFile file, int wanted) {
    int limit = gate.fewEvents(file.workMax());
    return file.progress(wanted, limit) >= wanted ? wanted : 0;
  }

  /// Nanoseconds of a `struct timespec`, or -1 without one.
  private long timeout(long address) {
    if (address == 0) {
      return -1;
    }
    MemorySegment segment = memory.at(address, TIMESPEC_SIZE);
    long at = address - segment.address();
    return segment.get(JAVA_LONG_UNALIGNED, at) * 1_000_000_000L
        + segment.get(JAVA_LONG_UNALIGNED, at + 8);
  }

  @Override
  public int register(int ring, int operation, MemorySegment argument, long offset, int count) {
    gate.enter(Call.OTHER);
    int result =
        descriptors.get(ring) instanceof UringFile file
            ? register(file, operation, argument, offset, count)
            : noRing(ring);
    return gate.leave(Trace.Kind.URING_REGISTER, ring, result, operation);
  }

  private int register(
      UringFile file, int operation, MemorySegment argument, long offset, int count) {
    return switch (operation) {
      case REGISTER_ENABLE_RINGS -> enable(file);
      case REGISTER_PBUF_RING ->
          argument == null || count != 1
              ? Errno.EINVAL.result()
              : file.register(
                  argument.get(JAVA_SHORT_UNALIGNED, offset + 12) & 0xffff,
                  argument.get(JAVA_LONG_UNALIGNED, offset),
                  argument.get(JAVA_INT_UNALIGNED, offset + 8));
      default -> Errno.EINVAL.result();
    };
  }

  private static int enable(UringFile file) {
    if (!file.disabled()) {
      return Errno.EBADFD.result();
    }
    file.enable();
    return 0;
  }

  @Override
  public MemorySegment map(int ring, long bytes, long area) {
    MemorySegment mapped =
        descriptors.get(ring) instanceof UringFile file ? file.map(bytes, area) : null;
    if (mapped == null) {
      throw new OutOfMemoryError("mmap of a ring: " + Errno.EINVAL.text());
    }
    return mapped;
  }

  @Override
  public void unmap(MemorySegment segment) {
    memory.unmap(segment);
  }

  @Override
  public int close(int ring) {
    gate.enter(Call.CLOSE);
    return gate.leave(Trace.Kind.CLOSE, ring, descriptors.close(ring));
  }
}
