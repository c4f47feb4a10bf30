package twemlab.proxy.conf;

/// Why a value is refused, in nutcracker's words after `directive "<key>"`. Never leaves the
/// package.
final class Refusal extends Exception {
  private static final long serialVersionUID = 1L;

  Refusal(String reason) {
    super(reason, null, false, false);
  }
}
