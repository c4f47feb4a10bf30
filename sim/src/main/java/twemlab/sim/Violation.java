package twemlab.sim;

/// The proxy did something that it must never do, in a simulated run.
public final class Violation extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// What was seen, and by whom.
  public Violation(String message) {
    super(message);
  }

  /// What was thrown inside the run.
  public Violation(String message, Throwable cause) {
    super(message, cause);
  }
}
