package twemlab.exercise.build;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.Kernel;
import twemlab.event.kernel.Platform;
import twemlab.event.kernel.SocketCalls;

/// The calls that a proxy needs, over a kernel that is real or simulated. All sockets are
/// non-blocking. Each call answers a number: what it did, or a negative error (`Errno.of` names
/// it).
final class Sockets {
  /// Nothing to read, or no room to write: ask the waiter to tell when.
  static final int AGAIN = Errno.EAGAIN.result();

  /// A signal came in between: call again.
  static final int INTERRUPTED = Errno.EINTR.result();

  private static final int ROOM = 16_384;
  private static final int BACKLOG = 128;

  private final Kernel kernel;
  private final SocketCalls calls;
  private final Platform platform;
  private final MemorySegment memory;

  Sockets(Kernel kernel) {
    this.kernel = kernel;
    calls = kernel.sockets();
    platform = kernel.platform();
    memory = kernel.memory().map(ROOM);
  }

  /// A new listener's descriptor.
  int listen(Address address) {
    int fd = calls.socket(address.family(platform));
    if (fd < 0) {
      return fd;
    }
    calls.setsockopt(fd, platform.solSocket(), platform.soReuseAddr(), 1);
    int length = address.write(platform, memory, 0);
    int result = calls.bind(fd, memory, 0, length);
    result = result < 0 ? result : calls.listen(fd, BACKLOG);
    if (result < 0) {
      calls.close(fd);
      return result;
    }
    return fd;
  }

  /// The descriptor of the next connection that waits at a listener; [#AGAIN] when none does.
  int accept(int listener) {
    return calls.accept(listener);
  }

  /// The descriptor of a connection that is being made: it is there, or has failed, when it can be
  /// written to. Then [#error] says which.
  int connect(Address address) {
    int fd = calls.socket(address.family(platform));
    if (fd < 0) {
      return fd;
    }
    int length = address.write(platform, memory, 0);
    int result = calls.connect(fd, memory, 0, length);
    if (result < 0 && result != Errno.EINPROGRESS.result() && result != INTERRUPTED) {
      calls.close(fd);
      return result;
    }
    return fd;
  }

  /// 0, or why a connection failed (negative).
  int error(int fd) {
    int errno = calls.getsockopt(fd, platform.solSocket(), platform.soError());
    return errno > 0 ? -errno : errno;
  }

  /// Reads into the beginning of an array.
  ///
  /// @return how many bytes; 0 at the end of the stream
  int read(int fd, byte[] into) {
    int count = calls.read(fd, memory, 0, Math.min(into.length, ROOM));
    if (count > 0) {
      MemorySegment.copy(memory, JAVA_BYTE, 0, into, 0, count);
    }
    return count;
  }

  /// Writes bytes of an array.
  ///
  /// @return how many the kernel took, which may be fewer
  int write(int fd, byte[] bytes, int from, int to) {
    int count = Math.min(to - from, ROOM);
    MemorySegment.copy(bytes, from, memory, JAVA_BYTE, 0, count);
    return calls.write(fd, memory, 0, count);
  }

  /// Ends our half: the other side reads to the end, and may still write.
  int end(int fd) {
    return calls.shutdown(fd, Platform.SHUT_WR);
  }

  void close(int fd) {
    calls.close(fd);
  }

  /// A clock that only goes forward.
  long nowMillis() {
    return kernel.clock().monotonicNanos() / 1_000_000;
  }
}
