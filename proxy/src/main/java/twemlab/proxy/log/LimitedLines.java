package twemlab.proxy.log;

/// Lines of one kind that a stranger can cause: a client that is refused may come again ten
/// thousand times a second, and the log is not to be the way to fill a disk or to take a processor.
/// In each second the first few are printed whole, and then one line that says how many more there
/// were.
///
/// ```
///   if (lines.wanted(now)) {       // asked first: it allocates nothing and builds no text
///     lines.print("...");
///   }
/// ```
///
/// One loop's thread. It reads no clock: the caller passes the time.
public final class LimitedLines {
  private static final long PERIOD_NANOS = 1_000_000_000L;

  private final Log log;
  private final LogLevel level;
  private final int most;
  private final String kind;
  private long periodEnd;
  private int inPeriod;

  /// Lines of a kind.
  ///
  /// @param level from which on they are printed
  /// @param most that are printed whole in a second
  /// @param kind what they say, in a few words, for the line that counts the others
  public LimitedLines(Log log, LogLevel level, int most, String kind) {
    this.log = log;
    this.level = level;
    this.most = most;
    this.kind = kind;
  }

  /// Whether the next line is printed; it is counted in any case.
  ///
  /// @param now in nanoseconds of the monotonic clock
  public boolean wanted(long now) {
    if (!log.loggable(level)) {
      return false;
    }
    endPeriod(now);
    if (inPeriod == 0) {
      periodEnd = now + PERIOD_NANOS;
    }
    inPeriod++;
    return inPeriod <= most;
  }

  /// Prints a line that is wanted.
  public void print(String text) {
    log.debug(level, text);
  }

  /// Says how many were not printed, once their second is over. Called at the end of each turn.
  public void endPeriod(long now) {
    if (inPeriod > 0 && now - periodEnd >= 0) {
      end();
    }
  }

  /// Says how many were not printed, whatever the time: there is no later call.
  public void end() {
    if (inPeriod > most) {
      log.debug(level, "and " + (inPeriod - most) + " more within a second: " + kind);
    }
    inPeriod = 0;
  }
}
