package twemlab.proxy.log;

/// An exception in a log whose lines are cut at 256 bytes: one line for each frame, and a bounded
/// number of them.
public final class StackLines {
  private static final int FRAMES = 32;
  private static final int FRAMES_OF_A_CAUSE = 8;
  private static final int CAUSES = 4;

  private StackLines() {}

  /// Prints what happened, and where.
  ///
  /// @param head what was being done, in front of the exception
  public static void print(Log log, String head, Throwable failure) {
    log.error(head + ": " + failure);
    frames(log, failure, FRAMES);
    Throwable cause = failure.getCause();
    for (int i = 0; i < CAUSES && cause != null; i++) {
      log.error("  caused by " + cause);
      frames(log, cause, FRAMES_OF_A_CAUSE);
      cause = cause.getCause();
    }
  }

  private static void frames(Log log, Throwable failure, int limit) {
    StackTraceElement[] frames = failure.getStackTrace();
    for (int i = 0; i < Math.min(frames.length, limit); i++) {
      log.error("    at " + frames[i]);
    }
    if (frames.length > limit) {
      log.error("    and " + (frames.length - limit) + " more");
    }
  }

  /// Kind and message of an exception. Its message may hold bytes of a client, which are not to
  /// make lines of their own.
  public static String oneLine(Throwable failure) {
    return Printable.of(failure.toString());
  }
}
