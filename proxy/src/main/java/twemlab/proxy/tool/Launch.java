package twemlab.proxy.tool;

import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import picocli.CommandLine;
import twemlab.proxy.log.FileErrors;

/// Runs a picocli command by the project's rules: an error is one line on stderr; exit 1 for a run
/// that failed, 2 for wrong usage.
public final class Launch {
  private Launch() {}

  /// Runs the command and returns the exit code.
  static int run(Object command, Streams streams, String... arguments) {
    return run(command, streams.textOut(), streams.err(), arguments);
  }

  /// Runs the command and returns the exit code: the command's own, 1 after an exception, 2 after
  /// wrong usage.
  ///
  /// @param command a class with picocli's annotations
  /// @param out where picocli prints help and version
  /// @param err where an error's line goes
  public static int run(Object command, PrintWriter out, PrintWriter err, String... arguments) {
    CommandLine line = new CommandLine(command);
    line.setOut(out);
    line.setErr(err);
    line.setParameterExceptionHandler(
        (problem, _) -> {
          CommandLine failed = problem.getCommandLine();
          String name = failed.getCommandSpec().qualifiedName();
          failed.getErr().println(name + ": " + oneLine(said(problem)) + "; see --help");
          return CommandLine.ExitCode.USAGE;
        });
    line.setExecutionExceptionHandler(
        (problem, failed, _) -> {
          String name = failed.getCommandSpec().qualifiedName();
          boolean usage = problem instanceof Choice.Unknown;
          String end = usage ? "; see --help" : "";
          failed.getErr().println(name + ": " + oneLine(said(problem)) + end);
          return usage ? CommandLine.ExitCode.USAGE : CommandLine.ExitCode.SOFTWARE;
        });
    int code = line.execute(arguments);
    line.getOut().flush();
    line.getErr().flush();
    return code;
  }

  /// Whether a person is watching: only then is progress drawn. (From JDK 22 to 24 there is a
  /// console without a terminal; before and after there is none.)
  @SuppressWarnings("SystemConsoleNull")
  public static boolean onTerminal() {
    return System.console() != null && System.console().isTerminal();
  }

  /// Names the file and the reason, and says "whole number" where Java says `long`.
  private static String said(Exception problem) {
    return switch (problem) {
      case UncheckedIOException unchecked -> said(unchecked.getCause());
      case FileSystemException file -> file.getFile() + ": " + FileErrors.text(file);
      default ->
          String.valueOf(problem.getMessage())
              .replaceAll("('[^']*') is not an? (?:int|long)\\b", "$1 is no whole number")
              .replaceAll("('[^']*') is not a double\\b", "$1 is no number");
    };
  }

  private static String oneLine(String text) {
    return text.strip().replaceAll("\\s*\\R\\s*", "; ");
  }
}
