package twemlab.proxy.trace;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.List;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.FileStatus;
import twemlab.event.kernel.Platform;
import twemlab.event.kernel.SocketCalls;

/// The socket calls, reported to a listener with the bytes that they moved.
final class TracingSockets implements SocketCalls {
  private final SocketCalls inner;
  private final Platform platform;
  private final TracingMemory memory;
  private final Call.Listener listener;

  TracingSockets(
      SocketCalls inner, Platform platform, TracingMemory memory, Call.Listener listener) {
    this.inner = inner;
    this.platform = platform;
    this.memory = memory;
    this.listener = listener;
  }

  private int told(String name, int fd, int result, long amount) {
    listener.called(new Call(name, fd, result, amount));
    return result;
  }

  @Override
  public int socket(int domain) {
    return told("SOCKET", -1, inner.socket(domain), 0);
  }

  @Override
  public int socketpair(MemorySegment descriptors, long offset) {
    int result = inner.socketpair(descriptors, offset);
    return result < 0
        ? told("SOCKETPAIR", -1, result, 0)
        : told(
            "SOCKETPAIR",
            descriptors.get(JAVA_INT_UNALIGNED, offset),
            result,
            descriptors.get(JAVA_INT_UNALIGNED, offset + 4));
  }

  @Override
  public int bind(int fd, MemorySegment address, long offset, int length) {
    int result = inner.bind(fd, address, offset, length);
    return told("BIND", fd, result, port(Address.read(platform, address, offset, length)));
  }

  private static int port(Address address) {
    return address instanceof Address.Inet inet ? inet.port() : -1;
  }

  @Override
  public int listen(int fd, int backlog) {
    return told("LISTEN", fd, inner.listen(fd, backlog), backlog);
  }

  @Override
  public int accept(int fd) {
    return told("ACCEPT", fd, inner.accept(fd), 0);
  }

  @Override
  public int connect(int fd, MemorySegment address, long offset, int length) {
    int result = inner.connect(fd, address, offset, length);
    Address to = Address.read(platform, address, offset, length);
    listener.called(new Call("CONNECT", fd, result, port(to), null, List.of(), List.of(), to));
    return result;
  }

  @Override
  public int read(int fd, MemorySegment segment, long offset, int length) {
    int result = inner.read(fd, segment, offset, length);
    byte[] data = result > 0 ? TracingMemory.copy(segment, offset, result) : null;
    listener.called(new Call("READ", fd, result, length, data));
    return result;
  }

  @Override
  public int write(int fd, MemorySegment segment, long offset, int length) {
    int result = inner.write(fd, segment, offset, length);
    byte[] data = result > 0 ? TracingMemory.copy(segment, offset, result) : null;
    listener.called(new Call("WRITE", fd, result, length, data));
    return result;
  }

  @Override
  public int writev(int fd, MemorySegment iovecs, long offset, int count) {
    int result = inner.writev(fd, iovecs, offset, count);
    byte[] data = result > 0 ? memory.gather(iovecs, offset, count, result) : null;
    listener.called(new Call("WRITEV", fd, result, count, data));
    return result;
  }

  @Override
  public int shutdown(int fd, int how) {
    return told("SHUTDOWN", fd, inner.shutdown(fd, how), how);
  }

  @Override
  public int close(int fd) {
    return told("CLOSE", fd, inner.close(fd), 0);
  }

  @Override
  public int setsockopt(int fd, int level, int option, int value) {
    return told("SETSOCKOPT", fd, inner.setsockopt(fd, level, option, value), value);
  }

  @Override
  public int getsockopt(int fd, int level, int option) {
    return told("GETSOCKOPT", fd, inner.getsockopt(fd, level, option), option);
  }

  @Override
  public int getsockname(int fd, MemorySegment address, long offset) {
    return told("GETSOCKNAME", fd, inner.getsockname(fd, address, offset), 0);
  }

  @Override
  public int getpeername(int fd, MemorySegment address, long offset) {
    return told("GETPEERNAME", fd, inner.getpeername(fd, address, offset), 0);
  }

  @Override
  public int unlink(String path) {
    return told("UNLINK", -1, inner.unlink(path), 0);
  }

  @Override
  public int lstat(String path, FileStatus status) {
    return told("LSTAT", -1, inner.lstat(path, status), 0);
  }

  @Override
  public int chmod(String path, int mode) {
    return told("CHMOD", -1, inner.chmod(path, mode), mode);
  }
}
