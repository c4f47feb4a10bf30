package twemlab.event.kernel.ffm;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// The C library's functions as method handles of **one** shape: six `long` in, a `long` out, errno
/// captured.
///
/// Each call of another signature costs about 10 ms to link at start, so all share one: on the
/// 64-bit calling conventions that are supported here the first six integer arguments travel in
/// registers, a narrower argument is read from the low half, and a function ignores registers that
/// it has no parameter for. The upper half of an `int` result is undefined, hence the casts of the
/// callers. Variadic functions (`fcntl`, `ioctl`) do not obey this everywhere and are not used.
///
/// A handle must be a constant for the compiler to inline it, so every function is a static field.
final class LibC {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final Linker.Option CAPTURE_ERRNO = Linker.Option.captureCallState("errno");
  private static final FunctionDescriptor SIX_LONGS =
      FunctionDescriptor.of(
          JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
  private static final VarHandle ERRNO =
      MethodHandles.insertCoordinates(
          Linker.Option.captureStateLayout()
              .varHandle(MemoryLayout.PathElement.groupElement("errno")),
          1,
          0L);

  static final MethodHandle SOCKET = link("socket");
  static final MethodHandle SOCKETPAIR = link("socketpair");
  static final MethodHandle BIND = link("bind");
  static final MethodHandle LISTEN = link("listen");
  static final MethodHandle ACCEPT4 = link("accept4");
  static final MethodHandle CONNECT = link("connect");
  static final MethodHandle READ = link("read");
  static final MethodHandle SEND = link("send");
  static final MethodHandle WRITEV = link("writev");
  static final MethodHandle SHUTDOWN = link("shutdown");
  static final MethodHandle CLOSE = link("close");
  static final MethodHandle SETSOCKOPT = link("setsockopt");
  static final MethodHandle GETSOCKOPT = link("getsockopt");
  static final MethodHandle GETSOCKNAME = link("getsockname");
  static final MethodHandle GETPEERNAME = link("getpeername");
  static final MethodHandle UNLINK = link("unlink");
  static final MethodHandle CHMOD = link("chmod");
  static final MethodHandle STATX = link("statx");
  static final MethodHandle EPOLL_CREATE1 = link("epoll_create1");
  static final MethodHandle EPOLL_CTL = link("epoll_ctl");
  static final MethodHandle EPOLL_WAIT = link("epoll_wait");
  static final MethodHandle POLL = link("poll");
  static final MethodHandle SELECT = link("select");
  static final MethodHandle MMAP = link("mmap");
  static final MethodHandle MUNMAP = link("munmap");

  private LibC() {}

  /// A place for errno, one per thread that makes calls.
  static MemorySegment newErrnoPlace() {
    return Arena.ofAuto().allocate(Linker.Option.captureStateLayout());
  }

  /// The errno that the last failed call left in its place.
  static int errno(MemorySegment place) {
    return (int) ERRNO.get(place);
  }

  /// The memory at an address that the operating system gave.
  @SuppressWarnings("restricted")
  static MemorySegment memoryAt(long address, long bytes) {
    return MemorySegment.ofAddress(address).reinterpret(bytes);
  }

  @SuppressWarnings("restricted")
  static MethodHandle link(String function) {
    return LINKER
        .defaultLookup()
        .find(function)
        .map(symbol -> LINKER.downcallHandle(symbol, SIX_LONGS, CAPTURE_ERRNO))
        .orElse(null);
  }
}
