package twemlab.exercise.build;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Kernel;

/// As before; a server that fails is left out for a time.
final class Proxy implements Program, Loop.Handler {
  private static final byte[] FAILED = Resp.error("server failed");
  private static final byte[] TIMED_OUT = Resp.error("timed out");
  private static final byte[] NO_SERVER = Resp.error("no server");

  private final Sockets sockets;
  private final Config config;
  private final Loop loop;
  private final int listener;
  private final List<Server> servers = new ArrayList<>();
  private final Set<Client> clients = new LinkedHashSet<>();
  private Ring ring;
  private List<String> onRing = List.of();

  Proxy(Kernel kernel, Config config) {
    this.config = config;
    sockets = new Sockets(kernel);
    loop = new Loop(new PollWaiter(kernel));
    listener = sockets.listen(config.listen());
    if (listener < 0) {
      throw new IllegalStateException("cannot listen on " + config.listen() + ": " + listener);
    }
    config.servers().forEach(address -> servers.add(new Server(address)));
    drawRing();
    loop.watch(listener, this);
  }

  @Override
  public void turn(int waitMillis) {
    loop.turn((int) Math.min(waitMillis, millisToNextDeadline()));
    long now = sockets.nowMillis();
    servers.forEach(each -> each.expire(now));
    drawRing();
  }

  /// The oldest request of each server is the first to be overdue: all have the same time.
  private long millisToNextDeadline() {
    long next = Long.MAX_VALUE;
    for (Server each : servers) {
      for (Request request : each.sent) {
        if (!request.isAnswered()) {
          next = Math.min(next, request.deadline);
          break;
        }
      }
    }
    return Math.max(0, next - sockets.nowMillis());
  }

  /// The ring of those servers that are not left out.
  private void drawRing() {
    long now = sockets.nowMillis();
    List<String> names =
        servers.stream().filter(each -> now >= each.outUntil).map(each -> each.name).toList();
    if (!names.equals(onRing)) {
      onRing = names;
      ring = new Ring(names);
    }
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

  /// The server of a key; null if all are left out.
  private Server serverOf(byte[] key) {
    String owner = ring.owner(key);
    return servers.stream().filter(each -> each.name.equals(owner)).findFirst().orElse(null);
  }

  /// @param server null if there is none
  private static void send(Server server, Request request, byte[] message) {
    if (server == null) {
      request.answer(NO_SERVER);
    } else {
      server.send(request, message);
    }
  }

  private static byte[] key(List<byte[]> words) {
    return words.size() > 1 ? words.get(1) : new byte[0];
  }

  /// A request on its way, and its reply.
  private class Request {
    final Client client;
    byte[] reply;
    private final long deadline = sockets.nowMillis() + config.timeoutMillis();

    Request(Client client) {
      this.client = client;
    }

    boolean isAnswered() {
      return reply != null;
    }

    /// The first answer counts.
    final void answer(byte[] text) {
      if (reply == null) {
        reply = text;
        answered();
      }
    }

    void answered() {
      client.deliver();
    }
  }

  /// A request for several keys: one part for each server, one reply of all.
  private final class Divided extends Request {
    private final byte[][] values;
    private int missing;

    Divided(Client client, int keys) {
      super(client);
      values = new byte[keys][];
      missing = keys;
    }

    void divide(List<byte[]> words) {
      Map<String, List<Integer>> places = new TreeMap<>();
      for (int i = 1; i < words.size(); i++) {
        String owner = ring.owner(words.get(i));
        places.computeIfAbsent(owner == null ? "" : owner, _ -> new ArrayList<>()).add(i);
      }
      for (List<Integer> each : places.values()) {
        List<byte[]> part = new ArrayList<>(List.of(words.getFirst()));
        each.forEach(i -> part.add(words.get(i)));
        send(serverOf(part.get(1)), new Part(this, each), Resp.request(part));
      }
    }

    void part(List<Integer> places, byte[] reply) {
      List<byte[]> found = Resp.elements(reply);
      if (found.size() != places.size()) {
        answer(reply.length > 0 && reply[0] == '-' ? reply : FAILED);
        return;
      }
      for (int i = 0; i < found.size(); i++) {
        values[places.get(i) - 1] = found.get(i);
      }
      missing -= found.size();
      if (missing == 0) {
        answer(Resp.array(Arrays.asList(values)));
      }
    }
  }

  /// What goes to one server of a divided request.
  private final class Part extends Request {
    private final Divided whole;
    private final List<Integer> places;

    Part(Divided whole, List<Integer> places) {
      super(whole.client);
      this.whole = whole;
      this.places = places;
    }

    @Override
    void answered() {
      whole.part(places, reply);
    }
  }

  private final class Client implements Connection.Owner {
    private final Connection connection;
    private final Deque<Request> waiting = new ArrayDeque<>();
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
      List<byte[]> words = Resp.words(request);
      boolean many = words.size() > 2 && Resp.text(words.getFirst()).equals("MGET");
      Request asked = many ? new Divided(this, words.size() - 1) : new Request(this);
      waiting.add(asked);
      if (asked instanceof Divided divided) {
        divided.divide(words);
      } else {
        send(serverOf(key(words)), asked, request);
      }
    }

    /// Sends the replies that are there, up to the first that is missing.
    void deliver() {
      while (!connection.closed() && !waiting.isEmpty() && waiting.getFirst().isAnswered()) {
        connection.send(waiting.remove().reply);
      }
      leaveIfDone();
    }

    @Override
    public void ended() {
      ended = true;
      leaveIfDone();
    }

    private void leaveIfDone() {
      if (ended && waiting.isEmpty() && !connection.closed()) {
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
    private final String name;
    private final Deque<Request> sent = new ArrayDeque<>();
    private Connection connection;
    private int failures;
    private long outUntil;

    Server(Address address) {
      this.address = address;
      name = address.toString();
    }

    /// Requests stand in the order in which they were sent: so do the replies that come.
    void send(Request request, byte[] message) {
      if (connection == null) {
        int fd = sockets.connect(address);
        if (fd < 0) {
          failed();
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
        failures = 0;
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
      if (sent.stream().anyMatch(each -> !each.isAnswered())) {
        failed();
      }
      List<Request> lost = new ArrayList<>(sent);
      sent.clear();
      lost.forEach(each -> each.answer(FAILED));
    }

    /// Tells those who have waited too long. Their requests stay in the queue: a late reply must
    /// find its own place there, and goes nowhere.
    void expire(long now) {
      for (Request each : new ArrayList<>(sent)) {
        if (each.deadline > now) {
          return;
        }
        if (!each.isAnswered()) {
          failed();
          each.answer(TIMED_OUT);
        }
      }
    }

    private void failed() {
      failures++;
      if (failures >= config.failures()) {
        failures = 0;
        outUntil = sockets.nowMillis() + config.retryMillis();
      }
    }

    void close() {
      if (connection != null) {
        connection.close();
      }
    }
  }
}
