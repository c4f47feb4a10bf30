package twemlab.event.stream;

import java.lang.foreign.MemorySegment;
import twemlab.event.Transport;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.Kernel;
import twemlab.event.kernel.Platform;
import twemlab.event.kernel.SocketCalls;

/// A socket that listens; C counterpart `proxy_listen` (nc_proxy.c).
///
/// @param address with the port that the system chose for port 0
/// @param file the name of a unix socket; null for others
public record ListenSocket(int descriptor, Address address, UnixSocketFile file) {

  /// Opens one.
  ///
  /// @param scratch room for a socket address
  public static ListenSocket open(
      Kernel kernel, MemorySegment scratch, Address address, Transport.ListenOptions options)
      throws Transport.ListenException {
    SocketCalls sockets = kernel.sockets();
    Platform platform = kernel.platform();
    int fd = succeed("socket", address, sockets.socket(address.family(platform)));
    UnixSocketFile file;
    try {
      file = bind(kernel, scratch, fd, address, options);
    } catch (Transport.ListenException e) {
      sockets.close(fd);
      throw e;
    }
    int length = file == null ? sockets.getsockname(fd, scratch, 0) : -1;
    Address bound = length < 0 ? address : Address.read(platform, scratch, 0, length);
    return new ListenSocket(fd, bound, file);
  }

  private static UnixSocketFile bind(
      Kernel kernel,
      MemorySegment scratch,
      int fd,
      Address address,
      Transport.ListenOptions options)
      throws Transport.ListenException {
    SocketCalls sockets = kernel.sockets();
    Platform platform = kernel.platform();
    if (address instanceof Address.Unix unix) {
      if (!unix.fits(platform)) {
        throw new Transport.ListenException("bind", address, Errno.ENAMETOOLONG);
      }
      UnixSocketFile.makeRoom(sockets, unix);
    } else {
      int level = platform.solSocket();
      int reuseAddress = sockets.setsockopt(fd, level, platform.soReuseAddr(), 1);
      succeed("setsockopt", address, reuseAddress);
      if (options.reusePort()) {
        int reusePort = sockets.setsockopt(fd, level, platform.soReusePort(), 1);
        succeed("setsockopt", address, reusePort);
      }
    }
    // tag::bind-listen[]
    int length = address.write(platform, scratch, 0);
    succeed("bind", address, sockets.bind(fd, scratch, 0, length));
    UnixSocketFile file = null;
    if (address instanceof Address.Unix unix) {
      file = UnixSocketFile.made(sockets, unix);
      if (options.mode() > 0) {
        succeed("chmod", address, sockets.chmod(unix.path(), options.mode()));
      }
    }
    succeed("listen", address, sockets.listen(fd, options.backlog()));
    // end::bind-listen[]
    return file;
  }

  /// Removes the name of a unix socket, if it is ours yet. To be called before the descriptor is
  /// closed.
  public void removeFile() {
    if (file != null) {
      file.remove();
    }
  }

  /// Sets the options of an accepted connection.
  public void prepare(Kernel kernel, int accepted, Transport.ListenOptions options) {
    if (address instanceof Address.Inet) {
      SocketCalls sockets = kernel.sockets();
      Platform platform = kernel.platform();
      sockets.setsockopt(accepted, Platform.IPPROTO_TCP, Platform.TCP_NODELAY, 1);
      if (options.keepAlive()) {
        sockets.setsockopt(accepted, platform.solSocket(), platform.soKeepAlive(), 1);
      }
    }
  }

  private static int succeed(String call, Address address, int result)
      throws Transport.ListenException {
    if (result < 0) {
      throw new Transport.ListenException(call, address, Errno.of(result));
    }
    return result;
  }
}
