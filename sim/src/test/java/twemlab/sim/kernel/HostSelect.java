package twemlab.sim.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import twemlab.event.kernel.SelectCalls;

/// select(2) of the machine, for the scripts.
@SuppressWarnings("restricted")
final class HostSelect implements SelectCalls {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
  private static final long ERRNO_AT =
      Linker.Option.captureStateLayout().byteOffset(MemoryLayout.PathElement.groupElement("errno"));
  private static final MethodHandle SELECT =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("select"),
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS),
          ERRNO);

  @Override
  public int select(
      int count,
      MemorySegment sets,
      long readOffset,
      long writeOffset,
      long exceptOffset,
      int timeoutMillis) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(Linker.Option.captureStateLayout());
      MemorySegment timeout = MemorySegment.NULL;
      if (timeoutMillis >= 0) {
        timeout = arena.allocate(16);
        timeout.set(JAVA_LONG, 0, timeoutMillis / 1_000);
        timeout.set(JAVA_LONG, 8, timeoutMillis % 1_000 * 1_000L);
      }
      int result =
          (int)
              SELECT.invokeExact(
                  errno,
                  count,
                  at(sets, readOffset),
                  at(sets, writeOffset),
                  at(sets, exceptOffset),
                  timeout);
      return result >= 0 ? result : -errno.get(JAVA_INT, ERRNO_AT);
    } catch (Throwable e) {
      throw new AssertionError("select", e);
    }
  }

  private static MemorySegment at(MemorySegment sets, long offset) {
    return offset == NO_SET ? MemorySegment.NULL : sets.asSlice(offset, SET_SIZE);
  }
}
