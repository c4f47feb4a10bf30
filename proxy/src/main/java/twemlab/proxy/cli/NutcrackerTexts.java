package twemlab.proxy.cli;

import java.util.List;
import java.util.Locale;
import twemlab.proxy.stats.StatsDescription;

/// What nutcracker 0.5.0 prints, word for word. All of it goes to stderr or to the log.
///
/// C counterparts `nc_show_usage`, `nc_print_run`, `nc_print_done`, `nc_test_conf`.
public final class NutcrackerTexts {
  /// The version that we stand in for.
  public static final String VERSION = "0.5.0";

  /// The second start line of the log.
  public static final String RUN_LINE =
      "run, rabbit run / dig that hole, forget the sun / and when at last the work is done / don't"
          + " sit down / it's time to dig another one";

  /// The last line of the log.
  public static final String DONE_LINE = "done, rabbit done";

  /// nutcracker ends some of its lines with CR LF, and so do we.
  private static final String USAGE =
      """
      Usage: nutcracker [-?hVdDt] [-v verbosity level] [-o output file]\r
                        [-c conf file] [-s stats port] [-a stats addr]\r
                        [-i stats interval] [-p pid file] [-m mbuf size]\r

      Options:\r
        -h, --help             : this help\r
        -V, --version          : show version and exit\r
        -t, --test-conf        : test configuration for syntax errors and exit\r
        -d, --daemonize        : run as a daemon\r
        -D, --describe-stats   : print stats description and exit
        -v, --verbose=N        : set logging level (default: 5, min: 0, max: 11)\r
        -o, --output=S         : set logging file (default: stderr)\r
        -c, --conf-file=S      : set configuration file (default: conf/nutcracker.yml)\r
        -s, --stats-port=N     : set stats monitoring port (default: 22222)\r
        -a, --stats-addr=S     : set stats monitoring ip (default: 0.0.0.0)\r
        -i, --stats-interval=N : set stats aggregation interval in msec (default: 30000 msec)\r
        -p, --pid-file=S       : set pid file (default: off)\r
        -m, --mbuf-size=N      : set size of mbuf chunk in bytes (default: 16384 bytes)\r

      """;

  private static final String INDENT = " ".repeat(27);

  private NutcrackerTexts() {}

  /// What follows the reason after a wrong option.
  public static String usage() {
    return USAGE;
  }

  /// The answer to `-h`, `-V` and `-D`.
  public static String information(NutcrackerOptions options) {
    return version(options.backend())
        + (options.help() ? help() : "")
        + (options.describeStats() ? StatsDescription.text() : "");
  }

  /// What `-h` adds: nutcracker's usage, then the options that it does not have.
  static String help() {
    return USAGE + ours();
  }

  private static String ours() {
    StringBuilder text = new StringBuilder("Options that nutcracker does not have:\n");
    for (NutcrackerOption option : NutcrackerOption.values()) {
      option.help().ifPresent(text::append);
      if (option == NutcrackerOption.BACKEND) {
        text.append(backendNames());
      }
    }
    return text.append('\n').toString();
  }

  private static String backendNames() {
    List<String> names = NutcrackerOptions.BACKEND_NAMES;
    int half = (names.size() + 1) / 2;
    return INDENT
        + String.join(", ", names.subList(0, half))
        + ",\n"
        + INDENT
        + String.join(", ", names.subList(half, names.size()))
        + "\n";
  }

  /// The whole answer to a wrong command line: the reason, our hint, the usage.
  public static String misuse(UsageException e) {
    return e.reason() + "\n" + e.hint() + "\n" + USAGE;
  }

  /// The last line of a successful `-t`.
  public static String confOk(String file) {
    return "nutcracker: configuration file '" + file + "' syntax is ok";
  }

  /// The last line of a failed `-t` or start.
  public static String confInvalid(String file) {
    return "nutcracker: configuration file '" + file + "' syntax is invalid";
  }

  /// The first start line of the log.
  ///
  /// @param pid the process id, the daemon's own when there is one
  public static String startLine(long pid) {
    return startLine(
        System.getProperty("os.name"),
        System.getProperty("os.version"),
        System.getProperty("os.arch"),
        pid);
  }

  /// `x86_64` is what uname(2) calls the JVM's `amd64`.
  static String startLine(String system, String release, String machine, long pid) {
    return String.format(
        Locale.ROOT,
        "nutcracker-%s built for %s %s %s started on pid %d",
        VERSION,
        system,
        release,
        machine.equals("amd64") ? "x86_64" : machine,
        pid);
  }

  private static String version(String backend) {
    String name =
        switch (backend) {
          case "epoll-level" -> "epoll";
          case "event-ports" -> "event_ports";
          default -> backend;
        };
    return "This is nutcracker-" + VERSION + "\nasync event backend: " + name + "\n\n";
  }
}
