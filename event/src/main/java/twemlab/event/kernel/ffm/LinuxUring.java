package twemlab.event.kernel.ffm;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import twemlab.event.kernel.CallCounts;
import twemlab.event.kernel.CallCounts.Call;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.UringCalls;

/// io_uring by syscall(2), because the C library has no functions for it. Linked when the first
/// ring is asked for: a shape of its own costs time at start.
final class LinuxUring implements UringCalls {
  private static final long PROT_READ_WRITE = 0x3;
  private static final long MAP_SHARED_POPULATE = 0x8001;

  /// The numbers are the same on every processor.
  private static final long SETUP = 425;

  private static final long ENTER = 426;
  private static final long REGISTER = 427;

  @SuppressWarnings("restricted")
  private static final MethodHandle SYSCALL =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().findOrThrow("syscall"),
              FunctionDescriptor.of(
                  JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
                  JAVA_LONG),
              Linker.Option.captureCallState("errno"),
              Linker.Option.firstVariadicArg(1));

  private final CallCounts counts;
  private final MemorySegment errno = LibC.newErrnoPlace();

  LinuxUring(CallCounts counts) {
    this.counts = counts;
  }

  @Override
  public int setup(int entries, MemorySegment params, long offset) {
    counts.count(Call.OTHER);
    return call(SETUP, entries, params.address() + offset, 0, 0, 0, 0);
  }

  @Override
  public int enter(
      int ring, int submit, int minimum, int flags, MemorySegment argument, long offset) {
    counts.count((flags & ENTER_GETEVENTS) != 0 ? Call.WAIT : Call.OTHER);
    boolean extended = (flags & ENTER_EXT_ARG) != 0;
    return call(
        ENTER,
        ring,
        submit,
        minimum,
        flags,
        extended ? argument.address() + offset : 0,
        extended ? WAIT_ARGUMENT_SIZE : 0);
  }

  @Override
  public int register(int ring, int operation, MemorySegment argument, long offset, int count) {
    counts.count(Call.OTHER);
    long address = argument == null ? 0 : argument.address() + offset;
    return call(REGISTER, ring, operation, address, count, 0, 0);
  }

  private int call(long number, long a, long b, long c, long d, long e, long f) {
    try {
      long result = (long) SYSCALL.invokeExact(errno, number, a, b, c, d, e, f);
      return result >= 0 ? (int) result : -LibC.errno(errno);
    } catch (Throwable t) {
      throw new AssertionError("syscall " + number, t);
    }
  }

  @Override
  public MemorySegment map(int ring, long bytes, long area) {
    long address;
    try {
      address =
          (long)
              LibC.MMAP.invokeExact(
                  errno, 0L, bytes, PROT_READ_WRITE, MAP_SHARED_POPULATE, (long) ring, area);
    } catch (Throwable e) {
      throw new AssertionError("mmap", e);
    }
    if (address == -1) {
      throw new OutOfMemoryError("mmap of a ring: " + Errno.of(-LibC.errno(errno)).text());
    }
    return LibC.memoryAt(address, bytes);
  }

  @Override
  public void unmap(MemorySegment segment) {
    try {
      long result =
          (long)
              LibC.MUNMAP.invokeExact(errno, segment.address(), segment.byteSize(), 0L, 0L, 0L, 0L);
      if ((int) result != 0) {
        throw new IllegalStateException("munmap: " + Errno.of(-LibC.errno(errno)).text());
      }
    } catch (IllegalStateException e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError("munmap", e);
    }
  }

  @Override
  public int close(int ring) {
    counts.count(Call.CLOSE);
    try {
      int result = (int) (long) LibC.CLOSE.invokeExact(errno, (long) ring, 0L, 0L, 0L, 0L, 0L);
      return result >= 0 ? result : -LibC.errno(errno);
    } catch (Throwable e) {
      throw new AssertionError("close", e);
    }
  }
}
