package twemlab.sim.run;

import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import twemlab.proxy.trace.TraceFile;
import twemlab.sim.SwarmSettings;
import twemlab.sim.kernel.Trace;

/// Where `twemlab sim` sends the steps of a run: text with a column for each actor, to stdout or a
/// file, or one of the forms of [TraceFile].
abstract sealed class RunTrace implements Closeable {
  /// The ending of the form that is text.
  static final String TEXT = ".txt";

  static RunTrace onStdout(SwarmSettings settings) throws IOException {
    var out = new OutputStreamWriter(System.out, StandardCharsets.UTF_8);
    return new Text(new BufferedWriter(out), false, settings);
  }

  static RunTrace text(Path path, SwarmSettings settings) throws IOException {
    return new Text(Files.newBufferedWriter(path, StandardCharsets.UTF_8), true, settings);
  }

  static RunTrace file(TraceFile file, SwarmSettings settings) {
    return new Rich(new SimTrace(file, settings));
  }

  abstract Trace.Listener listener();

  /// The run failed: the steps up to there are written, and why.
  abstract void violation(String text) throws IOException;

  private static final class Text extends RunTrace {
    private final Writer out;
    private final boolean owned;
    private final TraceColumns columns;

    private Text(Writer out, boolean owned, SwarmSettings settings) throws IOException {
      this.out = out;
      this.owned = owned;
      this.columns = new TraceColumns(settings);
      line(columns.head());
    }

    @Override
    Trace.Listener listener() {
      return step -> {
        try {
          line(columns.line(step));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      };
    }

    private void line(String text) throws IOException {
      out.write(text);
      out.write('\n');
    }

    @Override
    void violation(String text) throws IOException {
      line("violation: " + text);
    }

    @Override
    public void close() throws IOException {
      if (owned) {
        out.close();
      } else {
        out.flush();
      }
    }
  }

  private static final class Rich extends RunTrace {
    private final SimTrace trace;

    private Rich(SimTrace trace) {
      this.trace = trace;
    }

    @Override
    Trace.Listener listener() {
      return trace;
    }

    @Override
    void violation(String text) throws IOException {
      trace.violation(text);
    }

    @Override
    public void close() throws IOException {
      trace.close();
    }
  }
}
