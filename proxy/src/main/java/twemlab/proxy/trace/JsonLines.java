package twemlab.proxy.trace;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// A trace as lines of JSON: the head, the steps, and a last line for a violation.
final class JsonLines implements TraceFile {
  private final Writer out;

  JsonLines(Path path, TraceHead head) throws IOException {
    this(Files.newBufferedWriter(path, StandardCharsets.UTF_8), head);
  }

  JsonLines(Writer out, TraceHead head) throws IOException {
    this.out = out;
    line(head.json());
  }

  private void line(String text) throws IOException {
    out.write(text);
    out.write('\n');
  }

  @Override
  public void row(TraceRow row) throws IOException {
    line(row.json());
  }

  @Override
  public void violation(String text) throws IOException {
    line(new Json().begin().field("violation", text).end());
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
