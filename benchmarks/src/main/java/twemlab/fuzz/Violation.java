package twemlab.fuzz;

/// A property that did not hold for an input.
final class Violation extends RuntimeException {
  private static final long serialVersionUID = 1;

  Violation(String message) {
    super(message);
  }

  /// Throws unless the condition holds.
  static void unless(boolean condition, String message) {
    if (!condition) {
      throw new Violation(message);
    }
  }
}
