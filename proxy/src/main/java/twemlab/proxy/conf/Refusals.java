package twemlab.proxy.conf;

/// Makes the exceptions of one file.
///
/// @param file the file's name, which some of nutcracker's texts quote
record Refusals(String file) {

  /// `conf: <reason>` at a position; the hint says what is accepted.
  ConfException at(Position position, String reason, String hint) {
    return new ConfException(file, position.line(), position.column(), "conf: " + reason, hint);
  }

  /// `conf: '<file>' <reason>`.
  ConfException ofFile(Position position, String reason, String hint) {
    return at(position, "'" + file + "' " + reason, hint);
  }

  /// `conf: directive "<key>" <reason>`.
  ConfException ofDirective(String key, Position position, String reason, String hint) {
    return at(position, "directive \"" + key + "\" " + reason, hint);
  }
}
