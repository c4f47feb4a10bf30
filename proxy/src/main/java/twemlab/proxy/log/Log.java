package twemlab.proxy.log;

import java.io.IOException;
import java.lang.StackWalker.StackFrame;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.Set;

/// The log of a proxy: `[YYYY-MM-DD HH:MM:SS.mmm] file:line text`, cut at 256 bytes with its line
/// feed. `file:line` is the Java source that asked for the line.
///
/// A caller on the hot path asks [#loggable] first and builds its text only then: the question
/// allocates nothing. The price of a stack walk is paid only by lines that are printed.
///
/// Every method may be called from any thread; a line is written whole, and as one line: control
/// characters in it are made visible ([Printable]). Lines that a stranger can cause are limited
/// ([LimitedLines]).
///
/// C counterparts `struct logger`, `_log`, `_log_safe`, `log_reopen`, `log_level_up`,
/// `log_level_down`.
public final class Log implements AutoCloseable {
  /// The longest line with its line feed, in bytes. C counterpart `LOG_MAX_LEN`.
  public static final int LINE_MAX = 256;

  /// What stands for the time in a line about a signal.
  public static final String SIGNAL_TIME = "[.......................] ";

  private static final StackWalker CALLER = StackWalker.getInstance();
  private static final Set<String> PRINTERS =
      Set.of(Log.class.getName(), LimitedLines.class.getName(), StackLines.class.getName());

  private final LogSink sink;
  private final InstantSource clock;
  private final DateTimeFormatter time;
  private volatile LogLevel level;
  private long writeErrors;

  /// A log into a sink, with the given clock and the system's time zone.
  public Log(LogSink sink, LogLevel level, InstantSource clock) {
    this(sink, level, clock, ZoneId.systemDefault());
  }

  /// A log into a sink, with clock and time zone.
  public Log(LogSink sink, LogLevel level, InstantSource clock, ZoneId zone) {
    this.sink = sink;
    this.level = level;
    this.clock = clock;
    this.time = DateTimeFormatter.ofPattern("'['uuuu-MM-dd HH:mm:ss.SSS'] '").withZone(zone);
  }

  /// Whether lines of this level are printed. Allocates nothing.
  public boolean loggable(LogLevel wanted) {
    return wanted.compareTo(level) <= 0;
  }

  /// The level up to which lines are printed.
  public LogLevel level() {
    return level;
  }

  /// Prints whatever the level is. C counterpart `loga`.
  public void always(String text) {
    print(text);
  }

  /// Prints from level 1 on. C counterpart `log_error`.
  public void error(String text) {
    if (loggable(LogLevel.ALERT)) {
      print(text);
    }
  }

  /// Prints from level 4 on. C counterpart `log_warn`.
  public void warn(String text) {
    if (loggable(LogLevel.WARN)) {
      print(text);
    }
  }

  /// Prints from the given level on. C counterpart `log_debug`, which exists only in debug builds.
  public void debug(LogLevel at, String text) {
    if (loggable(at)) {
      print(text);
    }
  }

  /// Prints a line about a signal, which carries neither time nor place: nutcracker writes it
  /// inside the handler. C counterpart `log_safe`.
  public void signal(String text) {
    write(SIGNAL_TIME + Printable.of(text));
  }

  /// SIGTTIN: one level more, up to 11. C counterpart `log_level_up`.
  public synchronized void levelUp() {
    if (level != LogLevel.PVERB) {
      level = LogLevel.of(level.number() + 1);
      signal("up log level to " + level.number());
    }
  }

  /// SIGTTOU: one level less, down to 0. C counterpart `log_level_down`.
  public synchronized void levelDown() {
    if (level != LogLevel.EMERG) {
      level = LogLevel.of(level.number() - 1);
      signal("down log level to " + level.number());
    }
  }

  /// SIGHUP: opens the file again, so that a rotated log goes on in a new file. stderr stays as it
  /// is. When the file cannot be opened, the answer says why, as a line that ends the old one: that
  /// stays in use.
  ///
  /// C counterpart `log_reopen`.
  public synchronized Optional<String> reopen() {
    try {
      sink.reopen();
      return Optional.empty();
    } catch (IOException e) {
      String problem =
          "reopening log file '" + sink.name() + "' failed, ignored: " + FileErrors.text(e);
      signal(problem);
      return Optional.of(problem);
    }
  }

  /// How many lines could not be written. C counterpart `nerror`.
  public synchronized long writeErrors() {
    return writeErrors;
  }

  /// Closes the file; lines that come later count as write errors.
  @Override
  public synchronized void close() {
    try {
      sink.close();
    } catch (IOException _) {
      writeErrors++;
    }
  }

  /// Prints bytes as they are, a line with its line feed: for the one line that must not need
  /// memory.
  public synchronized void bytes(byte[] line) {
    try {
      sink.write(line, line.length);
    } catch (IOException _) {
      writeErrors++;
    }
  }

  private void print(String text) {
    write(time.format(clock.instant()) + caller() + " " + Printable.of(text));
  }

  /// The first frame outside the classes that print for others.
  private static String caller() {
    return CALLER.walk(
        frames ->
            frames
                .filter(frame -> !PRINTERS.contains(frame.getClassName()))
                .findFirst()
                .map(Log::place)
                .orElse("unknown:0"));
  }

  private static String place(StackFrame frame) {
    return frame.getFileName() + ":" + frame.getLineNumber();
  }

  private synchronized void write(String line) {
    byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
    int length = bytes.length < LINE_MAX ? bytes.length : wholeCharacters(bytes);
    byte[] whole = new byte[length + 1];
    System.arraycopy(bytes, 0, whole, 0, length);
    whole[length] = '\n';
    bytes(whole);
  }

  /// How many of the first 255 bytes to keep so that no UTF-8 character is cut in two.
  private static int wholeCharacters(byte[] bytes) {
    int length = LINE_MAX - 1;
    while (length > 0 && (bytes[length] & 0xc0) == 0x80) {
      length--;
    }
    return length;
  }
}
