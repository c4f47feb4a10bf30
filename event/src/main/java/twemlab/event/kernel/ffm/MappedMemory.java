package twemlab.event.kernel.ffm;

import java.lang.foreign.MemorySegment;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.MemoryCalls;

/// Pages from mmap(2), given back by munmap(2).
final class MappedMemory implements MemoryCalls {
  private static final long PROT_READ_WRITE = 0x3;
  private static final long MAP_PRIVATE_ANONYMOUS = 0x22;

  private final MemorySegment errno = LibC.newErrnoPlace();

  @Override
  public MemorySegment map(long bytes) {
    long address;
    try {
      address =
          (long)
              LibC.MMAP.invokeExact(
                  errno, 0L, bytes, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1L, 0L);
    } catch (Throwable e) {
      throw new AssertionError("mmap", e);
    }
    if (address == -1) {
      throw new OutOfMemoryError(
          "mmap of " + bytes + " bytes: " + Errno.of(LibC.errno(errno)).text());
    }
    return LibC.memoryAt(address, bytes);
  }

  @Override
  public void unmap(MemorySegment segment) {
    long result;
    try {
      result =
          (long)
              LibC.MUNMAP.invokeExact(errno, segment.address(), segment.byteSize(), 0L, 0L, 0L, 0L);
    } catch (Throwable e) {
      throw new AssertionError("munmap", e);
    }
    if ((int) result != 0) {
      throw new IllegalStateException("munmap: " + Errno.of(LibC.errno(errno)).text());
    }
  }
}
