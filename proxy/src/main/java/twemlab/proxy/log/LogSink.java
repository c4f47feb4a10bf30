package twemlab.proxy.log;

import java.io.IOException;
import java.io.PrintStream;

/// Where the lines go. The log calls it under its lock.
public interface LogSink {
  /// Takes one whole line with its line feed, at most 256 bytes.
  void write(byte[] bytes, int length) throws IOException;

  /// Starts again, so that a log that was moved away is made again. Does nothing where there is
  /// nothing to reopen.
  default void reopen() throws IOException {}

  /// Lets go of what is open.
  default void close() throws IOException {}

  /// The sink's name in messages; stderr has none and is never reopened.
  default String name() {
    return "";
  }

  /// A sink that writes to a file.
  ///
  /// @throws IOException when the file cannot be opened for appending
  static LogSink file(String name) throws IOException {
    return new FileSink(name);
  }

  /// A sink that writes to the stream that is stderr now.
  static LogSink stderr() {
    PrintStream stderr = System.err;
    return (bytes, length) -> {
      stderr.write(bytes, 0, length);
      stderr.flush();
    };
  }
}
