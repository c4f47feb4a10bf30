package twemlab.sim.world;

import twemlab.event.kernel.Errno;
import twemlab.event.kernel.Platform;

/// The options of setsockopt(2) and getsockopt(2) that are known. The buffer sizes and SO_ERROR
/// mean something here; the others are kept and given back.
public final class SocketOptions {
  private final Platform platform;

  public SocketOptions(Platform platform) {
    this.platform = platform;
  }

  public int set(StreamSocket socket, int level, int option, int value) {
    if (level == platform.solSocket()) {
      if (option == platform.soSndBuf() || option == platform.soRcvBuf()) {
        return socket.setBuffer(option == platform.soSndBuf(), value);
      }
      return keep(socket, flag(option), value);
    }
    return level == Platform.IPPROTO_TCP ? keepTcp(socket, option, value) : unknown();
  }

  public int get(StreamSocket socket, int level, int option) {
    if (level == platform.solSocket()) {
      if (option == platform.soError()) {
        return -socket.takeError(Errno.UNKNOWN);
      }
      if (option == platform.soSndBuf()) {
        return socket.sendBuffer;
      }
      if (option == platform.soRcvBuf()) {
        return socket.receiveBuffer;
      }
      int flag = flag(option);
      return flag == 0 ? unknown() : kept(socket, flag);
    }
    if (level != Platform.IPPROTO_TCP || option != Platform.TCP_NODELAY) {
      return unknown();
    }
    return socket instanceof TcpSocket ? kept(socket, NO_DELAY) : Errno.EOPNOTSUPP.result();
  }

  private static final int REUSE_ADDRESS = 1;
  private static final int REUSE_PORT = 2;
  private static final int KEEP_ALIVE = 4;
  private static final int NO_DELAY = 8;

  /// The bit under which an option of SOL_SOCKET is kept; 0 if it is not known.
  private int flag(int option) {
    if (option == platform.soReuseAddr()) {
      return REUSE_ADDRESS;
    }
    if (option == platform.soReusePort()) {
      return REUSE_PORT;
    }
    return option == platform.soKeepAlive() ? KEEP_ALIVE : 0;
  }

  private static int keepTcp(StreamSocket socket, int option, int value) {
    if (!(socket instanceof TcpSocket)) {
      return Errno.EOPNOTSUPP.result();
    }
    return keep(socket, option == Platform.TCP_NODELAY ? NO_DELAY : 0, value);
  }

  private static int keep(StreamSocket socket, int flag, int value) {
    if (flag == 0) {
      return unknown();
    }
    socket.flags = value == 0 ? socket.flags & ~flag : socket.flags | flag;
    return 0;
  }

  private static int kept(StreamSocket socket, int flag) {
    return (socket.flags & flag) == 0 ? 0 : 1;
  }

  private static int unknown() {
    return Errno.ENOPROTOOPT.result();
  }
}
