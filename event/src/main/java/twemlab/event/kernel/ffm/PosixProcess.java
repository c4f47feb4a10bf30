package twemlab.event.kernel.ffm;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import twemlab.event.kernel.ProcessCalls;

/// The process calls of Linux. They are rare, so their functions are linked when they are first
/// used.
final class PosixProcess implements ProcessCalls {
  private static final int RLIMIT_NOFILE = 7;

  private final MemorySegment errno = LibC.newErrnoPlace();

  @Override
  public int newSession() {
    return call("setsid", 0, 0);
  }

  @Override
  public int fileMask(int mask) {
    return call("umask", mask, 0);
  }

  @Override
  public int duplicate(int fd, int onto) {
    return call("dup2", fd, onto);
  }

  @Override
  public int descriptorLimit() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment limit = arena.allocate(16, 8);
      int result = call("getrlimit", RLIMIT_NOFILE, limit.address());
      return result < 0 ? result : (int) Math.min(soft(limit), Integer.MAX_VALUE);
    }
  }

  /// RLIM_INFINITY is the largest unsigned number.
  private static long soft(MemorySegment limit) {
    long soft = limit.get(JAVA_LONG, 0);
    return soft < 0 ? Integer.MAX_VALUE : soft;
  }

  private int call(String function, long a, long b) {
    MethodHandle handle = LibC.link(function);
    try {
      int result = (int) (long) handle.invokeExact(errno, a, b, 0L, 0L, 0L, 0L);
      return result >= 0 ? result : -LibC.errno(errno);
    } catch (Throwable e) {
      throw new AssertionError(function, e);
    }
  }
}
