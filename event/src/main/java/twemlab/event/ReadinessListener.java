package twemlab.event;

import twemlab.event.kernel.Address;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.Platform;
import twemlab.event.kernel.SocketCalls;

/// A listening socket under readiness; C counterpart `proxy_accept` (nc_proxy.c).
final class ReadinessListener implements ReadinessEntry, Transport.Listener {
  /// Accepted in one turn at most, so that a rush of clients does not starve those that are here.
  private static final int ACCEPTS_PER_TURN = 64;

  private static final long STARVED_RETRY_NANOS = 100_000_000;

  private final ReadinessTransport transport;
  private final SocketCalls sockets;
  private final Transport.ListenOptions options;
  private final Transport.Acceptor acceptor;
  private final Address address;
  private final int fd;
  private final TimerWheel.Timer retry = new TimerWheel.Timer(_ -> feed());
  private long handle;
  private boolean onRearmList;
  private boolean paused;
  private boolean starved;
  private boolean closed;

  ReadinessListener(
      ReadinessTransport transport,
      Address address,
      int fd,
      Transport.ListenOptions options,
      Transport.Acceptor acceptor) {
    this.transport = transport;
    this.sockets = transport.sockets();
    this.address = address;
    this.fd = fd;
    this.options = options;
    this.acceptor = acceptor;
  }

  void registered(long newHandle) {
    handle = newHandle;
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
  public void onReady(int events) {
    // On the re-arm list its turn is still to come: one listener accepts once in a turn.
    if (!onRearmList) {
      acceptSome();
    }
  }

  private void acceptSome() {
    for (int i = 0; i < ACCEPTS_PER_TURN && !closed && !paused; i++) {
      int accepted = sockets.accept(fd);
      if (accepted >= 0) {
        welcome(accepted);
      } else if (!goOn(Errno.of(accepted))) {
        return;
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

  private void welcome(int accepted) {
    if (accepted >= transport.base().descriptorLimit()) {
      transport.counts().acceptsSkipped++;
      sockets.close(accepted);
      return;
    }
    if (address instanceof Address.Inet) {
      Platform platform = transport.platform();
      sockets.setsockopt(accepted, Platform.IPPROTO_TCP, Platform.TCP_NODELAY, 1);
      if (options.keepAlive()) {
        sockets.setsockopt(accepted, platform.solSocket(), platform.soKeepAlive(), 1);
      }
    }
    transport.adopt(accepted, acceptor);
  }

  /// Whether to accept again at once after an error.
  private boolean goOn(Errno errno) {
    return switch (errno) {
      case EAGAIN -> false;
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

  /// No descriptor is left: a level-triggered base would report the listener for ever, an edge-
  /// triggered one never again. It rests until a descriptor is closed, or for a while.
  private void starve() {
    transport.counts().acceptsStarved++;
    if (!starved) {
      starved = true;
      transport.base().deleteIn(fd, handle);
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
      transport.base().addIn(fd, handle);
      rearm();
    }
  }

  @Override
  public void pause() {
    if (!paused && !closed) {
      paused = true;
      transport.base().deleteIn(fd, handle);
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
    transport.base().deleteConnection(fd, handle);
    transport.table().remove(handle);
    sockets.close(fd);
  }
}
