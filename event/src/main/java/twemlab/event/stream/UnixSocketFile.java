package twemlab.event.stream;

import twemlab.event.Transport;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.FileStatus;
import twemlab.event.kernel.SocketCalls;

/// The name of a listening unix socket in the file system. It outlives the socket, and bind(2) does
/// not take a name that is there; so the one before is removed at the start, and our own at the
/// end.
///
/// twemproxy unlinks any file that has the name, data too. Here only a socket is replaced: one
/// without a listener, or that of a proxy which this one replaces. That proxy, when it ends, finds
/// that the name is not its own by then, and leaves it.
public final class UnixSocketFile {
  private final SocketCalls sockets;
  private final String path;

  /// Which file bind(2) made.
  private final FileStatus own = new FileStatus();

  private final FileStatus found = new FileStatus();

  private UnixSocketFile(SocketCalls sockets, String path) {
    this.sockets = sockets;
    this.path = path;
  }

  /// Makes room for a socket of this name.
  ///
  /// @throws Transport.ListenException if the name stands for anything but a socket
  public static void makeRoom(SocketCalls sockets, Address.Unix address)
      throws Transport.ListenException {
    var found = new FileStatus();
    if (sockets.lstat(address.path(), found) < 0) {
      return; // There is nothing, or bind(2) will say what is wrong.
    }
    if (found.kind() != FileStatus.Kind.SOCKET) {
      throw new Transport.ListenException("bind", address, Errno.ENOTSOCK);
    }
    sockets.unlink(address.path());
  }

  /// Remembers the file that bind(2) has just made.
  public static UnixSocketFile made(SocketCalls sockets, Address.Unix address) {
    var file = new UnixSocketFile(sockets, address.path());
    sockets.lstat(file.path, file.own);
    return file;
  }

  /// Removes the name if it is still our file's. Called while the socket is open: its number could
  /// be another file's afterwards.
  public void remove() {
    if (sockets.lstat(path, found) == 0 && found.isSameFile(own)) {
      sockets.unlink(path);
    }
  }
}
