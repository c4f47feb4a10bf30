package twemlab.exercise.build;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Kernel;

/// Many clients over one connection to one server: replies come in the order of the requests.
final class Proxy implements Program, Loop.Handler {
  private static final byte[] FAILED = Resp.error("server failed");

  private final Sockets sockets;
  private final Loop loop;
  private final int listener;
  private final List<Server> servers = new ArrayList<>();
  private final Set<Client> clients = new LinkedHashSet<>();

  Proxy(Kernel kernel, Config config) {
    sockets = new Sockets(kernel);
    loop = new Loop(new PollWaiter(kernel));
    listener = sockets.listen(config.listen());
    if (listener < 0) {
      throw new IllegalStateException("cannot listen on " + config.listen() + ": " + listener);
    }
    config.servers().forEach(address -> servers.add(new Server(address)));
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
    new ArrayList<>(clients).forEach(each -> each.connection.close());
    servers.forEach(Server::close);
    loop.forget(listener);
    sockets.close(listener);
    loop.close();
  }

  private Server serverOf(byte[] request) {
    return servers.getFirst();
  }

  /// A request on its way, and its reply.
  private record Request(Client client) {
    void answer(byte[] reply) {
      if (!client.connection.closed()) {
        client.answered(reply);
      }
    }
  }

  private final class Client implements Connection.Owner {
    private final Connection connection;
    private int waiting;
    private boolean ended;

    Client(int fd) {
      connection = new Connection(sockets, loop, fd, false, this);
    }

    @Override
    public void received() {
      while (!connection.closed()) {
        byte[] input = connection.input();
        int end = Resp.end(input, 0, input.length);
        if (end == Resp.WRONG) {
          connection.close();
        }
        if (end <= 0) {
          return;
        }
        forward(connection.take(end));
      }
    }

    private void forward(byte[] request) {
      waiting++;
      serverOf(request).send(new Request(this), request);
    }

    void answered(byte[] reply) {
      waiting--;
      connection.send(reply);
      leaveIfDone();
    }

    @Override
    public void ended() {
      ended = true;
      leaveIfDone();
    }

    private void leaveIfDone() {
      if (ended && waiting == 0 && !connection.closed()) {
        connection.closeWhenSent();
      }
    }

    @Override
    public void closed() {
      clients.remove(this);
    }
  }

  private final class Server implements Connection.Owner {
    private final Address address;
    private final Deque<Request> sent = new ArrayDeque<>();
    private Connection connection;

    Server(Address address) {
      this.address = address;
    }

    /// Requests stand in the order in which they were sent: so do the replies that come.
    void send(Request request, byte[] message) {
      if (connection == null) {
        int fd = sockets.connect(address);
        if (fd < 0) {
          request.answer(FAILED);
          return;
        }
        connection = new Connection(sockets, loop, fd, true, this);
      }
      sent.add(request);
      connection.send(message);
    }

    @Override
    public void received() {
      while (connection != null) {
        byte[] input = connection.input();
        int end = Resp.end(input, 0, input.length);
        if (end == Resp.WRONG || (end > 0 && sent.isEmpty())) {
          connection.close(); // it says what nobody asked
          return;
        }
        if (end <= 0) {
          return;
        }
        sent.remove().answer(connection.take(end));
      }
    }

    @Override
    public void ended() {
      connection.close();
    }

    @Override
    public void closed() {
      connection = null;
      List<Request> lost = new ArrayList<>(sent);
      sent.clear();
      lost.forEach(each -> each.answer(FAILED));
    }

    void close() {
      if (connection != null) {
        connection.close();
      }
    }
  }
}
