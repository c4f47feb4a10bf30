package twemlab.sim.world;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.Platform;

/// A stream socket: what TCP and unix sockets have in common.
///
/// Results are those of the system calls: `>= 0` or `-errno`.
public abstract sealed class StreamSocket extends SimFile permits TcpSocket, UnixSocket {
  final World world;
  final String owner;
  public final int domain;
  public final ByteQueue received = new ByteQueue();

  /// SO_SNDBUF and SO_RCVBUF as the kernel counts them.
  public int sendBuffer;

  int receiveBuffer;

  /// Neither side, one side, or both were shut down, by whomever.
  public boolean receiveShut;

  public boolean sendShut;

  /// SO_ERROR, or null.
  public Errno error;

  /// Options that are kept and mean nothing, see [SocketOptions].
  int flags;

  public Address local;
  public Address peer;

  /// Connections that wait for accept(2), or null if this is no listener.
  private ArrayDeque<StreamSocket> acceptQueue;

  private int backlog;

  StreamSocket(World world, String owner, int domain) {
    this.world = world;
    this.owner = owner;
    this.domain = domain;
    this.sendBuffer = world.settings().sendBuffer();
    this.receiveBuffer = world.settings().receiveBuffer();
  }

  public abstract int bind(Address address);

  public abstract int connect(Address address);

  /// What listen(2) answers before the socket becomes a listener.
  abstract int prepareListen();

  /// How many of `total` bytes a write takes now, or `-errno`. The bytes follow by [#append], and
  /// [#flush] ends the write.
  public abstract int admit(int total);

  public abstract void append(MemorySegment source, long offset, int length);

  public abstract void flush();

  /// What read(2) answers when no byte is there.
  abstract int emptyRead();

  /// Bytes were taken out of [#received].
  abstract void consumed(int bytes);

  public abstract int shutdown(int how);

  abstract boolean writable();

  /// Bytes that the send buffer has room for.
  public abstract int room();

  /// Bytes that were written and have not arrived at the peer.
  abstract int onTheWay();

  /// Whether the peer's address is known to getpeername(2).
  public abstract boolean connected();

  /// Breaks the connection as SO_LINGER with 0 does: the peer is reset.
  public abstract void abort();

  public final int listen(int limit) {
    int result = acceptQueue == null ? prepareListen() : 0;
    if (result == 0) {
      backlog = limit < 0 ? 4096 : Math.min(limit, 4096);
      if (acceptQueue == null) {
        acceptQueue = new ArrayDeque<>();
      }
    }
    return result;
  }

  public final boolean listening() {
    return acceptQueue != null;
  }

  public final int pendingConnections() {
    return acceptQueue == null ? 0 : acceptQueue.size();
  }

  /// Whether one more connection is refused, when `coming` are on their way to the queue. Linux
  /// lets one more wait than listen(2) was told.
  final boolean full(int coming) {
    return acceptQueue.size() + coming > backlog || world.faults().fires(Fault.BACKLOG_FULL);
  }

  final void enqueue(StreamSocket connection) {
    acceptQueue.add(connection);
    wake(Ready.READABLE | Ready.PRI | Ready.RDBAND);
  }

  /// The connection that waits longest, or null.
  public final StreamSocket accept() {
    return acceptQueue.poll();
  }

  /// Resets all waiting connections, and listens no more.
  final void stopListening() {
    ArrayDeque<StreamSocket> waiting = acceptQueue;
    acceptQueue = null;
    for (StreamSocket connection : waiting) {
      connection.abort();
    }
  }

  public final int read(MemorySegment target, long offset, int length) {
    int available = Math.min(received.size(), length);
    if (available == 0) {
      return length == 0 ? 0 : emptyRead();
    }
    if (world.faults().fires(Fault.EAGAIN_ON_READ)) {
      wakeLater(Fault.EAGAIN_ON_READ, Ready.READABLE);
      return Errno.EAGAIN.result();
    }
    received.take(target, offset, available);
    consumed(available);
    return available;
  }

  /// Applies the faults of a write that has room for `count` of `total` bytes.
  final int faultyWrite(int count) {
    if (world.faults().fires(Fault.EAGAIN_ON_WRITE)) {
      wakeLater(Fault.EAGAIN_ON_WRITE, Ready.WRITABLE);
      return Errno.EAGAIN.result();
    }
    if (count > 1 && world.faults().fires(Fault.PARTIAL_WRITE)) {
      wakeLater(Fault.PARTIAL_WRITE, Ready.WRITABLE);
      return 1 + world.faults().below(Fault.PARTIAL_WRITE, count - 1);
    }
    return count;
  }

  /// The wake-up that a program may rely on after it was turned away.
  private void wakeLater(Fault fault, int key) {
    long delay = 1_000L * (1 + world.faults().below(fault, 1_000));
    world.scheduler().after(delay, () -> wake(key));
  }

  /// SO_ERROR and the failing calls report an error once (T8).
  final int takeError(Errno otherwise) {
    Errno taken = error == null ? otherwise : error;
    error = null;
    return taken.result();
  }

  final int setBuffer(boolean send, int value) {
    Platform platform = world.settings().platform();
    int size = Math.clamp(value, 1, 212_992);
    if (platform.isLinux()) { // twice the value, for the overhead, but not too little: socket(7)
      size = Math.max(2 * size, send ? 4_608 : 2_304);
    }
    if (send) {
      sendBuffer = size;
    } else {
      receiveBuffer = size;
    }
    return 0;
  }

  /// The port, or -1: how the trace names a socket that it meets in the network.
  public final int port() {
    return local instanceof Address.Inet inet ? inet.port() : -1;
  }
}
