package twemlab.event.uring;

import static twemlab.event.kernel.UringCalls.CQE_MORE;

import java.util.Arrays;
import twemlab.event.Transport;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.SocketCalls;
import twemlab.event.stream.ListenSocket;
import twemlab.event.stream.StreamListener;

/// A listening socket under io_uring: one multishot accept, a completion for each connection.
final class UringListener extends StreamListener implements UringEntry {
  private final UringTransport transport;
  private final SocketCalls sockets;
  private final ListenSocket socket;
  private final Transport.ListenOptions options;
  private final Transport.Acceptor acceptor;
  private final UringRequest accept;

  /// Connections that the kernel accepted and that nobody has welcomed: during a pause, or beyond
  /// the limit of a turn.
  private int[] waiting = new int[8];

  private int waitingCount;
  private long handle;
  private long turn;
  private int acceptedInTurn;

  UringListener(
      UringTransport transport,
      ListenSocket socket,
      Transport.ListenOptions options,
      Transport.Acceptor acceptor) {
    super(transport.context(), socket.address());
    this.transport = transport;
    this.sockets = transport.sockets();
    this.socket = socket;
    this.options = options;
    this.acceptor = acceptor;
    this.accept = new UringRequest(transport.submissions(), UringSubmissions.ACCEPT);
  }

  void registered(long newHandle) {
    handle = newHandle;
    accept();
  }

  private void accept() {
    if (isFinishing()) {
      if (!accept.armed() && !isClosed()) {
        rearm();
      }
    } else if (!accept.armed() && mayAccept()) {
      accept.arm();
      transport.submissions().accept(socket.descriptor(), handle);
    }
  }

  @Override
  public void start() {
    if (waitingCount > 0) {
      rearm();
    }
    accept();
  }

  @Override
  public void stop() {
    accept.cancel(handle);
  }

  @Override
  public void complete(int operation, int result, int flags) {
    accept.completed((flags & CQE_MORE) != 0);
    if (result >= 0) {
      if (isClosed()) {
        sockets.close(result);
      } else if (isPaused() || waitingCount > 0 || !withinTurn()) {
        keep(result);
      } else {
        welcome(result);
      }
    } else if (result != Errno.ECANCELED.result()) {
      goOn(Errno.of(result));
    }
    if (!isClosed()) {
      accept();
    } else if (!accept.armed()) {
      transport.free(handle);
    }
  }

  /// The accept that is armed has no completion when no connection waits: the last ones are
  /// accepted by calls.
  @Override
  public void startFinishing() {
    accept.cancel(handle);
    accept();
  }

  private void acceptTheLast() {
    while (!isClosed() && withinTurn()) {
      int result = sockets.accept(socket.descriptor());
      if (result >= 0) {
        welcome(result);
      }
      if (result < 0 ? !goOn(Errno.of(result)) : !acceptedOne()) {
        endFinishing();
        return;
      }
    }
    rearm();
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

  @Override
  public void acceptMore() {
    while (waitingCount > 0 && !isPaused() && !isClosed() && withinTurn()) {
      int accepted = waiting[0];
      System.arraycopy(waiting, 1, waiting, 0, --waitingCount);
      welcome(accepted);
    }
    if (waitingCount > 0) {
      rearm();
    } else if (isFinishing() && !accept.armed()) {
      acceptTheLast();
    }
  }

  private void welcome(int accepted) {
    socket.prepare(transport.kernel(), accepted, options);
    new UringChannel(transport, null).accepted(accepted, acceptor);
  }

  @Override
  public void letGo() {
    stop();
    for (int i = 0; i < waitingCount; i++) {
      sockets.close(waiting[i]);
    }
    waitingCount = 0;
    socket.removeFile();
    transport.submissions().closeDescriptor(socket.descriptor());
    transport.closedOne();
    if (!accept.armed()) {
      transport.free(handle);
    }
  }
}
