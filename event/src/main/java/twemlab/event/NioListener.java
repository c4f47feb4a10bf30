package twemlab.event;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.Kernel;

/// A listening channel of java.nio; C counterpart `proxy_listen` and `proxy_accept` (nc_proxy.c).
final class NioListener implements ReadinessEntry, Transport.Listener {
  /// Accepted in one turn at most, so that a rush of clients does not starve those that are here.
  private static final int ACCEPTS_PER_TURN = 64;

  private static final long STARVED_RETRY_NANOS = 100_000_000;

  private final NioTransport transport;
  private final NioCalls calls;
  private final Transport.ListenOptions options;
  private final Transport.Acceptor acceptor;
  private final Address address;
  private final ServerSocketChannel server;
  private final SelectionKey key;
  private final long handle;
  private final TimerWheel.Timer retry = new TimerWheel.Timer(_ -> feed());
  private boolean onRearmList;
  private boolean paused;
  private boolean starved;
  private boolean closed;

  private NioListener(
      NioTransport transport,
      ServerSocketChannel server,
      Address address,
      Transport.ListenOptions options,
      Transport.Acceptor acceptor)
      throws IOException {
    this.transport = transport;
    this.calls = transport.calls();
    this.server = server;
    this.address = NioAddresses.bound(server.getLocalAddress(), address);
    this.options = options;
    this.acceptor = acceptor;
    this.key = server.register(transport.selector(), SelectionKey.OP_ACCEPT);
    this.handle = transport.table().add(this);
  }

  /// Listens; a unix path is unlinked first.
  static NioListener open(
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
      bind(kernel, server, address, options);
      var listener = new NioListener(transport, server, address, options, acceptor);
      listener.key.attach(listener);
      return listener;
    } catch (IOException | UnsupportedOperationException e) {
      transport.calls().close(server);
      throw new Transport.ListenException("bind", address, NioErrors.of(e));
    } catch (Transport.ListenException e) {
      transport.calls().close(server);
      throw e;
    }
  }

  private static void bind(
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
      return;
    }
    if (!unix.fits(kernel.platform())) {
      throw new Transport.ListenException("bind", address, Errno.ENAMETOOLONG);
    }
    kernel.sockets().unlink(unix.path());
    server.bind(NioAddresses.of(unix), backlog);
    if (options.mode() > 0) {
      int result = kernel.sockets().chmod(unix.path(), options.mode());
      if (result < 0) {
        throw new Transport.ListenException("chmod", address, Errno.of(result));
      }
    }
  }

  @Override
  public Address address() {
    return address;
  }

  @Override
  public void onRearmed() {
    onRearmList = false;
    acceptSome();
  }

  @Override
  public void onReady(int operations) {
    // On the re-arm list its turn is still to come: one listener accepts once in a turn.
    if (!onRearmList) {
      acceptSome();
    }
  }

  private void acceptSome() {
    for (int i = 0; i < ACCEPTS_PER_TURN && !closed && !paused; i++) {
      try {
        SocketChannel accepted = calls.accept(server);
        if (accepted == null) {
          return;
        }
        welcome(accepted);
      } catch (IOException e) {
        if (!goOn(NioErrors.of(e))) {
          return;
        }
      }
    }
    rearm();
  }

  private void rearm() {
    if (!closed && !paused && !onRearmList) {
      onRearmList = true;
      transport.rearm(this);
    }
  }

  private void welcome(SocketChannel accepted) {
    if (address instanceof Address.Inet) {
      calls.option(accepted, StandardSocketOptions.TCP_NODELAY, true);
      if (options.keepAlive()) {
        calls.option(accepted, StandardSocketOptions.SO_KEEPALIVE, true);
      }
    }
    transport.adopt(accepted, acceptor);
  }

  /// Whether to accept again at once after an error.
  private boolean goOn(Errno errno) {
    return switch (errno) {
      case EINTR -> true;
      case EBADF, EFAULT, EINVAL, ENOTSOCK ->
          throw new IllegalStateException("accept on " + address + ": " + errno.text());
      case EMFILE, ENFILE, ENOBUFS, ENOMEM -> {
        starve();
        yield false;
      }
      default -> {
        // The connection vanished, or its network failed: accept(2), "Error handling".
        transport.counts().acceptsSkipped++;
        yield true;
      }
    };
  }

  /// No descriptor is left, and the selector would report the listener for ever. It rests until a
  /// descriptor is closed, or for a while.
  private void starve() {
    transport.counts().acceptsStarved++;
    if (!starved) {
      starved = true;
      calls.interest(key, 0);
      transport.starving(this);
    }
    transport.timers().schedule(retry, transport.timeNow() + STARVED_RETRY_NANOS);
  }

  /// Tries again in the next turn.
  void feed() {
    if (starved && !closed) {
      starved = false;
      transport.timers().cancel(retry);
      transport.fed(this);
      listenAgain();
    }
  }

  private void listenAgain() {
    if (!paused && !starved) {
      calls.interest(key, SelectionKey.OP_ACCEPT);
      rearm();
    }
  }

  @Override
  public void pause() {
    if (!paused && !closed) {
      paused = true;
      calls.interest(key, 0);
    }
  }

  @Override
  public void resume() {
    if (paused && !closed) {
      paused = false;
      listenAgain();
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    transport.timers().cancel(retry);
    transport.fed(this);
    transport.table().remove(handle);
    calls.close(server);
  }
}
