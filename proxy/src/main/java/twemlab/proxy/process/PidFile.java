package twemlab.proxy.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;

/// The file with the process' number, without a line feed (`-p`); C counterparts
/// `nc_create_pidfile`, `nc_remove_pidfile`.
///
/// A file that is there is written over, as twemproxy does: it may be all that this user may write
/// in its directory. But a symbolic link is not followed, for whoever made it would choose which
/// file is lost; and what was written over or made again by a later proxy is not removed by this
/// one.
final class PidFile implements AutoCloseable {
  private static final FileAttribute<?> MODE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--"));

  private final Path file;
  private final byte[] content;

  /// Device and inode.
  private final Object key;

  private PidFile(Path file, byte[] content, Object key) {
    this.file = file;
    this.content = content;
    this.key = key;
  }

  /// Writes the file; a new one has the mode 0644, less the umask.
  ///
  /// @throws IOException if it cannot be written, or is no regular file
  static PidFile create(String name, long pid) throws IOException {
    Path file = Path.of(name);
    byte[] content = Long.toString(pid).getBytes(StandardCharsets.US_ASCII);
    boolean exists = Files.exists(file, LinkOption.NOFOLLOW_LINKS);
    if (exists && !attributes(file).isRegularFile()) {
      String what = Files.isSymbolicLink(file) ? "a symbolic link" : "no regular file";
      throw new FileSystemException(name, null, "is " + what + ", and not written over");
    }
    Set<OpenOption> options =
        exists
            ? Set.of(
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING,
                LinkOption.NOFOLLOW_LINKS)
            : Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
    try (SeekableByteChannel channel = Files.newByteChannel(file, options, MODE)) {
      ByteBuffer buffer = ByteBuffer.wrap(content);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    }
    return new PidFile(file, content, attributes(file).fileKey());
  }

  private static BasicFileAttributes attributes(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  /// Removes the file if it is still ours.
  @Override
  public void close() {
    try {
      if (isOurs()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      // The directory may be gone, or no longer ours; there is no one left to report to.
    }
  }

  private boolean isOurs() throws IOException {
    BasicFileAttributes found = attributes(file);
    return found.isRegularFile()
        && Objects.equals(key, found.fileKey())
        && found.size() == content.length
        && Arrays.equals(Files.readAllBytes(file), content);
  }
}
