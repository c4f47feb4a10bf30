package twemlab.event.kernel.jdk;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.FileStatus;
import twemlab.event.kernel.FileStatus.Kind;

/// Calls on files of the host by the Java library, which knows its structures on every system. It
/// takes no name that the process' locale cannot write.
public final class HostFiles {
  private static final int TYPE = 0170000;
  private static final int SOCKET = 0140000;
  private static final int LINK = 0120000;
  private static final int REGULAR = 0100000;
  private static final int DIRECTORY = 0040000;

  private HostFiles() {}

  /// lstat(2).
  ///
  /// @return 0, or `-errno`
  public static int lstat(String path, FileStatus into) {
    try {
      Map<String, Object> found =
          Files.readAttributes(Path.of(path), "unix:mode,dev,ino", LinkOption.NOFOLLOW_LINKS);
      into.set(kind((int) found.get("mode")), (long) found.get("dev"), (long) found.get("ino"));
      return 0;
    } catch (IOException e) {
      return errno(e).result();
    } catch (InvalidPathException e) {
      return Errno.EINVAL.result();
    } catch (UnsupportedOperationException notUnix) {
      return Errno.EOPNOTSUPP.result();
    }
  }

  /// What the `st_mode` of stat(2) says.
  public static Kind kind(int mode) {
    return switch (mode & TYPE) {
      case SOCKET -> Kind.SOCKET;
      case LINK -> Kind.LINK;
      case REGULAR -> Kind.FILE;
      case DIRECTORY -> Kind.DIRECTORY;
      default -> Kind.OTHER;
    };
  }

  static Errno errno(IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> Errno.ENOENT;
      case AccessDeniedException _ -> Errno.EACCES;
      default -> Errno.EPERM;
    };
  }
}
