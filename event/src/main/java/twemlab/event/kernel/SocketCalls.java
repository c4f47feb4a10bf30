package twemlab.event.kernel;

import java.lang.foreign.MemorySegment;

/// The system calls on stream sockets. Each returns a value `>= 0`, or `-errno` (see [Errno]).
///
/// Memory is passed as (segment, offset, length), never as a slice, because a slice is garbage.
/// Segments are native. Every socket that comes out of these calls is non-blocking and
/// close-on-exec. An instance belongs to one thread.
public interface SocketCalls {

  /// socket(2) for a stream; `domain` is one of [Address#family].
  int socket(int domain);

  /// socketpair(2) of unix streams: two `int` descriptors are written at the offset.
  int socketpair(MemorySegment descriptors, long offset);

  /// bind(2) to a `struct sockaddr`, see [Address#write].
  int bind(int fd, MemorySegment address, long offset, int length);

  /// listen(2).
  int listen(int fd, int backlog);

  /// accept4(2) without the peer's address: the new descriptor.
  int accept(int fd);

  /// connect(2): 0 when connected at once (unix sockets), else usually `-EINPROGRESS`.
  int connect(int fd, MemorySegment address, long offset, int length);

  /// read(2): the bytes read, 0 at the end of the stream.
  int read(int fd, MemorySegment memory, long offset, int length);

  /// send(2) with MSG_NOSIGNAL: the bytes that the kernel accepted.
  int write(int fd, MemorySegment memory, long offset, int length);

  /// writev(2) of `count` iovecs ([Platform#IOVEC_SIZE]), which hold raw addresses: the bytes that
  /// the kernel accepted, at most 2^31 - 1.
  int writev(int fd, MemorySegment iovecs, long offset, int count);

  /// shutdown(2) with one of [Platform#SHUT_RD], [Platform#SHUT_WR], [Platform#SHUT_RDWR].
  int shutdown(int fd, int how);

  /// close(2). The descriptor is gone whatever the result; with unread bytes the peer is sent RST.
  int close(int fd);

  /// setsockopt(2) of an `int` option.
  int setsockopt(int fd, int level, int option, int value);

  /// getsockopt(2) of an `int` option: its value, or `-errno` when the call itself failed.
  int getsockopt(int fd, int level, int option);

  /// getsockname(2): the length of the structure that was written at the offset.
  int getsockname(int fd, MemorySegment address, long offset);

  /// getpeername(2): the length of the structure that was written at the offset.
  int getpeername(int fd, MemorySegment address, long offset);

  /// unlink(2).
  int unlink(String path);

  /// lstat(2): fills the status.
  int lstat(String path, FileStatus status);

  /// chmod(2).
  int chmod(String path, int mode);
}
