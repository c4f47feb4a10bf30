package twemlab.event.kernel;

/// What a daemon asks about its own process. Each call returns a value `>= 0`, or `-errno`.
public interface ProcessCalls {
  /// setsid(2): a new session, away from the terminal that started it.
  int newSession();

  /// umask(2): the mask before.
  int fileMask(int mask);

  /// dup2(2).
  int duplicate(int fd, int onto);

  /// The soft limit of descriptors, getrlimit(2) of RLIMIT_NOFILE; [Integer#MAX_VALUE] if there is
  /// none.
  int descriptorLimit();
}
