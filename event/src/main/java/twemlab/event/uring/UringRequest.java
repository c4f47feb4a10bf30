package twemlab.event.uring;

/// A request of which a channel or a listener has one at most in the kernel. Told to end, it may
/// still bring results.
final class UringRequest {
  private final UringSubmissions submissions;
  private final int operation;
  private boolean armed;
  private boolean cancelled;

  /// @param operation as in [UringSubmissions]
  UringRequest(UringSubmissions submissions, int operation) {
    this.submissions = submissions;
    this.operation = operation;
  }

  /// It is prepared: the kernel has it until its last completion.
  void arm() {
    armed = true;
  }

  boolean armed() {
    return armed;
  }

  boolean cancelled() {
    return cancelled;
  }

  /// A completion came; unless more follow, it was the last one.
  void completed(boolean more) {
    if (!more) {
      armed = false;
      cancelled = false;
    }
  }

  /// Tells it to end, once.
  void cancel(long handle) {
    if (armed && !cancelled) {
      cancelled = true;
      submissions.cancel(handle, operation);
    }
  }
}
