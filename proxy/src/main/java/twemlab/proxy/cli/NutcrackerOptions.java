package twemlab.proxy.cli;

import java.util.List;
import java.util.Optional;

/// A command line that was understood.
///
/// C counterparts `nc_get_options`, `nc_set_default_options` and the option fields of `struct
/// instance`.
///
/// @param action what to do, by nutcracker's precedence: information, then `-t`, then running
/// @param help whether [Action#INFORM] includes the usage text (`-h`)
/// @param describeStats whether [Action#INFORM] includes the description of the stats (`-D`)
/// @param daemonize whether to run as a daemon (`-d`)
/// @param logLevel 0 to 11 (`-v`)
/// @param logFile the log file; empty for stderr (`-o`)
/// @param confFile the configuration file (`-c`)
/// @param statsPort 1 to 65535 (`-s`)
/// @param statsAddr a host name or address (`-a`)
/// @param statsIntervalMillis the longest wait of the loop (`-i`)
/// @param pidFile where to write the process id, if anywhere (`-p`)
/// @param mbufSize bytes of an mbuf with its header, 512 to 16777216 (`-m`)
/// @param backend the event mechanism, one of the names given to [#parse] (`--backend`)
/// @param drainTimeoutSeconds how long SIGTERM waits for outstanding replies (`--drain-timeout`)
/// @param memoryBytes the most that requests and replies may use (`--memory`)
/// @param trace where to write what the proxy asks of the kernel, if anywhere (`--trace`)
public record NutcrackerOptions(
    Action action,
    boolean help,
    boolean describeStats,
    boolean daemonize,
    int logLevel,
    Optional<String> logFile,
    String confFile,
    int statsPort,
    String statsAddr,
    int statsIntervalMillis,
    Optional<String> pidFile,
    int mbufSize,
    String backend,
    int drainTimeoutSeconds,
    long memoryBytes,
    Optional<String> trace) {

  /// Every name that `--backend` may ever take; a build accepts those that it has.
  public static final List<String> BACKEND_NAMES =
      List.of(
          "epoll",
          "epoll-level",
          "poll",
          "select",
          "kqueue",
          "event-ports",
          "nio",
          "io_uring",
          "io_uring-poll");

  /// What the command line asks for.
  public enum Action {
    /// Print the version and what goes with it, and exit 0.
    INFORM,
    /// Check the configuration file, say so, and exit 0 or 1.
    TEST_CONF,
    /// Run the proxy.
    RUN
  }

  /// Reads the arguments of nutcracker.
  ///
  /// @param arguments without the program's name
  /// @param backends the event mechanisms that exist here, the default one first
  /// @throws UsageException for the first mistake, from left to right
  public static NutcrackerOptions parse(List<String> arguments, List<String> backends)
      throws UsageException {
    OptionsDraft draft = new OptionsDraft(backends);
    for (GetoptLong.Given given : GetoptLong.parse(arguments)) {
      draft.apply(given.option(), given.argument());
    }
    return draft.finish();
  }
}
