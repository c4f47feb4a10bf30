package twemlab.event.kernel.jdk;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.FileStatus;
import twemlab.event.kernel.SocketCalls;

/// The calls on the file of a unix socket. The Java library has no descriptors, so every call on
/// one is a programming error here: such a kernel serves a transport of `java.nio`.
final class FilesOnly implements SocketCalls {
  /// From the lowest bit of a mode upwards.
  private static final PosixFilePermission[] BITS = {
    PosixFilePermission.OTHERS_EXECUTE,
    PosixFilePermission.OTHERS_WRITE,
    PosixFilePermission.OTHERS_READ,
    PosixFilePermission.GROUP_EXECUTE,
    PosixFilePermission.GROUP_WRITE,
    PosixFilePermission.GROUP_READ,
    PosixFilePermission.OWNER_EXECUTE,
    PosixFilePermission.OWNER_WRITE,
    PosixFilePermission.OWNER_READ
  };

  private static UnsupportedOperationException none() {
    return new UnsupportedOperationException(
        "this kernel makes no system calls on sockets: native access is denied, or not asked for");
  }

  @Override
  public int unlink(String path) {
    try {
      Files.delete(Path.of(path));
      return 0;
    } catch (IOException e) {
      return HostFiles.errno(e).result();
    } catch (InvalidPathException e) {
      return Errno.EINVAL.result();
    }
  }

  @Override
  public int chmod(String path, int mode) {
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    for (int bit = 0; bit < BITS.length; bit++) {
      if ((mode & 1 << bit) != 0) {
        permissions.add(BITS[bit]);
      }
    }
    try {
      Files.setPosixFilePermissions(Path.of(path), permissions);
      return 0;
    } catch (IOException e) {
      return HostFiles.errno(e).result();
    } catch (InvalidPathException e) {
      return Errno.EINVAL.result();
    } catch (UnsupportedOperationException notPosix) {
      return Errno.EOPNOTSUPP.result();
    }
  }

  @Override
  public int lstat(String path, FileStatus status) {
    return HostFiles.lstat(path, status);
  }

  @Override
  public int socket(int domain) {
    throw none();
  }

  @Override
  public int socketpair(MemorySegment descriptors, long offset) {
    throw none();
  }

  @Override
  public int bind(int fd, MemorySegment address, long offset, int length) {
    throw none();
  }

  @Override
  public int listen(int fd, int backlog) {
    throw none();
  }

  @Override
  public int accept(int fd) {
    throw none();
  }

  @Override
  public int connect(int fd, MemorySegment address, long offset, int length) {
    throw none();
  }

  @Override
  public int read(int fd, MemorySegment memory, long offset, int length) {
    throw none();
  }

  @Override
  public int write(int fd, MemorySegment memory, long offset, int length) {
    throw none();
  }

  @Override
  public int writev(int fd, MemorySegment iovecs, long offset, int count) {
    throw none();
  }

  @Override
  public int shutdown(int fd, int how) {
    throw none();
  }

  @Override
  public int close(int fd) {
    throw none();
  }

  @Override
  public int setsockopt(int fd, int level, int option, int value) {
    throw none();
  }

  @Override
  public int getsockopt(int fd, int level, int option) {
    throw none();
  }

  @Override
  public int getsockname(int fd, MemorySegment address, long offset) {
    throw none();
  }

  @Override
  public int getpeername(int fd, MemorySegment address, long offset) {
    throw none();
  }
}
