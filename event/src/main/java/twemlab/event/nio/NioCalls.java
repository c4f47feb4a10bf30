package twemlab.event.nio;

import java.io.Closeable;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.function.Consumer;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.CallCounts;
import twemlab.event.kernel.CallCounts.Call;
import twemlab.event.kernel.Errno;

/// The calls that [NioTransport] makes on java.nio, with the results of the system calls that they
/// stand for (`>= 0` or `-errno`) wherever no object comes out of them. Tests put themselves here.
public class NioCalls {
  private final CallCounts counts;

  /// @param counts where the calls are counted as those of the system that they are
  public NioCalls(CallCounts counts) {
    this.counts = counts;
  }

  public Selector openSelector() throws IOException {
    return Selector.open();
  }

  /// Waits, and hands over each key that is ready. Does not call handlers: the keys may not be
  /// touched before the wait is over.
  ///
  /// @param timeoutMillis -1 waits without limit, 0 does not wait
  public int select(Selector selector, Consumer<SelectionKey> ready, int timeoutMillis) {
    counts.count(Call.WAIT);
    try {
      if (timeoutMillis == 0) {
        return selector.selectNow(ready);
      }
      // Here 0 is the wait without limit.
      return selector.select(ready, Math.max(timeoutMillis, 0));
    } catch (IOException e) {
      return NioErrors.of(e).result();
    }
  }

  /// Changes what a key waits for; the selector passes it to the system with the next wait.
  void interest(SelectionKey key, int operations) {
    counts.count(Call.CONTROL);
    key.interestOps(operations);
  }

  /// Ends a wait, or the next one; for any thread.
  public void wakeup(Selector selector) {
    selector.wakeup();
  }

  /// A socket that does not block.
  ///
  /// @throws UnsupportedOperationException if the system does not know the family
  public SocketChannel open(Address address) throws IOException {
    counts.count(Call.OTHER);
    return nonBlocking(SocketChannel.open(NioAddresses.family(address)));
  }

  /// A listening socket that does not block and is not bound yet.
  public ServerSocketChannel openServer(Address address) throws IOException {
    counts.count(Call.OTHER);
    ServerSocketChannel server = ServerSocketChannel.open(NioAddresses.family(address));
    server.configureBlocking(false);
    return server;
  }

  /// A new connection, or null if there is none.
  public SocketChannel accept(ServerSocketChannel server) throws IOException {
    counts.count(Call.ACCEPT);
    SocketChannel accepted = server.accept();
    return accepted == null ? null : nonBlocking(accepted);
  }

  private static SocketChannel nonBlocking(SocketChannel socket) throws IOException {
    socket.configureBlocking(false);
    return socket;
  }

  /// Begins to connect: 0 when connected at once, else usually `-EINPROGRESS`.
  int connect(SocketChannel socket, SocketAddress address) {
    counts.count(Call.CONNECT);
    try {
      return socket.connect(address) ? 0 : Errno.EINPROGRESS.result();
    } catch (IOException | UnsupportedOperationException e) {
      return NioErrors.of(e).result();
    }
  }

  /// Asks for the outcome of a connect: 0 when connected.
  int finishConnect(SocketChannel socket) {
    counts.count(Call.OTHER);
    try {
      return socket.finishConnect() ? 0 : Errno.EINPROGRESS.result();
    } catch (IOException e) {
      return NioErrors.of(e).result();
    }
  }

  /// Reads once: the bytes read, 0 at the end of the stream.
  public int read(SocketChannel socket, ByteBuffer buffer) {
    counts.count(Call.READ);
    try {
      int result = socket.read(buffer);
      return result == 0 ? Errno.EAGAIN.result() : Math.max(result, 0);
    } catch (IOException e) {
      return NioErrors.of(e).result();
    }
  }

  /// Writes once: the bytes that the system accepted.
  public int write(SocketChannel socket, ByteBuffer buffer) {
    counts.count(Call.WRITE);
    try {
      int result = socket.write(buffer);
      return result == 0 ? Errno.EAGAIN.result() : result;
    } catch (IOException e) {
      return NioErrors.of(e).result();
    }
  }

  /// Ends the stream that is sent.
  int shutdownOutput(SocketChannel socket) {
    counts.count(Call.OTHER);
    try {
      socket.shutdownOutput();
      return 0;
    } catch (IOException e) {
      return NioErrors.of(e).result();
    }
  }

  <T> int option(SocketChannel socket, SocketOption<T> option, T value) {
    counts.count(Call.OTHER);
    try {
      socket.setOption(option, value);
      return 0;
    } catch (IOException e) {
      return NioErrors.of(e).result();
    }
  }

  /// Closes a channel or a selector. A socket's descriptor is closed with the next wait only,
  /// because the selector must let go of it first; until then the peer sees the end of the stream.
  public int close(Closeable channel) {
    counts.count(Call.CLOSE);
    try {
      channel.close();
      return 0;
    } catch (IOException e) {
      // The descriptor is gone all the same.
      return NioErrors.of(e).result();
    }
  }
}
