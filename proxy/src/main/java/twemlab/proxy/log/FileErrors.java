package twemlab.proxy.log;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import twemlab.event.kernel.Errno;

/// Why a file could not be opened, in the words of strerror(3), which nutcracker prints.
public final class FileErrors {
  private FileErrors() {}

  /// The reason without the file's name.
  public static String text(IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> Errno.ENOENT.text();
      case AccessDeniedException _ -> Errno.EACCES.text();
      case FileSystemException f when f.getReason() != null -> f.getReason();
      default -> String.valueOf(e.getMessage());
    };
  }
}
