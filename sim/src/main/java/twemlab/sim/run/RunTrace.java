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
import twemlab.sim.scenario.SwarmSettings;
import twemlab.sim.world.Trace;

/// Where `twemlab sim` sends the steps of a run: text with a column for each actor, to stdout or a
/// file, or one of the forms of [TraceFile].
public abstract sealed class RunTrace implements Closeable {
  /// The ending of the form that is text.
  public static final String TEXT = ".txt";

  /// Text for a reader's eyes: waits that nothing came of are counted instead of shown.
  ///
  /// @param steps the first one that is shown, and the last
  public static RunTrace onStdout(SwarmSettings settings, long[] steps) throws IOException {
    var out = new OutputStreamWriter(System.out, StandardCharsets.UTF_8);
    return new Text(new BufferedWriter(out), false, settings, steps);
  }

  /// Text, whole: a line for each step.
  ///
  /// @param steps the first one that is written, and the last
  public static RunTrace text(Path path, SwarmSettings settings, long[] steps) throws IOException {
    return new Text(Files.newBufferedWriter(path, StandardCharsets.UTF_8), true, settings, steps);
  }

  public static RunTrace file(TraceFile file, SwarmSettings settings) {
    return new Rich(new SimTrace(file, settings));
  }

  public abstract Trace.Listener listener();

  /// The run failed: the steps up to there are written, and why.
  public abstract void violation(String text) throws IOException;

  private static final class Text extends RunTrace {
    private final Writer out;
    private final boolean owned;
    private final TraceColumns columns;
    private final long[] steps;
    private long number;
    private Trace.Step wait;
    private long waits;

    private Text(Writer out, boolean owned, SwarmSettings settings, long[] steps)
        throws IOException {
      this.out = out;
      this.owned = owned;
      this.steps = steps;
      this.columns = new TraceColumns(settings);
      line(columns.head());
    }

    @Override
    public Trace.Listener listener() {
      return step -> {
        number++;
        try {
          if (number >= steps[0] && number <= steps[1]) {
            show(step);
          }
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      };
    }

    /// Holds a wait back that nothing came of: another one may follow.
    private void show(Trace.Step step) throws IOException {
      if (!owned && TraceColumns.isIdleWait(step)) {
        wait = step;
        waits++;
        return;
      }
      showWaits();
      line(columns.line(step));
    }

    private void showWaits() throws IOException {
      if (waits > 0) {
        line(columns.line(wait) + (waits == 1 ? "" : "  (" + waits + " such waits, the last one)"));
      }
      waits = 0;
    }

    private void line(String text) throws IOException {
      out.write(text);
      out.write('\n');
    }

    @Override
    public void violation(String text) throws IOException {
      showWaits();
      line("violation: " + text);
    }

    @Override
    public void close() throws IOException {
      showWaits();
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
    public Trace.Listener listener() {
      return trace;
    }

    @Override
    public void violation(String text) throws IOException {
      trace.violation(text);
    }

    @Override
    public void close() throws IOException {
      trace.close();
    }
  }
}
