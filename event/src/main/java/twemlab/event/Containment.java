package twemlab.event;

/// Where an exception ends: at the connection whose handler threw it, or at the end of the process.
///
/// ```text
/// thrown by                                        costs
/// a connection's handler or timer                  that connection, if it is a RuntimeException
/// the same, an IllegalStateException               the process: a check of ours that is always on
/// the same, an Error (OutOfMemoryError,            the process: it can come between any two
///   StackOverflowError, LinkageError, ...)           instructions, also inside a pool or a queue
/// the loop, a transport, another timer or task     the process
/// ```
///
/// The line runs here because of what is known afterwards. A handler that trips over its input (an
/// index, a cast, a null) has not touched what others share, or has left it whole: that is what the
/// always-on checks watch over. When one of those fails, nothing is known any more.
public final class Containment {
  private Containment() {}

  /// Lets an exception pass that costs more than a connection.
  ///
  /// @throws RuntimeException the given one, unless it costs a connection only
  public static void check(RuntimeException failure) {
    if (failure instanceof IllegalStateException) {
      throw failure;
    }
  }
}
