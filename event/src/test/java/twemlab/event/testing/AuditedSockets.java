package twemlab.event.testing;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.FileStatus;
import twemlab.event.kernel.SocketCalls;

/// The sockets of an [AuditedKernel].
final class AuditedSockets implements SocketCalls {
  private final SocketCalls calls;
  private final AuditedKernel kernel;
  private final Faults faults;

  AuditedSockets(SocketCalls calls, AuditedKernel kernel, Faults faults) {
    this.calls = calls;
    this.kernel = kernel;
    this.faults = faults;
  }

  @Override
  public int socket(int domain) {
    Integer fault = faults.scripted("socket");
    return fault != null ? fault : kernel.opened("socket", calls.socket(domain));
  }

  @Override
  public int socketpair(MemorySegment descriptors, long offset) {
    int result = calls.socketpair(descriptors, offset);
    if (result >= 0) {
      kernel.opened("socketpair", descriptors.get(JAVA_INT, offset));
      kernel.opened("socketpair", descriptors.get(JAVA_INT, offset + 4));
    }
    return result;
  }

  @Override
  public int bind(int fd, MemorySegment address, long offset, int length) {
    kernel.using("bind", fd);
    return calls.bind(fd, address, offset, length);
  }

  @Override
  public int listen(int fd, int backlog) {
    kernel.using("listen", fd);
    return calls.listen(fd, backlog);
  }

  @Override
  public int accept(int fd) {
    kernel.using("accept", fd);
    Integer fault = faults.answer("accept");
    return fault != null ? fault : kernel.opened("accept", calls.accept(fd));
  }

  @Override
  public int connect(int fd, MemorySegment address, long offset, int length) {
    kernel.using("connect", fd);
    int result = calls.connect(fd, address, offset, length);
    // An interrupted connect goes on by itself.
    return result == Errno.EINPROGRESS.result() && faults.interrupted("connect")
        ? Errno.EINTR.result()
        : result;
  }

  @Override
  public int read(int fd, MemorySegment memory, long offset, int length) {
    kernel.using("read", fd);
    if (length <= 0) {
      throw new AssertionError("a read of " + length + " bytes");
    }
    kernel.reading();
    Integer fault = faults.answer("read");
    return fault != null ? fault : calls.read(fd, memory, offset, length);
  }

  @Override
  public int write(int fd, MemorySegment memory, long offset, int length) {
    kernel.using("write", fd);
    kernel.wrote(fd);
    Integer fault = faults.answer("write");
    return fault != null ? fault : calls.write(fd, memory, offset, length);
  }

  @Override
  public int writev(int fd, MemorySegment iovecs, long offset, int count) {
    kernel.using("writev", fd);
    kernel.wrote(fd);
    Integer fault = faults.answer("write");
    return fault != null ? fault : calls.writev(fd, iovecs, offset, count);
  }

  @Override
  public int shutdown(int fd, int how) {
    kernel.using("shutdown", fd);
    return calls.shutdown(fd, how);
  }

  @Override
  public int close(int fd) {
    kernel.closing(fd);
    return calls.close(fd);
  }

  @Override
  public int setsockopt(int fd, int level, int option, int value) {
    kernel.using("setsockopt", fd);
    Integer fault = faults.scripted("setsockopt");
    return fault != null ? fault : calls.setsockopt(fd, level, option, value);
  }

  @Override
  public int getsockopt(int fd, int level, int option) {
    kernel.using("getsockopt", fd);
    return calls.getsockopt(fd, level, option);
  }

  @Override
  public int getsockname(int fd, MemorySegment address, long offset) {
    kernel.using("getsockname", fd);
    return calls.getsockname(fd, address, offset);
  }

  @Override
  public int getpeername(int fd, MemorySegment address, long offset) {
    kernel.using("getpeername", fd);
    return calls.getpeername(fd, address, offset);
  }

  @Override
  public int unlink(String path) {
    return calls.unlink(path);
  }

  @Override
  public int lstat(String path, FileStatus status) {
    return calls.lstat(path, status);
  }

  @Override
  public int chmod(String path, int mode) {
    return calls.chmod(path, mode);
  }
}
