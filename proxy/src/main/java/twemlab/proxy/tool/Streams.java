package twemlab.proxy.tool;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/// The standard streams of a command, so that a test can hand it others.
///
/// @param in unbuffered: [LineFilter] must see when the input pauses
/// @param out unbuffered, and not a `PrintStream`, which hides that the reader has gone away
/// @param err messages, a line at a time
record Streams(InputStream in, OutputStream out, PrintWriter err) {

  /// Those of the process.
  static Streams ofProcess() {
    return new Streams(
        new FileInputStream(FileDescriptor.in),
        new FileOutputStream(FileDescriptor.out),
        lines(new FileOutputStream(FileDescriptor.err)));
  }

  /// A writer that flushes after each line.
  static PrintWriter lines(OutputStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
  }

  PrintWriter textOut() {
    return lines(out);
  }
}
