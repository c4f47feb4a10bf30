package twemlab.proxy.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import twemlab.proxy.log.Printable;
import twemlab.proxy.message.MemoryLimits;
import twemlab.proxy.trace.TraceFile;

/// The options while they are read, with upstream's defaults.
final class OptionsDraft {
  private static final int LOG_LEVEL_MAX = 11;
  private static final int PORT_MAX = 65535;
  private static final int MBUF_MIN = 512;
  private static final int MBUF_MAX = 16 << 20;
  private static final long MEMORY_MIN = 4L << 20;
  private static final long MEMORY_MAX = 1L << 40;
  private static final String NUMBER = "decimal digits, 0 to 2147483647";

  private final List<String> backends;
  private boolean help;
  private boolean version;
  private boolean describeStats;
  private boolean testConf;
  private boolean daemonize;
  private int logLevel = 5;
  private Optional<String> logFile = Optional.empty();
  private String confFile = "conf/nutcracker.yml";
  private int statsPort = 22222;
  private String statsAddr = "0.0.0.0";
  private int statsIntervalMillis = 30_000;
  private Optional<String> pidFile = Optional.empty();
  private int mbufSize = 16384;
  private String backend;
  private int drainTimeoutSeconds = 10;
  private long memoryBytes = MemoryLimits.DEFAULT_BYTES;
  private Optional<String> trace = Optional.empty();

  OptionsDraft(List<String> backends) {
    this.backends = List.copyOf(backends);
    this.backend = backends.getFirst();
  }

  void apply(NutcrackerOption option, String argument) throws UsageException {
    switch (option) {
      case HELP -> help = true;
      case VERSION -> version = true;
      case DESCRIBE_STATS -> describeStats = true;
      case TEST_CONF -> testConf = true;
      case DAEMONIZE -> daemonize = true;
      case VERBOSE -> logLevel = (int) Math.min(number(option, argument), LOG_LEVEL_MAX);
      case OUTPUT ->
          logFile = Optional.of(fileName(option, argument)).filter(name -> !name.isEmpty());
      case CONF_FILE -> confFile = fileName(option, argument);
      case STATS_PORT -> statsPort = statsPort(argument);
      case STATS_INTERVAL -> statsIntervalMillis = (int) number(option, argument);
      case STATS_ADDR -> statsAddr = argument;
      case PID_FILE -> pidFile = Optional.of(fileName(option, argument));
      case MBUF_SIZE -> mbufSize = mbufSize(argument);
      case BACKEND -> backend = backend(argument);
      case DRAIN_TIMEOUT -> drainTimeoutSeconds = (int) number(option, argument);
      case MEMORY -> memoryBytes = memory(argument);
      case TRACE -> trace = Optional.of(traceFile(fileName(option, argument)));
    }
  }

  NutcrackerOptions finish() {
    return new NutcrackerOptions(
        action(),
        help,
        describeStats,
        daemonize,
        logLevel,
        logFile,
        confFile,
        statsPort,
        statsAddr,
        statsIntervalMillis,
        pidFile,
        mbufSize,
        backend,
        drainTimeoutSeconds,
        memoryBytes,
        trace);
  }

  private NutcrackerOptions.Action action() {
    if (help || version || describeStats) {
      return NutcrackerOptions.Action.INFORM;
    }
    return testConf ? NutcrackerOptions.Action.TEST_CONF : NutcrackerOptions.Action.RUN;
  }

  private static long number(NutcrackerOption option, String text) throws UsageException {
    long value = digits(text);
    if (value < 0 || value > Integer.MAX_VALUE) {
      throw new UsageException(option.requirement(), refused(option, text, NUMBER));
    }
    return value;
  }

  private static int statsPort(String text) throws UsageException {
    NutcrackerOption option = NutcrackerOption.STATS_PORT;
    long port = digits(text);
    String hint = refused(option, text, "1 to " + PORT_MAX);
    if (port < 0) {
      throw new UsageException(option.requirement(), hint);
    }
    if (port < 1 || port > PORT_MAX) {
      String value = port == Long.MAX_VALUE ? text : Long.toString(port);
      throw new UsageException(
          "nutcracker: option -s value " + value + " is not a valid port", hint);
    }
    return (int) port;
  }

  private static int mbufSize(String text) throws UsageException {
    long size = digits(text);
    String hint = refused(NutcrackerOption.MBUF_SIZE, text, MBUF_MIN + " to " + MBUF_MAX);
    if (size <= 0) {
      throw new UsageException("nutcracker: option -m requires a non-zero number", hint);
    }
    if (size < MBUF_MIN || size > MBUF_MAX) {
      throw new UsageException(
          "nutcracker: mbuf chunk size must be between " + MBUF_MIN + " and " + MBUF_MAX + " bytes",
          hint);
    }
    return (int) size;
  }

  /// A number of bytes, or of KiB, MiB or GiB with the letter k, m or g behind it.
  private static long memory(String text) throws UsageException {
    int shift =
        text.isEmpty() ? -1 : "kmg".indexOf(Character.toLowerCase(text.charAt(text.length() - 1)));
    long number = digits(shift < 0 ? text : text.substring(0, text.length() - 1));
    long bytes = number > MEMORY_MAX ? Long.MAX_VALUE : number << (10 * (shift + 1));
    if (number < 0 || bytes < MEMORY_MIN || bytes > MEMORY_MAX) {
      throw new UsageException(
          NutcrackerOption.MEMORY.requirement(),
          refused(
              NutcrackerOption.MEMORY,
              text,
              "4m to 1024g: a number, or one with k, m or g behind it"));
    }
    return bytes;
  }

  private String backend(String name) throws UsageException {
    if (backends.contains(name)) {
      return name;
    }
    boolean known = NutcrackerOptions.BACKEND_NAMES.contains(name);
    throw new UsageException(
        "nutcracker: option --backend value "
            + name
            + (known ? " is not available here" : " is not an event backend"),
        refused(NutcrackerOption.BACKEND, name, String.join(", ", backends)));
  }

  private static String traceFile(String name) throws UsageException {
    if (TraceFile.Form.of(Path.of(name)).isPresent()) {
      return name;
    }
    throw new UsageException(
        "nutcracker: option --trace value " + name + " has no ending that says the form",
        refused(NutcrackerOption.TRACE, name, "a name that ends in .html, .jsonl or .svg"));
  }

  /// The Java library takes no name that it cannot write in the characters of the locale.
  private static String fileName(NutcrackerOption option, String name) throws UsageException {
    try {
      var _ = Path.of(name);
      return name;
    } catch (InvalidPathException e) {
      throw new UsageException(
          option.requirement(),
          refused(
              option,
              Printable.of(name),
              "a name in the characters of the locale (LC_ALL, LC_CTYPE, LANG)"));
    }
  }

  private static String refused(NutcrackerOption option, String text, String accepted) {
    return "--" + option.longName() + " '" + text + "' is refused; accepted: " + accepted;
  }

  /// Decimal digits as a number, [Long#MAX_VALUE] when it is too large, -1 for any other text.
  /// nutcracker's `nc_atoi` lets large numbers wrap around instead.
  private static long digits(String text) {
    if (text.isEmpty() || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return -1;
    }
    String significant = text.replaceFirst("^0+(?=.)", "");
    return significant.length() > 18 ? Long.MAX_VALUE : Long.parseLong(significant);
  }
}
