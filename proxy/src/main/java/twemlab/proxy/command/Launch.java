package twemlab.proxy.command;

import picocli.CommandLine;

/// Runs a picocli command by the project's rules: an error is one line on stderr; exit 1 for a run
/// that failed, 2 for wrong usage.
final class Launch {
  private Launch() {}

  /// Runs the command and returns the exit code.
  static int run(Object command, Streams streams, String... arguments) {
    CommandLine line = new CommandLine(command);
    line.setOut(streams.textOut());
    line.setErr(streams.err());
    line.setParameterExceptionHandler(
        (problem, _) -> {
          CommandLine failed = problem.getCommandLine();
          String name = failed.getCommandSpec().qualifiedName();
          failed.getErr().println(name + ": " + oneLine(problem.getMessage()) + "; see --help");
          return CommandLine.ExitCode.USAGE;
        });
    line.setExecutionExceptionHandler(
        (problem, failed, _) -> {
          String name = failed.getCommandSpec().qualifiedName();
          failed.getErr().println(name + ": " + oneLine(String.valueOf(problem.getMessage())));
          return CommandLine.ExitCode.SOFTWARE;
        });
    int code = line.execute(arguments);
    line.getOut().flush();
    line.getErr().flush();
    return code;
  }

  private static String oneLine(String text) {
    return text.strip().replaceAll("\\s*\\R\\s*", "; ");
  }
}
