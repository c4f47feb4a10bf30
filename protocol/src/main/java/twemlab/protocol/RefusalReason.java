package twemlab.protocol;

/// Why a well framed request is not forwarded.
public enum RefusalReason {
  /// It is not refused.
  NONE,
  /// No row of the command table has its name.
  UNKNOWN_COMMAND,
  /// The command does not take that number of arguments.
  WRONG_ARITY,
  /// The number of keys of a script is no number, or is zero, so that nothing decides the route.
  BAD_NUMKEYS,
  /// The command would change the state of its connection ([Handling#REFUSE_AND_CLOSE]).
  CHANGES_STATE,
  /// It is longer than [Limits#keptLength].
  TOO_LARGE
}
