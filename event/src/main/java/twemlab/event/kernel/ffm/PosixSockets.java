package twemlab.event.kernel.ffm;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import twemlab.event.kernel.CallCounts;
import twemlab.event.kernel.CallCounts.Call;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.FileStatus;
import twemlab.event.kernel.Platform;
import twemlab.event.kernel.SocketCalls;
import twemlab.event.kernel.jdk.HostFiles;

/// The socket calls of Linux.
final class PosixSockets implements SocketCalls {
  private static final int SOCK_NONBLOCK = 0x800;
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int MSG_NOSIGNAL = 0x4000;

  // statx(2), whose structure is the same on every processor, unlike that of lstat(2).
  private static final int AT_FDCWD = -100;
  private static final int AT_SYMLINK_NOFOLLOW = 0x100;
  private static final int STATX_BASIC_STATS = 0x7ff;
  private static final int STATX_SIZE = 256;
  private static final int STX_MODE = 28;
  private static final int STX_INO = 32;
  private static final int STX_DEV_MAJOR = 136;
  private static final int STX_DEV_MINOR = 140;

  private final Platform platform;
  private final CallCounts counts;
  private final MemorySegment errno = LibC.newErrnoPlace();

  /// An `int` value at 0 and its length at 4, for the calls that want pointers to them.
  private final MemorySegment scratch = Arena.ofAuto().allocate(16, 8);

  PosixSockets(Platform platform, CallCounts counts) {
    this.platform = platform;
    this.counts = counts;
  }

  @Override
  public int socket(int domain) {
    counts.count(Call.OTHER);
    int type = platform.sockStream() | SOCK_NONBLOCK | SOCK_CLOEXEC;
    return call(LibC.SOCKET, domain, type, 0, 0);
  }

  @Override
  public int socketpair(MemorySegment descriptors, long offset) {
    counts.count(Call.OTHER);
    int type = platform.sockStream() | SOCK_NONBLOCK | SOCK_CLOEXEC;
    return call(LibC.SOCKETPAIR, Platform.AF_UNIX, type, 0, descriptors.address() + offset);
  }

  @Override
  public int bind(int fd, MemorySegment address, long offset, int length) {
    counts.count(Call.OTHER);
    return call(LibC.BIND, fd, address.address() + offset, length, 0);
  }

  @Override
  public int listen(int fd, int backlog) {
    counts.count(Call.OTHER);
    return call(LibC.LISTEN, fd, backlog, 0, 0);
  }

  @Override
  public int accept(int fd) {
    counts.count(Call.ACCEPT);
    return call(LibC.ACCEPT4, fd, 0, 0, SOCK_NONBLOCK | SOCK_CLOEXEC);
  }

  @Override
  public int connect(int fd, MemorySegment address, long offset, int length) {
    counts.count(Call.CONNECT);
    return call(LibC.CONNECT, fd, address.address() + offset, length, 0);
  }

  // The three calls of the hot path name their handle themselves: it must be a constant there.

  @Override
  public int read(int fd, MemorySegment memory, long offset, int length) {
    counts.count(Call.READ);
    try {
      return result(
          (long)
              LibC.READ.invokeExact(
                  errno, (long) fd, memory.address() + offset, (long) length, 0L, 0L, 0L));
    } catch (Throwable e) {
      throw new AssertionError("read", e);
    }
  }

  @Override
  public int write(int fd, MemorySegment memory, long offset, int length) {
    counts.count(Call.WRITE);
    try {
      return result(
          (long)
              LibC.SEND.invokeExact(
                  errno,
                  (long) fd,
                  memory.address() + offset,
                  (long) length,
                  (long) MSG_NOSIGNAL,
                  0L,
                  0L));
    } catch (Throwable e) {
      throw new AssertionError("send", e);
    }
  }

  @Override
  public int writev(int fd, MemorySegment iovecs, long offset, int count) {
    counts.count(Call.WRITE);
    try {
      return result(
          (long)
              LibC.WRITEV.invokeExact(
                  errno, (long) fd, iovecs.address() + offset, (long) count, 0L, 0L, 0L));
    } catch (Throwable e) {
      throw new AssertionError("writev", e);
    }
  }

  @Override
  public int shutdown(int fd, int how) {
    counts.count(Call.OTHER);
    return call(LibC.SHUTDOWN, fd, how, 0, 0);
  }

  @Override
  public int close(int fd) {
    counts.count(Call.CLOSE);
    return call(LibC.CLOSE, fd, 0, 0, 0);
  }

  @Override
  public int setsockopt(int fd, int level, int option, int value) {
    counts.count(Call.OTHER);
    scratch.set(JAVA_INT, 0, value);
    return call(LibC.SETSOCKOPT, fd, level, option, scratch.address(), 4);
  }

  @Override
  public int getsockopt(int fd, int level, int option) {
    counts.count(Call.OTHER);
    scratch.set(JAVA_INT, 4, 4);
    int result = call(LibC.GETSOCKOPT, fd, level, option, scratch.address(), scratch.address() + 4);
    return result < 0 ? result : scratch.get(JAVA_INT, 0);
  }

  @Override
  public int getsockname(int fd, MemorySegment address, long offset) {
    return name(LibC.GETSOCKNAME, fd, address, offset);
  }

  @Override
  public int getpeername(int fd, MemorySegment address, long offset) {
    return name(LibC.GETPEERNAME, fd, address, offset);
  }

  private int name(MethodHandle function, int fd, MemorySegment address, long offset) {
    counts.count(Call.OTHER);
    scratch.set(JAVA_INT, 4, Platform.SOCKADDR_MAX);
    int result = call(function, fd, address.address() + offset, scratch.address() + 4, 0);
    return result < 0 ? result : scratch.get(JAVA_INT, 4);
  }

  @Override
  public int unlink(String path) {
    return withPath(LibC.UNLINK, path, 0);
  }

  @Override
  public int lstat(String path, FileStatus status) {
    counts.count(Call.OTHER);
    if (LibC.STATX == null) {
      return HostFiles.lstat(path, status);
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment found = arena.allocate(STATX_SIZE, 8);
      long name = arena.allocateFrom(path).address();
      int result =
          call(LibC.STATX, AT_FDCWD, name, AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, found.address());
      if (result == 0) {
        long device = (long) found.get(JAVA_INT, STX_DEV_MAJOR) << 32;
        device |= found.get(JAVA_INT, STX_DEV_MINOR) & 0xffff_ffffL;
        int mode = found.get(JAVA_SHORT, STX_MODE) & 0xffff;
        status.set(HostFiles.kind(mode), device, found.get(JAVA_LONG, STX_INO));
      }
      return result;
    }
  }

  @Override
  public int chmod(String path, int mode) {
    return withPath(LibC.CHMOD, path, mode);
  }

  private int withPath(MethodHandle function, String path, int argument) {
    counts.count(Call.OTHER);
    try (Arena arena = Arena.ofConfined()) {
      return call(function, arena.allocateFrom(path).address(), argument, 0, 0);
    }
  }

  private int call(MethodHandle function, long a, long b, long c, long d) {
    return call(function, a, b, c, d, 0);
  }

  private int call(MethodHandle function, long a, long b, long c, long d, long e) {
    try {
      int value = (int) (long) function.invokeExact(errno, a, b, c, d, e, 0L);
      return result(value);
    } catch (Throwable failure) {
      throw new AssertionError("a call with six longs", failure);
    }
  }

  private int result(long returned) {
    if (returned >= 0) {
      return (int) returned;
    }
    int number = LibC.errno(errno);
    return number == 0 ? Errno.EIO.result() : -number;
  }
}
