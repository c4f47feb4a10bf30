package twemlab.protocol;

/// Why a well framed request is not forwarded.
public enum RefusalReason {
  /// It is not refused.
  NONE,
  /// No row of the command table has its name.
  UNKNOWN_COMMAND,
  /// The command does not take that number of arguments.
  WRONG_ARITY,
  /// The command is known, and the proxy cannot do it ([twemlab.protocol.command.Handling#REFUSE]).
  NOT_SUPPORTED,
  /// It is no request at all, and nobody is told: an empty line, `*0`, `*-1`.
  EMPTY,
  /// The server could not read it, and would say so ([RequestView#complaint]).
  NOT_UNDERSTOOD,
  /// A redis key is longer than [Limits#redisKeyLength].
  KEY_TOO_LONG,
  /// It is longer than [Limits#keptLength].
  TOO_LARGE
}
