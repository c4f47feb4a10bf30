package twemlab.event.readiness;

import twemlab.event.Transport;
import twemlab.event.base.EventBase;
import twemlab.event.kernel.SocketCalls;
import twemlab.event.stream.ListenSocket;
import twemlab.event.stream.ReadinessEntry;

/// A listening socket behind the [twemlab.event.kernel.Kernel] seam, watched by an [EventBase].
final class KernelListenSocket implements ReadyListenSocket {
  private final ReadinessTransport transport;
  private final SocketCalls sockets;
  private final EventBase base;
  private final ListenSocket socket;
  private final Transport.ListenOptions options;
  private final Transport.Acceptor acceptor;
  private long handle;

  KernelListenSocket(
      ReadinessTransport transport,
      ListenSocket socket,
      Transport.ListenOptions options,
      Transport.Acceptor acceptor) {
    this.transport = transport;
    this.sockets = transport.sockets();
    this.base = transport.base();
    this.socket = socket;
    this.options = options;
    this.acceptor = acceptor;
  }

  /// Has it watched.
  ///
  /// @return `>= 0`, or why it cannot be; it is closed then
  int watch(ReadinessEntry listener) {
    handle = transport.table().add(listener);
    int result = base.addConnection(socket.descriptor(), handle);
    if (result < 0) {
      transport.table().remove(handle);
      sockets.close(socket.descriptor());
    }
    return result;
  }

  @Override
  public int acceptOne() {
    int accepted = sockets.accept(socket.descriptor());
    if (accepted < 0) {
      return accepted;
    }
    if (accepted >= base.descriptorLimit()) {
      transport.counts().acceptsSkipped++;
      sockets.close(accepted);
    } else {
      socket.prepare(transport.kernel(), accepted, options);
      transport.adopt(accepted, acceptor);
    }
    return 0;
  }

  @Override
  public void ask(boolean wanted) {
    if (wanted) {
      base.addIn(socket.descriptor(), handle);
    } else {
      base.deleteIn(socket.descriptor(), handle);
    }
  }

  @Override
  public void close() {
    socket.removeFile();
    base.deleteConnection(socket.descriptor(), handle);
    transport.table().remove(handle);
    sockets.close(socket.descriptor());
  }
}
