package twemlab.benchmarks.event;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A place for a unix socket, gone when closed: connections live on without it.
final class SocketFile implements AutoCloseable {
  private final Path directory;

  SocketFile() throws IOException {
    directory = Files.createTempDirectory("twemlab-bench");
  }

  String path() {
    return directory.resolve("socket").toString();
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(directory.resolve("socket"));
    Files.delete(directory);
  }
}
