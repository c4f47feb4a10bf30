package twemlab.proxy.tool;

/// What is wrong with one input line, in words for its author. Carries no stack trace: it is an
/// answer, not a failure of the program.
final class BadLine extends Exception {
  private static final long serialVersionUID = 1L;

  BadLine(String what) {
    super(what, null, false, false);
  }
}
