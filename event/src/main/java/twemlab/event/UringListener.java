package twemlab.event;

import static twemlab.event.kernel.UringCalls.CQE_MORE;

import java.util.Arrays;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.Platform;
import twemlab.event.kernel.SocketCalls;

/// A listening socket under io_uring: one multishot accept, a completion for each connection.
final class UringListener implements UringEntry, Transport.Listener {
  /// Taken in one turn at most, so that a rush of clients does not starve those that are here.
  private static final int ACCEPTS_PER_TURN = 64;

  private static final long STARVED_RETRY_NANOS = 100_000_000;

  private final UringTransport transport;
  private final SocketCalls sockets;
  private final Transport.ListenOptions options;
  private final Transport.Acceptor acceptor;
  private final Address address;
  private final int fd;
  private final TimerWheel.Timer retry = new TimerWheel.Timer(_ -> feed());

  /// Connections that the kernel accepted and that nobody has welcomed: during a pause, or beyond
  /// the limit of a turn.
  private int[] waiting = new int[8];

  private int waitingCount;
  private long handle;

  /// A request is in the kernel; told to end, it may still bring connections.
  private boolean accepting;

  private boolean cancelled;
  private boolean onRearmList;
  private boolean paused;
  private boolean starved;
  private boolean closed;
  private long turn;
  private int acceptedInTurn;

  UringListener(
      UringTransport transport,
      ListenSocket socket,
      Transport.ListenOptions options,
      Transport.Acceptor acceptor) {
    this.transport = transport;
    this.sockets = transport.sockets();
    this.options = options;
    this.acceptor = acceptor;
    this.address = socket.address();
    this.fd = socket.descriptor();
  }

  void registered(long newHandle) {
    handle = newHandle;
    accept();
  }

  private void accept() {
    if (!accepting && !paused && !starved && !closed) {
      accepting = true;
      transport.accept(fd, handle);
    }
  }

  private void stop() {
    if (accepting && !cancelled) {
      cancelled = true;
      transport.cancel(handle, UringTransport.ACCEPT);
    }
  }

  @Override
  public Address address() {
    return address;
  }

  @Override
  public void complete(int operation, int result, int flags) {
    if ((flags & CQE_MORE) == 0) {
      accepting = false;
      cancelled = false;
    }
    if (result >= 0) {
      if (closed) {
        sockets.close(result);
      } else if (paused || waitingCount > 0 || !withinTurn()) {
        keep(result);
      } else {
        welcome(result);
      }
    } else {
      failed(Errno.of(result));
    }
    if (!closed) {
      accept();
    } else if (!accepting) {
      transport.free(handle);
    }
  }

  private boolean withinTurn() {
    if (turn != transport.turn()) {
      turn = transport.turn();
      acceptedInTurn = 0;
    }
    return ++acceptedInTurn <= ACCEPTS_PER_TURN;
  }

  private void keep(int accepted) {
    if (waitingCount == waiting.length) {
      waiting = Arrays.copyOf(waiting, waitingCount * 2);
    }
    waiting[waitingCount++] = accepted;
    rearm();
  }

  private void rearm() {
    if (!paused && !onRearmList) {
      onRearmList = true;
      transport.rearm(this);
    }
  }

  @Override
  public void onRearmed() {
    onRearmList = false;
    while (waitingCount > 0 && !paused && !closed && withinTurn()) {
      int accepted = waiting[0];
      System.arraycopy(waiting, 1, waiting, 0, --waitingCount);
      welcome(accepted);
    }
    if (waitingCount > 0) {
      rearm();
    }
  }

  private void welcome(int accepted) {
    if (address instanceof Address.Inet) {
      Platform platform = transport.platform();
      sockets.setsockopt(accepted, Platform.IPPROTO_TCP, Platform.TCP_NODELAY, 1);
      if (options.keepAlive()) {
        sockets.setsockopt(accepted, platform.solSocket(), platform.soKeepAlive(), 1);
      }
    }
    transport.adopt(accepted, acceptor);
  }

  private void failed(Errno errno) {
    switch (errno) {
      case EAGAIN, EINTR, ECANCELED -> {}
      case EBADF, EFAULT, EINVAL, ENOTSOCK ->
          throw new IllegalStateException("accept on " + address + ": " + errno.text());
      case EMFILE, ENFILE, ENOBUFS, ENOMEM -> starve();
      // The connection vanished, or its network failed: accept(2), "Error handling".
      default -> transport.counts().acceptsSkipped++;
    }
  }

  /// No descriptor is left: asking again at once would answer the same. It rests until a descriptor
  /// is closed, or for a while.
  private void starve() {
    if (closed) {
      return;
    }
    transport.counts().acceptsStarved++;
    if (!starved) {
      starved = true;
      transport.starving(this);
    }
    transport.timers().schedule(retry, transport.timeNow() + STARVED_RETRY_NANOS);
  }

  /// Tries again.
  void feed() {
    if (starved && !closed) {
      starved = false;
      transport.timers().cancel(retry);
      transport.fed(this);
      accept();
    }
  }

  @Override
  public void pause() {
    if (!paused && !closed) {
      paused = true;
      stop();
    }
  }

  @Override
  public void resume() {
    if (paused && !closed) {
      paused = false;
      if (waitingCount > 0) {
        rearm();
      }
      accept();
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
    stop();
    for (int i = 0; i < waitingCount; i++) {
      sockets.close(waiting[i]);
    }
    waitingCount = 0;
    transport.closeDescriptor(fd);
    transport.closedOne();
    if (!accepting) {
      transport.free(handle);
    }
  }
}
