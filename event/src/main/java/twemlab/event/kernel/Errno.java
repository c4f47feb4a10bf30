package twemlab.event.kernel;

/// The operating errors that a call may answer, by Linux' numbers and texts.
///
/// A call of the seam returns `-errno`. On a platform with other numbers, the seam maps them to
/// these, so that nothing above it asks where it runs. The texts are those of glibc's strerror(3):
/// clients of the proxy see them.
public enum Errno {
  /// No cause is known: errno 0. twemproxy words it like this (`msg_get_error`).
  UNKNOWN(0, "unknown"),
  EPERM(1, "Operation not permitted"),
  ENOENT(2, "No such file or directory"),
  EINTR(4, "Interrupted system call"),
  EIO(5, "Input/output error"),
  EBADF(9, "Bad file descriptor"),
  EAGAIN(11, "Resource temporarily unavailable"),
  ENOMEM(12, "Cannot allocate memory"),
  EACCES(13, "Permission denied"),
  EFAULT(14, "Bad address"),
  EBUSY(16, "Device or resource busy"),
  EEXIST(17, "File exists"),
  ENOTDIR(20, "Not a directory"),
  EINVAL(22, "Invalid argument"),
  ENFILE(23, "Too many open files in system"),
  EMFILE(24, "Too many open files"),
  ENOSPC(28, "No space left on device"),
  EPIPE(32, "Broken pipe"),
  ENAMETOOLONG(36, "File name too long"),
  ENOSYS(38, "Function not implemented"),
  ELOOP(40, "Too many levels of symbolic links"),
  ETIME(62, "Timer expired"),
  ENONET(64, "Machine is not on the network"),
  EPROTO(71, "Protocol error"),
  EBADFD(77, "File descriptor in bad state"),
  ENOTSOCK(88, "Socket operation on non-socket"),
  ENOPROTOOPT(92, "Protocol not available"),
  EOPNOTSUPP(95, "Operation not supported"),
  EAFNOSUPPORT(97, "Address family not supported by protocol"),
  EADDRINUSE(98, "Address already in use"),
  EADDRNOTAVAIL(99, "Cannot assign requested address"),
  ENETDOWN(100, "Network is down"),
  ENETUNREACH(101, "Network is unreachable"),
  ECONNABORTED(103, "Software caused connection abort"),
  ECONNRESET(104, "Connection reset by peer"),
  ENOBUFS(105, "No buffer space available"),
  EISCONN(106, "Transport endpoint is already connected"),
  ENOTCONN(107, "Transport endpoint is not connected"),
  ETIMEDOUT(110, "Connection timed out"),
  ECONNREFUSED(111, "Connection refused"),
  EHOSTDOWN(112, "Host is down"),
  EHOSTUNREACH(113, "No route to host"),
  EALREADY(114, "Operation already in progress"),
  EINPROGRESS(115, "Operation now in progress"),
  ECANCELED(125, "Operation canceled");

  private static final Errno[] BY_NUMBER = new Errno[134];

  static {
    for (Errno errno : values()) {
      BY_NUMBER[errno.number] = errno;
    }
  }

  private final int number;
  private final String text;

  Errno(int number, String text) {
    this.number = number;
    this.text = text;
  }

  /// Linux' number of this error; 0 for [#UNKNOWN].
  public int number() {
    return number;
  }

  /// The text of strerror(3).
  public String text() {
    return text;
  }

  /// What a call returns that fails with this error: the negative number.
  public int result() {
    return -number;
  }

  /// The error behind a call's negative result (or a positive errno); [#UNKNOWN] if not listed.
  public static Errno of(long result) {
    long number = Math.abs(result);
    Errno errno = number < BY_NUMBER.length ? BY_NUMBER[(int) number] : null;
    return errno == null ? UNKNOWN : errno;
  }
}
