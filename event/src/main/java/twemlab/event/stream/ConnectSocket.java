package twemlab.event.stream;

import java.lang.foreign.MemorySegment;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.Kernel;
import twemlab.event.kernel.Platform;
import twemlab.event.kernel.SocketCalls;

/// A socket that connects; C counterpart `server_connect` (nc_server.c).
///
/// @param descriptor or -1; open, and the caller's to close, also after a failure
/// @param connected whether it is connected already
/// @param failure why it does not even begin, or null
public record ConnectSocket(int descriptor, boolean connected, Errno failure) {

  /// Opens one and begins to connect.
  ///
  /// @param scratch room for a socket address
  /// @param limit descriptors from this number on are of no use
  public static ConnectSocket open(
      Kernel kernel, MemorySegment scratch, Address address, int limit) {
    Platform platform = kernel.platform();
    if (!address.fits(platform)) {
      return failed(-1, Errno.ENAMETOOLONG);
    }
    SocketCalls sockets = kernel.sockets();
    int fd = sockets.socket(address.family(platform));
    if (fd < 0) {
      return failed(-1, Errno.of(fd));
    }
    if (fd >= limit) {
      return failed(fd, Errno.EMFILE);
    }
    if (address instanceof Address.Inet) {
      sockets.setsockopt(fd, Platform.IPPROTO_TCP, Platform.TCP_NODELAY, 1);
    }
    // tag::connect[]
    int length = address.write(platform, scratch, 0);
    int result = sockets.connect(fd, scratch, 0, length);
    // An interrupted connect goes on by itself: connect(2), EINTR.
    if (result < 0 && result != Errno.EINPROGRESS.result() && result != Errno.EINTR.result()) {
      return failed(fd, Errno.of(result));
    }
    // end::connect[]
    return new ConnectSocket(fd, result == 0, null);
  }

  private static ConnectSocket failed(int descriptor, Errno errno) {
    return new ConnectSocket(descriptor, false, errno);
  }
}
