package twemlab.proxy.tool;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/// One output line for each input line, in order.
///
/// A line ends with a line feed, and only with that; the last one may lack it. A bad line gives
/// `stdin:N: what is wrong` on stderr, an empty output line, and exit code 1 at the end. The output
/// is flushed whenever the input pauses, so the commands can be talked to through pipes.
///
/// Lines are strings of one character a byte (ISO 8859-1): whatever the bytes are, nothing is lost.
final class LineFilter {
  /// What a command does with a line.
  @FunctionalInterface
  interface Answer {
    String to(String line) throws BadLine;
  }

  private final Streams streams;
  private final byte[] chunk = new byte[1 << 16];
  private int position;
  private int limit;
  private long lineNumber;

  LineFilter(Streams streams) {
    this.streams = streams;
  }

  /// The number of the line that is being answered, from 1: for warnings.
  long lineNumber() {
    return lineNumber;
  }

  /// Answers every line until the end of the input.
  ///
  /// @return the exit code: 0, or 1 when a line was bad
  /// @throws IOException when a stream fails, for example because the reader of the output has gone
  int run(Answer answer) throws IOException {
    int exitCode = 0;
    OutputStream out = new BufferedOutputStream(streams.out(), 1 << 16);
    for (String line = next(out); line != null; line = next(out)) {
      lineNumber++;
      try {
        out.write(answer.to(line).getBytes(StandardCharsets.ISO_8859_1));
      } catch (BadLine bad) {
        problem(bad.getMessage());
        exitCode = 1;
      }
      out.write('\n');
    }
    out.flush();
    return exitCode;
  }

  /// Prints a message about the current line.
  void problem(String message) {
    PrintWriter err = streams.err();
    err.println("stdin:" + lineNumber + ": " + message);
  }

  /// The next line without its line feed, or null at the end.
  private String next(OutputStream out) throws IOException {
    ByteArrayOutputStream start = null;
    while (true) {
      for (int i = position; i < limit; i++) {
        if (chunk[i] == '\n') {
          String line = join(start, i);
          position = i + 1;
          return line;
        }
      }
      if (position < limit) {
        start = start == null ? new ByteArrayOutputStream() : start;
        start.write(chunk, position, limit - position);
      }
      if (!fill(out)) {
        return start == null ? null : start.toString(StandardCharsets.ISO_8859_1);
      }
    }
  }

  private String join(ByteArrayOutputStream start, int end) {
    String tail = new String(chunk, position, end - position, StandardCharsets.ISO_8859_1);
    return start == null ? tail : start.toString(StandardCharsets.ISO_8859_1) + tail;
  }

  private boolean fill(OutputStream out) throws IOException {
    InputStream in = streams.in();
    if (in.available() == 0) {
      out.flush();
    }
    position = 0;
    limit = Math.max(0, in.read(chunk));
    return limit > 0;
  }
}
