package twemlab.event.nio;

import static java.nio.channels.SelectionKey.OP_CONNECT;
import static java.nio.channels.SelectionKey.OP_READ;
import static java.nio.channels.SelectionKey.OP_WRITE;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Errno;
import twemlab.event.mbuf.Mbuf;
import twemlab.event.readiness.ReadySocket;
import twemlab.event.stream.ReadinessEntry;
import twemlab.event.stream.SendQueue;

/// A socket of java.nio, watched by a selector, which reports readiness and nothing else.
///
/// What the selector is asked for follows from the state alone ([#interest]), and is passed to it
/// only when it changes.
public final class NioSocket implements ReadySocket {
  private final NioTransport transport;
  private final NioCalls calls;
  private SocketChannel socket;

  /// Null until the selector knows the socket; then the table knows the channel, too.
  private SelectionKey key;

  private long handle;

  /// What the selector was last asked for.
  private int asked;

  private boolean watched;
  private boolean connecting;
  private boolean readWanted = true;
  private boolean writeWanted;

  /// @param accepted a connection, or null
  NioSocket(NioTransport transport, SocketChannel accepted) {
    this.transport = transport;
    this.calls = transport.calls();
    this.socket = accepted;
  }

  @Override
  public int connect(Address address, ReadinessEntry entry) {
    int result = begin(address);
    if (result != 0 && result != Errno.EINPROGRESS.result() && result != Errno.EINTR.result()) {
      close();
      return result;
    }
    connecting = result != 0;
    int watching = watch(entry);
    return watching < 0 ? watching : connecting ? Errno.EINPROGRESS.result() : 0;
  }

  private int begin(Address address) {
    if (!address.fits(transport.platform())) {
      return Errno.ENAMETOOLONG.result();
    }
    try {
      socket = calls.open(address);
    } catch (IOException | UnsupportedOperationException e) {
      return NioErrors.of(e).result();
    }
    if (address instanceof Address.Inet) {
      calls.option(socket, StandardSocketOptions.TCP_NODELAY, true);
    }
    return calls.connect(socket, NioAddresses.of(address));
  }

  @Override
  public int watch(ReadinessEntry entry) {
    try {
      watched = true;
      asked = interest();
      key = socket.register(transport.selector(), asked, entry);
    } catch (IOException e) {
      close();
      return NioErrors.of(e).result();
    }
    handle = transport.table().add(entry);
    return 0;
  }

  private int interest() {
    if (!watched || connecting) {
      return watched ? OP_CONNECT : 0;
    }
    return (readWanted ? OP_READ : 0) | (writeWanted ? OP_WRITE : 0);
  }

  /// Tells the selector when what it is to report has changed.
  private void ask() {
    int wanted = interest();
    if (wanted != asked && key != null) {
      asked = wanted;
      calls.interest(key, wanted);
    }
  }

  @Override
  public int watchAgain() {
    watched = true;
    readWanted = true;
    ask();
    return 0;
  }

  @Override
  public void unwatch() {
    watched = false;
    ask();
  }

  @Override
  public boolean watched() {
    return watched;
  }

  @Override
  public void askRead(boolean wanted) {
    readWanted = wanted;
    ask();
  }

  @Override
  public void askWrite(boolean wanted) {
    writeWanted = wanted;
    ask();
  }

  @Override
  public int finishConnect() {
    int result = calls.finishConnect(socket);
    connecting = result == Errno.EINPROGRESS.result() || result == Errno.EINTR.result();
    return connecting ? Errno.EINPROGRESS.result() : result;
  }

  /// Errors show with the next read or write.
  @Override
  public int error() {
    return 0;
  }

  @Override
  public int read(Mbuf mbuf, int limit) {
    return calls.read(socket, mbuf.buffer(mbuf.last(), mbuf.last() + limit));
  }

  @Override
  public int offered(SendQueue queue, int most) {
    int limit = queue.count() == 1 ? most : Math.min(most, NioTransport.STAGING_BYTES);
    return (int) Math.min(queue.bytes(), limit);
  }

  @Override
  public int write(SendQueue queue, int most) {
    return calls.write(socket, transport.next(queue, most));
  }

  @Override
  public void shutdownWrite() {
    // It fails only on a connection that is reset, which the next read reports.
    calls.shutdownOutput(socket);
  }

  @Override
  public void close() {
    watched = false;
    if (key != null) {
      key = null;
      transport.table().remove(handle);
    }
    if (socket != null) {
      calls.close(socket);
      socket = null;
      transport.descriptorClosed();
    }
  }

  /// A number of its own while it is open: java.nio hides the descriptor.
  @Override
  public int descriptor() {
    return key == null ? -1 : (int) handle;
  }

  /// SO_SNDBUF and SO_RCVBUF, for tests.
  public void buffers(int bytes) {
    calls.option(socket, StandardSocketOptions.SO_SNDBUF, bytes);
    calls.option(socket, StandardSocketOptions.SO_RCVBUF, bytes);
  }
}
