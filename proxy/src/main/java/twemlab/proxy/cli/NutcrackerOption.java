package twemlab.proxy.cli;

import java.util.Optional;

/// The options: nutcracker's thirteen and four of ours, which have no short form.
///
/// C counterparts `long_options` and `short_options` in `nc.c`.
enum NutcrackerOption {
  HELP('h', "help", null),
  VERSION('V', "version", null),
  TEST_CONF('t', "test-conf", null),
  DAEMONIZE('d', "daemonize", null),
  DESCRIBE_STATS('D', "describe-stats", null),
  VERBOSE('v', "verbose", "a number"),
  OUTPUT('o', "output", "a file name"),
  CONF_FILE('c', "conf-file", "a file name"),
  STATS_PORT('s', "stats-port", "a number"),
  STATS_INTERVAL('i', "stats-interval", "a number"),
  STATS_ADDR('a', "stats-addr", "a string"),
  PID_FILE('p', "pid-file", "a file name"),
  MBUF_SIZE('m', "mbuf-size", "a number"),
  BACKEND("backend=S", "a name", "set event backend (default: the first that works here), one of"),
  DRAIN_TIMEOUT(
      "drain-timeout=N",
      "a number of seconds",
      "set how long SIGTERM waits for outstanding replies (default: 10 s)"),
  MEMORY("memory=S", "a size", "set what requests and replies may use, such as 512m (default: 1g)"),
  TRACE("trace=S", "a file name", "write the first system calls to a .html, .jsonl or .svg file");

  private static final char NO_LETTER = '\0';

  private final char letter;
  private final String longName;
  private final Optional<String> argument;
  private final Optional<String> help;

  NutcrackerOption(char letter, String longName, String argument) {
    this(letter, longName, argument, null, null);
  }

  NutcrackerOption(char letter, String longName, String argument, String synopsis, String does) {
    this.letter = letter;
    this.longName = longName;
    this.argument = Optional.ofNullable(argument);
    this.help =
        Optional.ofNullable(does).map(text -> "      --%-17s: %s\n".formatted(synopsis, text));
  }

  /// One of ours: its long name and `=S` or `=N` as the help has them, what it requires, what it
  /// does.
  NutcrackerOption(String synopsis, String argument, String does) {
    this(NO_LETTER, synopsis.substring(0, synopsis.indexOf('=')), argument, synopsis, does);
  }

  /// The line of the help about an option of ours; nutcracker's own have theirs in its text.
  Optional<String> help() {
    return help;
  }

  String longName() {
    return longName;
  }

  boolean takesArgument() {
    return argument.isPresent();
  }

  boolean hasLetter(char wanted) {
    return letter == wanted && letter != NO_LETTER;
  }

  /// The letter of the option, or a zero character: what C's `optopt` holds after a mistake.
  char letter() {
    return letter;
  }

  /// How nutcracker's texts call it, such as `-v`; ours by their long names.
  String spelling() {
    return letter == NO_LETTER ? "--" + longName : "-" + letter;
  }

  /// nutcracker's text when the argument is missing or of the wrong kind.
  String requirement() {
    return "nutcracker: option " + spelling() + " requires " + argument.orElseThrow();
  }
}
