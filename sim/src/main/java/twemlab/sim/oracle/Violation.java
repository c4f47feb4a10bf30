package twemlab.sim.oracle;

/// The proxy did something that it must never do, in a simulated run. An error, because it may be
/// found inside a call of the proxy, which must not take it for an exception of its own.
public final class Violation extends AssertionError {
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
