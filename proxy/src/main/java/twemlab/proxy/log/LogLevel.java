package twemlab.proxy.log;

/// How important a line is; 0 is the most important. C counterpart `LOG_EMERG` to `LOG_PVERB`.
///
/// A log of level *n* prints the lines of levels 0 to *n*; `-v` sets *n*, and SIGTTIN and SIGTTOU
/// move it.
public enum LogLevel {
  /// The system is unusable.
  EMERG,
  /// Something must be done at once. [Log#error] prints at this level.
  ALERT,
  /// Critical conditions.
  CRIT,
  /// Errors.
  ERR,
  /// Warnings. [Log#warn] prints at this level.
  WARN,
  /// Normal but worth a line: the default of the log.
  NOTICE,
  /// Information.
  INFO,
  /// Debugging.
  DEBUG,
  /// More and more of it, up to [#PVERB].
  VERB,
  /// Verbose on verbose.
  VVERB,
  /// One more.
  VVVERB,
  /// Periodic work, such as the stats.
  PVERB;

  /// The number of the level, 0 to 11.
  public int number() {
    return ordinal();
  }

  /// The level of a number; numbers below 0 and above 11 count as 0 and 11.
  public static LogLevel of(int number) {
    return values()[Math.clamp(number, 0, values().length - 1)];
  }
}
