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
  BACKEND("backend", "a name"),
  DRAIN_TIMEOUT("drain-timeout", "a number of seconds"),
  MEMORY("memory", "a size"),
  TRACE("trace", "a file name");

  private static final char NO_LETTER = '\0';

  private final char letter;
  private final String longName;
  private final Optional<String> argument;

  NutcrackerOption(char letter, String longName, String argument) {
    this.letter = letter;
    this.longName = longName;
    this.argument = Optional.ofNullable(argument);
  }

  NutcrackerOption(String longName, String argument) {
    this(NO_LETTER, longName, argument);
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
