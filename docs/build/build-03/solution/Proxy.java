package twemlab.exercise.build;

import twemlab.event.kernel.Kernel;

/// One client at a time and one server: bytes go through, both ways. Nobody looks at them.
final class Proxy implements Program, Loop.Handler {
  private final Sockets sockets;
  private final Config config;
  private final Loop loop;
  private final int listener;

  /// The two ends of what goes through; null when nobody is there.
  private Connection client;

  private Connection server;

  Proxy(Kernel kernel, Config config) {
    this.config = config;
    sockets = new Sockets(kernel);
    loop = new Loop(new PollWaiter(kernel));
    listener = sockets.listen(config.listen());
    if (listener < 0) {
      throw new IllegalStateException("cannot listen on " + config.listen() + ": " + listener);
    }
    loop.watch(listener, this);
  }

  @Override
  public void turn(int waitMillis) {
    loop.turn(waitMillis);
  }

  /// A client: the next one waits in the listener's queue.
  @Override
  public void readable() {
    int fd = sockets.accept(listener);
    if (fd < 0) {
      return;
    }
    int other = sockets.connect(config.servers().getFirst());
    if (other < 0) {
      sockets.close(fd);
      return;
    }
    loop.want(listener, false, false);
    client = new Connection(sockets, loop, fd, false, new ClientSide());
    server = new Connection(sockets, loop, other, true, new ServerSide());
  }

  @Override
  public void writable() {
    throw new IllegalStateException("nobody asked to write to a listener");
  }

  /// One end is gone: the other one goes, when it has got all.
  private void leave() {
    if (client != null && client.closed() && server != null) {
      Connection last = server;
      server = null;
      last.close();
    }
    if (server == null || server.closed()) {
      server = null;
      if (client != null && !client.closed()) {
        client.closeWhenSent();
      }
    }
    if (client != null && client.closed()) {
      client = null;
      loop.want(listener, true, false);
    }
  }

  @Override
  public void close() {
    if (client != null) {
      client.close();
    }
    loop.forget(listener);
    sockets.close(listener);
    loop.close();
  }

  private final class ClientSide implements Connection.Owner {
    @Override
    public void received() {
      if (server != null) {
        server.send(client.take(client.input().length));
      }
    }

    /// It may still wait for a reply: the server is told, and ends when it has answered.
    @Override
    public void ended() {
      if (server != null) {
        server.endWhenSent();
      }
    }

    @Override
    public void closed() {
      leave();
    }
  }

  private final class ServerSide implements Connection.Owner {
    @Override
    public void received() {
      if (client != null) {
        client.send(server.take(server.input().length));
      }
    }

    @Override
    public void ended() {
      server.close();
    }

    @Override
    public void closed() {
      leave();
    }
  }
}
