/// The compiler's words on a student's mistake.
final class DoesNotCompile extends RuntimeException {
  private static final long serialVersionUID = 1;

  DoesNotCompile(String message) {
    super(message);
  }
}
