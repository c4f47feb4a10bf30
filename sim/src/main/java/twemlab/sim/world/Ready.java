package twemlab.sim.world;

/// Readiness: the bits of poll(2) and epoll on Linux, and the one function from a socket's state to
/// them.
///
/// Sources: `tcp_poll` in net/ipv4/tcp.c, `unix_poll` in net/unix/af_unix.c.
public final class Ready {
  public static final int IN = 0x1;
  public static final int PRI = 0x2;
  public static final int OUT = 0x4;
  public static final int ERR = 0x8;
  public static final int HUP = 0x10;
  public static final int NVAL = 0x20;
  public static final int RDNORM = 0x40;
  public static final int RDBAND = 0x80;
  public static final int WRNORM = 0x100;
  public static final int WRBAND = 0x200;
  public static final int RDHUP = 0x2000;

  /// Room for bytes, which epoll reports only to those who were turned away before, and kqueue to
  /// everybody. No mask of poll(2) has this bit.
  public static final int SPACE = 1 << 16;

  public static final int READABLE = IN | RDNORM;
  public static final int WRITABLE = OUT | WRNORM;

  private Ready() {}

  /// The mask of a TCP socket, rules T1 to T9.
  static int mask(TcpSocket socket) {
    if (socket.listening()) {
      return socket.pendingConnections() > 0 ? READABLE : 0; // T1
    }
    int mask = 0;
    if ((socket.receiveShut && socket.sendShut) || socket.inStateClose()) {
      mask |= HUP; // T2
    }
    if (socket.receiveShut) {
      mask |= READABLE | RDHUP; // T3
    }
    if (!socket.connecting()) { // T4
      if (!socket.received.isEmpty()) {
        mask |= READABLE; // T5, with SO_RCVLOWAT at its default of 1
      }
      if (socket.sendShut || socket.writable()) {
        mask |= WRITABLE; // T6, T7
      }
    }
    if (socket.error != null) {
      mask |= ERR; // T8
    }
    return mask;
  }

  /// The mask of a unix stream socket, rules X1 to X3.
  static int mask(UnixSocket socket) {
    int mask = socket.error == null ? 0 : ERR;
    if (socket.receiveShut && socket.sendShut) {
      mask |= HUP;
    }
    if (socket.receiveShut) {
      mask |= READABLE | RDHUP;
    }
    if (!socket.received.isEmpty() || socket.pendingConnections() > 0) {
      mask |= READABLE;
    }
    if (socket.inStateClose()) {
      mask |= HUP;
    }
    if (!socket.listening() && socket.writable()) {
      mask |= WRITABLE | WRBAND;
    }
    return mask;
  }
}
