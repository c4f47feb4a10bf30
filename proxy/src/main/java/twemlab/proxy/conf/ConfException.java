package twemlab.proxy.conf;

import twemlab.proxy.log.Printable;

/// Why a configuration file is refused: nutcracker's own words, and one more line that says where
/// and what would have been accepted.
public final class ConfException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String file;
  private final int line;
  private final int column;
  private final String reason;
  private final String hint;

  /// Lines and columns count from 1; 0 stands for a file that could not be read at all.
  ConfException(String file, int line, int column, String reason, String hint) {
    super(Printable.of(reason));
    this.file = file;
    this.line = line;
    this.column = column;
    this.reason = Printable.of(reason);
    this.hint = Printable.of(hint);
  }

  /// The file's name as it was given.
  public String file() {
    return file;
  }

  /// The line, from 1; 0 when the file could not be read.
  public int line() {
    return line;
  }

  /// The column in characters, from 1; 0 when the file could not be read.
  public int column() {
    return column;
  }

  /// The line that nutcracker logs, such as `conf: directive "listen:" is missing`.
  public String reason() {
    return reason;
  }

  /// The line that we add: `file:line:column: what is accepted`.
  public String detail() {
    String place = line == 0 ? file : file + ":" + line + ":" + column;
    return Printable.of(place) + ": " + hint;
  }

  /// Both lines, with a line feed between them.
  @Override
  public String getMessage() {
    return reason + "\n" + detail();
  }
}
