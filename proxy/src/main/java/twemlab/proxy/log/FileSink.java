package twemlab.proxy.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// A file that is appended to, and created with the mode 0644 (less the umask).
final class FileSink implements LogSink {
  private static final Set<StandardOpenOption> APPEND =
      Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
  private static final FileAttribute<?> MODE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--"));

  private final Path path;
  private SeekableByteChannel channel;

  FileSink(String name) throws IOException {
    this.path = Path.of(name);
    this.channel = open();
  }

  @Override
  public void write(byte[] bytes, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, length);
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  /// Opens before it closes: when that fails, the old file stays in use.
  @Override
  public void reopen() throws IOException {
    SeekableByteChannel old = channel;
    channel = open();
    old.close();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  @Override
  public String name() {
    return path.toString();
  }

  private SeekableByteChannel open() throws IOException {
    return Files.newByteChannel(path, APPEND, MODE);
  }
}
