package twemlab.exercise.build;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Kernel;

/// Sends back what it receives, to all at once.
final class Echo implements Program, Loop.Handler {
  private final Sockets sockets;
  private final Loop loop;
  private final int listener;
  private final Set<Client> clients = new LinkedHashSet<>();

  Echo(Kernel kernel, Address address) {
    sockets = new Sockets(kernel);
    loop = new Loop(new PollWaiter(kernel));
    listener = sockets.listen(address);
    if (listener < 0) {
      throw new IllegalStateException("cannot listen on " + address + ": " + listener);
    }
    loop.watch(listener, this);
  }

  @Override
  public void turn(int waitMillis) {
    loop.turn(waitMillis);
  }

  @Override
  public void readable() {
    int fd = sockets.accept(listener);
    if (fd >= 0) {
      clients.add(new Client(fd));
    }
  }

  @Override
  public void writable() {
    throw new IllegalStateException("nobody asked to write to a listener");
  }

  @Override
  public void close() {
    List<Client> all = new ArrayList<>(clients);
    all.forEach(each -> each.connection.close());
    loop.forget(listener);
    sockets.close(listener);
    loop.close();
  }

  private final class Client implements Connection.Owner {
    private final Connection connection;

    Client(int fd) {
      connection = new Connection(sockets, loop, fd, false, this);
    }

    @Override
    public void received() {
      connection.send(connection.take(connection.input().length));
    }

    @Override
    public void ended() {
      connection.closeWhenSent();
    }

    @Override
    public void closed() {
      clients.remove(this);
    }
  }
}
