package twemlab.event.nio;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import twemlab.event.Transport;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.Kernel;
import twemlab.event.readiness.ReadyListenSocket;
import twemlab.event.stream.ReadinessEntry;
import twemlab.event.stream.UnixSocketFile;

/// A listening channel of java.nio, watched by a selector; C counterpart `proxy_listen`
/// (nc_proxy.c).
final class NioListenSocket implements ReadyListenSocket {
  private final NioTransport transport;
  private final NioCalls calls;
  private final Transport.ListenOptions options;
  private final Transport.Acceptor acceptor;
  private final Address address;
  private final ServerSocketChannel server;

  /// The name of a unix socket; null for others.
  private final UnixSocketFile file;

  private final SelectionKey key;
  private long handle;

  private NioListenSocket(
      NioTransport transport,
      ServerSocketChannel server,
      UnixSocketFile file,
      Address address,
      Transport.ListenOptions options,
      Transport.Acceptor acceptor)
      throws IOException {
    this.transport = transport;
    this.calls = transport.calls();
    this.server = server;
    this.file = file;
    this.address = NioAddresses.bound(server.getLocalAddress(), address);
    this.options = options;
    this.acceptor = acceptor;
    this.key = server.register(transport.selector(), SelectionKey.OP_ACCEPT);
  }

  /// Listens, as [Transport#listen] says.
  static NioListenSocket open(
      NioTransport transport,
      Kernel kernel,
      Address address,
      Transport.ListenOptions options,
      Transport.Acceptor acceptor)
      throws Transport.ListenException {
    ServerSocketChannel server;
    try {
      server = transport.calls().openServer(address);
    } catch (IOException | UnsupportedOperationException e) {
      throw new Transport.ListenException("socket", address, NioErrors.of(e));
    }
    try {
      UnixSocketFile file = bind(kernel, server, address, options);
      return new NioListenSocket(transport, server, file, address, options, acceptor);
    } catch (IOException | UnsupportedOperationException e) {
      transport.calls().close(server);
      throw new Transport.ListenException("bind", address, NioErrors.of(e));
    } catch (Transport.ListenException e) {
      transport.calls().close(server);
      throw e;
    }
  }

  private static UnixSocketFile bind(
      Kernel kernel, ServerSocketChannel server, Address address, Transport.ListenOptions options)
      throws IOException, Transport.ListenException {
    // The library takes less than 1 for its own default.
    int backlog = Math.max(options.backlog(), 1);
    if (!(address instanceof Address.Unix unix)) {
      server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      if (options.reusePort()) {
        server.setOption(StandardSocketOptions.SO_REUSEPORT, true);
      }
      server.bind(NioAddresses.of(address), backlog);
      return null;
    }
    if (!unix.fits(kernel.platform())) {
      throw new Transport.ListenException("bind", address, Errno.ENAMETOOLONG);
    }
    UnixSocketFile.makeRoom(kernel.sockets(), unix);
    server.bind(NioAddresses.of(unix), backlog);
    UnixSocketFile file = UnixSocketFile.made(kernel.sockets(), unix);
    if (options.mode() > 0) {
      int result = kernel.sockets().chmod(unix.path(), options.mode());
      if (result < 0) {
        throw new Transport.ListenException("chmod", address, Errno.of(result));
      }
    }
    return file;
  }

  /// The address that is listened on.
  Address address() {
    return address;
  }

  /// Has its events go to a listener.
  void watch(ReadinessEntry listener) {
    key.attach(listener);
    handle = transport.table().add(listener);
  }

  @Override
  public int acceptOne() {
    SocketChannel accepted;
    try {
      accepted = calls.accept(server);
    } catch (IOException e) {
      return NioErrors.of(e).result();
    }
    if (accepted == null) {
      return Errno.EAGAIN.result();
    }
    if (address instanceof Address.Inet) {
      calls.option(accepted, StandardSocketOptions.TCP_NODELAY, true);
      if (options.keepAlive()) {
        calls.option(accepted, StandardSocketOptions.SO_KEEPALIVE, true);
      }
    }
    transport.adopt(accepted, acceptor);
    return 0;
  }

  @Override
  public void ask(boolean wanted) {
    calls.interest(key, wanted ? SelectionKey.OP_ACCEPT : 0);
  }

  @Override
  public void close() {
    if (file != null) {
      file.remove();
    }
    transport.table().remove(handle);
    calls.close(server);
  }
}
