package twemlab.benchmarks;

import java.io.PrintStream;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/// Runs of benchmarks that only show that they work.
public final class Tiny {
  public static final Effort EFFORT = new Effort(0, 0, 1, TimeValue.milliseconds(2));

  private Tiny() {}

  public static OutputFormat silent() {
    return OutputFormatFactory.createFormatInstance(
        new PrintStream(PrintStream.nullOutputStream()), VerboseMode.SILENT);
  }
}
