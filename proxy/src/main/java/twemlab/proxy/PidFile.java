package twemlab.proxy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// The file with the process' number, without a line feed (`-p`); C counterparts
/// `nc_create_pidfile`, `nc_remove_pidfile`.
final class PidFile implements AutoCloseable {
  private final Path file;

  private PidFile(Path file) {
    this.file = file;
  }

  /// Writes the file, with mode 0644.
  ///
  /// @throws IOException if it cannot be written
  static PidFile create(String name, long pid) throws IOException {
    Path file = Path.of(name);
    Files.writeString(file, Long.toString(pid));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    return new PidFile(file);
  }

  @Override
  public void close() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // The directory may be gone, or not ours any more; nobody is left to be told.
    }
  }
}
