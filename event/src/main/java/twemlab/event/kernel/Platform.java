package twemlab.event.kernel;

/// The layouts and numbers of an operating system's structures and constants, as Java literals.
///
/// They are chosen by this value and never by the machine that runs the program, so that the code
/// for kqueue or event ports runs, on a simulated kernel, anywhere. Sources: the C headers of Linux
/// 6, macOS 14, FreeBSD 14 and illumos.
///
/// ```text
/// struct epoll_event   x86-64 (packed)  |events:4|data:8|            12 bytes
///                      others           |events:4|pad:4|data:8|      16 bytes
/// struct pollfd                         |fd:4|events:2|revents:2|     8 bytes
/// struct iovec                          |base:8|len:8|               16 bytes
/// struct sockaddr_in   Linux, illumos   |family:2|port:2|addr:4|zero:8|
///                      macOS, FreeBSD   |len:1|family:1|port:2|addr:4|zero:8|
/// ```
public enum Platform {
  LINUX_X64,
  LINUX_AARCH64,
  MACOS,
  FREEBSD,
  ILLUMOS;

  /// Families and levels that have the same number everywhere.
  public static final int AF_UNIX = 1;

  public static final int AF_INET = 2;
  public static final int IPPROTO_TCP = 6;
  public static final int TCP_NODELAY = 1;

  /// How a connection is shut down.
  public static final int SHUT_RD = 0;

  public static final int SHUT_WR = 1;
  public static final int SHUT_RDWR = 2;

  /// `struct pollfd`: its size, and the offsets of its fields behind `fd`.
  public static final int POLLFD_SIZE = 8;

  public static final int POLLFD_EVENTS = 4;
  public static final int POLLFD_REVENTS = 6;

  /// Event bits of poll(2).
  public static final int POLLIN = 0x1;

  public static final int POLLOUT = 0x4;
  public static final int POLLERR = 0x8;
  public static final int POLLHUP = 0x10;
  public static final int POLLNVAL = 0x20;

  /// `struct iovec`: its size, and the offset of its length.
  public static final int IOVEC_SIZE = 16;

  public static final int IOVEC_LENGTH = 8;

  /// The largest number of iovecs that one writev takes everywhere (Linux' IOV_MAX is 1024).
  public static final int IOV_MAX = 1024;

  /// Bytes that any socket address fits into: `sockaddr_un` is the largest, 110 bytes.
  public static final int SOCKADDR_MAX = 112;

  /// The platform of this machine, by the properties `os.name` and `os.arch`.
  ///
  /// @throws UnsupportedOperationException if it is none of the known ones
  public static Platform host() {
    String system = System.getProperty("os.name");
    return switch (system) {
      case "Linux" -> System.getProperty("os.arch").equals("aarch64") ? LINUX_AARCH64 : LINUX_X64;
      case "Mac OS X" -> MACOS;
      case "FreeBSD" -> FREEBSD;
      case "SunOS" -> ILLUMOS;
      default -> throw new UnsupportedOperationException("no layouts are known for " + system);
    };
  }

  /// Whether the kernel is Linux, on any processor.
  public boolean isLinux() {
    return this == LINUX_X64 || this == LINUX_AARCH64;
  }

  /// AF_INET6.
  public int afInet6() {
    return switch (this) {
      case LINUX_X64, LINUX_AARCH64 -> 10;
      case MACOS -> 30;
      case FREEBSD -> 28;
      case ILLUMOS -> 26;
    };
  }

  /// SOCK_STREAM, which is 1 but on illumos, which kept System V's order.
  public int sockStream() {
    return this == ILLUMOS ? 2 : 1;
  }

  /// SOL_SOCKET.
  public int solSocket() {
    return isLinux() ? 1 : 0xffff;
  }

  /// SO_REUSEADDR.
  public int soReuseAddr() {
    return isLinux() ? 2 : 0x4;
  }

  /// SO_ERROR; reading it clears the error.
  public int soError() {
    return isLinux() ? 4 : 0x1007;
  }

  /// SO_SNDBUF in bytes; Linux doubles what is set.
  public int soSndBuf() {
    return isLinux() ? 7 : 0x1001;
  }

  /// SO_RCVBUF in bytes; Linux doubles what is set.
  public int soRcvBuf() {
    return isLinux() ? 8 : 0x1002;
  }

  /// SO_KEEPALIVE.
  public int soKeepAlive() {
    return isLinux() ? 9 : 0x8;
  }

  /// SO_REUSEPORT.
  public int soReusePort() {
    return switch (this) {
      case LINUX_X64, LINUX_AARCH64 -> 15;
      case MACOS, FREEBSD -> 0x200;
      case ILLUMOS -> 0x100e;
    };
  }

  /// The end-of-stream bit of poll(2) and epoll; 0 where there is none.
  public int pollRdHup() {
    return isLinux() ? 0x2000 : 0;
  }

  /// Whether a socket address begins with its length (4.4BSD) and has a one-byte family.
  public boolean sockaddrHasLength() {
    return this == MACOS || this == FREEBSD;
  }

  /// Bytes of `sun_path`, the terminating NUL included.
  public int unixPathMax() {
    return sockaddrHasLength() ? 104 : 108;
  }

  /// Bytes of a `struct epoll_event`, which is packed on x86-64 alone.
  public int epollEventSize() {
    return this == LINUX_X64 ? 12 : 16;
  }

  /// The offset of `data` in a `struct epoll_event`.
  public int epollEventData() {
    return this == LINUX_X64 ? 4 : 8;
  }
}
