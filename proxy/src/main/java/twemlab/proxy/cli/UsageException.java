package twemlab.proxy.cli;

/// A wrong command line. The program prints [#getMessage] and the usage text, and exits 1.
public final class UsageException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String reason;
  private final String hint;

  UsageException(String reason, String hint) {
    super(reason + "\n" + hint);
    this.reason = reason;
    this.hint = hint;
  }

  /// nutcracker's line, such as `nutcracker: option -v requires a number`.
  public String reason() {
    return reason;
  }

  /// The line that we add: the argument at fault and what is accepted.
  public String hint() {
    return hint;
  }
}
