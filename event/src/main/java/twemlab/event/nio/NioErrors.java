package twemlab.event.nio;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import twemlab.event.kernel.Errno;

/// The exceptions of java.nio as errors: the one table.
///
/// The library gives no errno. Most of its messages are the system's own text for it, which says
/// more than the type of the exception (a BindException may be any of three errors), so the text
/// comes first.
final class NioErrors {
  /// Texts that are not strerror(3)'s of Linux: of the library itself, of macOS and FreeBSD.
  private static final Map<String, Errno> OTHER_TEXTS =
      Map.of(
          "Connection reset", Errno.ECONNRESET,
          "Unix domain path too long", Errno.ENAMETOOLONG,
          "Operation timed out", Errno.ETIMEDOUT,
          "Can't assign requested address", Errno.EADDRNOTAVAIL,
          "Network unreachable", Errno.ENETUNREACH);

  private static final Set<Errno> KNOWN = EnumSet.complementOf(EnumSet.of(Errno.UNKNOWN));

  private NioErrors() {}

  /// The error behind an exception; EIO if nothing is known about it.
  static Errno of(Exception exception) {
    return switch (exception) {
      case ClosedChannelException _ -> Errno.EBADF;
      case UnsupportedAddressTypeException _ -> Errno.EAFNOSUPPORT;
      case UnsupportedOperationException _ -> Errno.EAFNOSUPPORT;
      case IOException failure -> byText(failure);
      default -> Errno.EIO;
    };
  }

  private static Errno byText(IOException exception) {
    String text = exception.getMessage() == null ? "" : exception.getMessage();
    Errno other = OTHER_TEXTS.get(text);
    if (other != null) {
      return other;
    }
    for (Errno errno : KNOWN) {
      // The library may add what it was doing, and Windows adds a remark.
      if (text.startsWith(errno.text()) || text.endsWith(": " + errno.text())) {
        return errno;
      }
    }
    return byType(exception);
  }

  private static Errno byType(IOException exception) {
    return switch (exception) {
      case ConnectException _ -> Errno.ECONNREFUSED;
      case NoRouteToHostException _ -> Errno.EHOSTUNREACH;
      case BindException _ -> Errno.EADDRINUSE;
      default -> Errno.EIO;
    };
  }
}
