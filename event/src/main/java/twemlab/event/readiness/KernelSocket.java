package twemlab.event.readiness;

import java.lang.foreign.MemorySegment;
import twemlab.event.base.EventBase;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.Platform;
import twemlab.event.kernel.SocketCalls;
import twemlab.event.mbuf.Mbuf;
import twemlab.event.stream.ConnectSocket;
import twemlab.event.stream.ReadinessEntry;
import twemlab.event.stream.SendQueue;

/// A socket behind the [twemlab.event.kernel.Kernel] seam, watched by an [EventBase]; the calls of
/// `conn_recv` and `conn_sendv` (nc_connection.c).
final class KernelSocket implements ReadySocket {
  private final ReadinessTransport transport;
  private final SocketCalls sockets;
  private final EventBase base;
  private final MemorySegment scratch;
  private int fd;
  private long handle;

  /// The table knows it: its handle is good.
  private boolean listed;

  /// The event base reports it.
  private boolean watched;

  /// @param descriptor of an accepted connection, or -1
  KernelSocket(ReadinessTransport transport, int descriptor) {
    this.transport = transport;
    this.sockets = transport.sockets();
    this.base = transport.base();
    this.scratch = transport.scratch();
    this.fd = descriptor;
  }

  @Override
  public int connect(Address address, ReadinessEntry entry) {
    var begun = ConnectSocket.open(transport.kernel(), scratch, address, base.descriptorLimit());
    fd = begun.descriptor();
    if (begun.failure() != null) {
      close();
      return begun.failure().result();
    }
    // tag::watch-after[]
    // Watched only now: a socket that was never connected reports a hang-up (rule T2).
    int watching = watch(entry);
    if (watching < 0) {
      return watching;
    }
    if (begun.connected()) {
      return 0;
    }
    askWrite(true);
    return Errno.EINPROGRESS.result();
    // end::watch-after[]
  }

  @Override
  public int watch(ReadinessEntry entry) {
    handle = transport.table().add(entry);
    listed = true;
    int result = watchAgain();
    if (result < 0) {
      close();
    }
    return result;
  }

  @Override
  public int watchAgain() {
    int result = base.addConnection(fd, handle);
    watched = result >= 0;
    return result;
  }

  @Override
  public void unwatch() {
    if (watched) {
      watched = false;
      base.deleteConnection(fd, handle);
    }
  }

  @Override
  public boolean watched() {
    return watched;
  }

  @Override
  public void askRead(boolean wanted) {
    if (watched && wanted) {
      base.addIn(fd, handle);
    } else if (watched) {
      base.deleteIn(fd, handle);
    }
  }

  @Override
  public void askWrite(boolean wanted) {
    if (wanted) {
      base.addOut(fd, handle);
    } else {
      base.deleteOut(fd, handle);
    }
  }

  @Override
  public int finishConnect() {
    return error();
  }

  @Override
  public int error() {
    Platform platform = transport.platform();
    return -sockets.getsockopt(fd, platform.solSocket(), platform.soError());
  }

  @Override
  public int read(Mbuf mbuf, int limit) {
    return sockets.read(fd, mbuf.segment(), mbuf.base() + mbuf.last(), limit);
  }

  @Override
  public int offered(SendQueue queue, int most) {
    return queue.offered(ReadinessTransport.IOVEC_LIMIT, most);
  }

  @Override
  public int write(SendQueue queue, int most) {
    return queue.write(sockets, fd, scratch, ReadinessTransport.IOVEC_LIMIT, most);
  }

  @Override
  public void shutdownWrite() {
    // It fails only on a connection that is reset, which the event base reports.
    sockets.shutdown(fd, Platform.SHUT_WR);
  }

  @Override
  public void close() {
    unwatch();
    if (listed) {
      listed = false;
      transport.table().remove(handle);
    }
    if (fd >= 0) {
      sockets.close(fd);
      fd = -1;
      transport.descriptorClosed();
    }
  }

  @Override
  public int descriptor() {
    return fd;
  }
}
